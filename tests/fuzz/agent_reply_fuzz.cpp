// SPDX-License-Identifier: Apache-2.0
// What a hub answers and what an enrolment asks, and tokens as people copy them.
#include <cstdint>
#include <cstdlib>

#include "uplink/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto reply = uplink::parse_reply(text))
    if (!uplink::parse_reply(base::to_text(uplink::to_json(*reply)))) std::abort();
  if (const auto enrolled = uplink::parse_enrolled(text))
    if (!uplink::parse_enrolled(base::to_text(uplink::to_json(*enrolled)))) std::abort();
  if (const auto request = uplink::parse_enroll_request(text))
    if (!uplink::parse_enroll_request(base::to_text(uplink::to_json(*request)))) std::abort();
  if (const auto token = uplink::parse_token(text))
    if (!uplink::parse_token(uplink::to_text(*token))) std::abort();
  return 0;
}
