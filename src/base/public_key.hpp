// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace base {

// A key that signatures are checked with: ECDSA on P-256, P-384 or P-521, RSA of 2,048 bits and more, Ed25519.
// Immutable; copies share it; thread-safe.
class PublicKey {
 public:
  // PEM text of one SubjectPublicKeyInfo (RFC 7468 section 13). Kind::invalid_input for anything else, a private key
  // among them; Kind::unsupported for other algorithms and weak keys.
  static Result<PublicKey> parse(std::string_view pem);

  // Whether `signature` was made over `data` by the private half: ECDSA (DER form) and RSA (PKCS#1 v1.5) over SHA-256,
  // Ed25519 as it is (RFC 8032).
  bool verify(std::string_view data, std::string_view signature) const;

  const std::string& fingerprint() const { return fingerprint_; }  // SHA-256 of the DER form, 64 hexadecimal digits

 private:
  struct Handle;
  PublicKey() = default;

  std::shared_ptr<const Handle> handle_;
  std::string fingerprint_;
};

}  // namespace base
