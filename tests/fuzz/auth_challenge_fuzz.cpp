// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/url.hpp"
#include "oci/registry_auth.hpp"
#include "oci/token_request.hpp"

// Challenges, and what is read out of them and of the tokens they lead to.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const oci::AuthChallenge& challenge : oci::parse_challenges(text)) {
    if (challenge.scheme.empty()) std::abort();
    const auto realm = net::Url::parse(challenge.parameter("realm"));
    if (!realm) continue;
    const auto again = net::Url::parse(realm->text());
    if (!again || !again->same_origin(*realm)) std::abort();
    (void)realm->resolve(challenge.parameter("service"));
  }
  (void)oci::json_web_token_issuer(text);
  return 0;
}
