// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "events/delivery.hpp"
#include "events/names.hpp"

// Whatever comes, what is handed out keeps to its grammar.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* github : {"", "package"}) {
    events::LowerCaseHeaders headers;
    if (*github != 0) headers.emplace_back("x-github-event", github);
    const auto delivery = events::parse_delivery(text, "application/json", headers);
    if (!delivery) continue;
    for (const events::RegistryEvent& event : delivery->events) {
      const bool named = events::is_repository(event.repository) && !(event.tag.empty() && event.digest.empty());
      if (event.action != events::Action::ping && !named) std::abort();
      if (!event.tag.empty() && !events::is_tag(event.tag)) std::abort();
      if (!event.digest.empty() && !events::is_digest(event.digest)) std::abort();
      if (event.user_agent.find('\x1b') != std::string::npos) std::abort();
    }
  }
  (void)events::github_signature_holds("secret", text, text);
  constexpr std::string_view kSecret = "a secret that is in no seed";
  for (const events::LowerCaseHeaders& headers : {events::LowerCaseHeaders{{"authorization", std::string(text)}}, {}})
    if (events::proves_secret(kSecret, headers, headers.empty() ? text : "", "") && size < kSecret.size()) std::abort();
  if (const auto handshake = events::answer_handshake({{"webhook-request-origin", std::string(text)}, {"webhook-request-rate", std::string(text)}}))
    if (!events::is_host(handshake->allowed_origin)) std::abort();
  return 0;
}
