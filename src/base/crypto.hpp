// SPDX-License-Identifier: Apache-2.0
// Random numbers, authentication codes, encryption at rest and passwords. Thread-safe throughout.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace base {

// From the system's generator, fit for keys. A machine that has none ends the program: nothing can be secure there.
std::string random_bytes(std::size_t count);
std::string random_token(std::size_t bytes);  // of that many random bytes, base64url without padding

std::string sha256_bytes(std::string_view data);                            // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view data);       // 32 bytes (RFC 2104)
bool constant_time_equal(std::string_view a, std::string_view b);           // in time that depends on the lengths alone

// RFC 4648 section 5 without padding, as JSON Web Tokens want it.
std::string base64url_encode(std::string_view bytes);

// AES-256-GCM under a key of 32 bytes: version byte 1, random nonce of 12 bytes, ciphertext, tag of 16 bytes. `associated`
// is not stored and must be the same at opening: it ties a secret to its place. Up to 2^32 seals a key.
// Kind::internal: the key is no key.
Result<std::string> seal(std::string_view key, std::string_view plaintext, std::string_view associated);
// Kind::corrupt where key, place or bytes are not those of the sealing; Kind::unsupported for another version.
Result<std::string> open_sealed(std::string_view key, std::string_view sealed, std::string_view associated);

std::string uuid4();                          // RFC 9562 section 5.4, lower case with hyphens
std::string uuid_of(std::string_view name);   // always the same of the same name: version 8, from its SHA-256

// argon2id (RFC 9106) with 19 MiB, 2 passes, 1 lane and a random salt of 16 bytes, in its encoded form
// "$argon2id$v=19$m=19456,t=2,p=1$…". Takes about 25 ms.
std::string hash_password(std::string_view password);
// False too for an encoded form that is none of argon2id or asks for more than 64 MiB, 8 passes or 4 lanes.
bool verify_password(std::string_view encoded, std::string_view password);

}  // namespace base
