// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/jwt.hpp"
#include "base/evp_key.hpp"
#include "base/text.hpp"

// A token, and behind a line feed a key for it. No token may pass that nobody signed: what the fuzzer cannot do.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto [token, key_text] = base::cut(input, "\n");
  static const base::JsonArray kKeys = {base::JsonObject{{"kty", "EC"},
                                                         {"crv", "P-256"},
                                                         {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
                                                         {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}};
  const base::Seconds now{std::chrono::seconds(1'300'819'300)};
  const auto claims = base::verify_jwt(token, kKeys, now, "joe", "anyone");
  if (claims) std::abort();
  if (claims.error().kind != base::Kind::denied) std::abort();
  if (const auto key = base::parse_json(key_text, "key")) {
    (void)base::verify_jwt(token, {*key}, now, "joe", "anyone");
    if (const auto made = base::key_of_jwk(*key); made && base::sort_of(made.get()) == base::KeySort::other) std::abort();
  }
  return 0;
}
