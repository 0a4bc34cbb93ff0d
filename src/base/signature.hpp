// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace base {

// Checks a signature under a public key in PEM form ("BEGIN PUBLIC KEY"), as Cosign makes them: ECDSA over P-256 with
// SHA-256 (DER form), RSA of 2048 to 8192 bits with PKCS #1 v1.5 and SHA-256, Ed25519. Kind::denied: not signed by that key;
// Kind::invalid_input: the key cannot be read; Kind::unsupported: a key of another sort.
Result<void> verify_signature(std::string_view public_key_pem, std::string_view data, std::string_view signature);

}  // namespace base
