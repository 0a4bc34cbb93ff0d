// SPDX-License-Identifier: Apache-2.0
// OpenSSL keys as base's own files share them.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace base {

struct EvpKeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using EvpKey = std::unique_ptr<EVP_PKEY, EvpKeyFree>;

enum class KeySort { other, rsa, p256, ed25519 };

// The sort of a key that signatures are taken from; RSA below 2048 and over 8192 bits is `other`.
KeySort sort_of(EVP_PKEY* key);

// The public key of a JSON Web Key (RFC 7517, RFC 7518 section 6): RSA, or EC over P-256. Nothing for others.
EvpKey key_of_jwk(const Json& jwk);

// With SHA-256, of Ed25519 none; ECDSA signatures in DER form.
bool is_signed_by(EVP_PKEY* key, std::string_view data, std::string_view signature);

// Base64url as RFC 7515 section 2 wants it: no padding, nothing else between, one spelling alone. Nothing
// where it is not.
std::optional<std::string> strict_base64url(std::string_view text);

}  // namespace base
