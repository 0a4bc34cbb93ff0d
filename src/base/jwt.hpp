// SPDX-License-Identifier: Apache-2.0
// JSON Web Tokens (RFC 7515, 7517, 7519): signed with RS256, verified where they are signed with RS256 or ES256.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/time.hpp"

namespace base {

// A private RSA key of 2048 bits. Immutable; copies share the key; thread-safe.
class SigningKey {
 public:
  static Result<SigningKey> generate();
  // PKCS #8 or PKCS #1 in PEM form without a passphrase; RSA of 2048 to 8192 bits.
  static Result<SigningKey> from_pem(std::string_view pem);

  std::string pem() const;  // PKCS #8: a secret
  JsonObject jwk() const;   // public: kty, n, e, alg, use, and kid, which is the thumbprint (RFC 7638)
  std::string kid() const;
  // The compact form, with kid in its header.
  Result<std::string> sign(const JsonObject& claims) const;

 private:
  struct Parts;
  explicit SigningKey(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
  static Result<SigningKey> with_kid(std::shared_ptr<Parts> parts);
  std::shared_ptr<const Parts> parts_;
};

// The claims of a token that one of `keys` (the `keys` of a JWK set) has signed, issued by `issuer` for `audience` (neither
// may be empty), not expired at `now` and valid already (60 s leeway; `exp` must be there). The algorithm is that of the
// key. Kind::denied, with the reason, for everything else; tokens over 16 KiB are not looked at.
Result<JsonObject> verify_jwt(std::string_view token, const JsonArray& keys, Seconds now, std::string_view issuer,
                              std::string_view audience);

}  // namespace base
