// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/time.hpp"
#include "events/names.hpp"
#include "events/senders.hpp"

namespace events {

namespace {

constexpr std::size_t kFreeTextCap = 512;
constexpr std::size_t kIdCap = 200;

// Texts of the registry's clients are shown, never believed: an odd one must not hide the event that carries it.
std::string free_text(std::string_view text, std::size_t cap = kFreeTextCap) {
  return base::printable(text.substr(0, cap));
}

bool is_rfc3339(std::string_view text) {
  return text.size() > 10 && text.size() <= 40 &&
         text.find_first_not_of("0123456789-+:.TtZz") == std::string_view::npos && base::parse_time(text).has_value();
}

void tidy(RegistryEvent& event) {
  event.id = free_text(event.id, kIdCap);
  event.media_type = free_text(event.media_type, kIdCap);
  event.actor = free_text(event.actor);
  event.address = free_text(event.address, kIdCap);
  event.user_agent = free_text(event.user_agent);
  if (!is_host(event.host)) event.host.clear();
  if (!is_rfc3339(event.time)) event.time.clear();
}

std::string_view fault_of(const RegistryEvent& event) {
  if (event.repository.empty()) return "it names no repository";
  if (!is_repository(event.repository)) return "its repository is no valid name";
  if (!event.tag.empty() && !is_tag(event.tag)) return "its tag is no valid one";
  if (!event.digest.empty() && !is_digest(event.digest)) return "its digest is no valid one";
  if (event.tag.empty() && event.digest.empty()) return "it names neither tag nor digest";
  return {};
}

}  // namespace

void Collector::add(RegistryEvent event) {
  if (event.tag == event.digest) event.tag.clear();  // Harbor, for what is pushed without a tag
  tidy(event);
  if (const auto fault = fault_of(event); !fault.empty()) {
    delivery_.refused.push_back(
        fmt::format("event {} of {}: {}", event.id.empty() ? "without id" : event.id,
                    event.repository.empty() ? "no repository" : free_text(event.repository, 255), fault));
    return;
  }
  delivery_.events.push_back(std::move(event));
}

void Collector::add_ping(RegistryEvent event) {
  event.action = Action::ping;
  tidy(event);
  delivery_.events.push_back(std::move(event));
}

void Collector::set_validation_code(std::string_view code) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  };
  if (!code.empty() && code.size() <= 128 && std::all_of(code.begin(), code.end(), plain))
    delivery_.validation_code = code;
  else
    delivery_.refused.emplace_back("the validation code of Event Grid's handshake is no plain word");
}

std::string time_of_unix(std::int64_t seconds) {
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  if (seconds <= 0 || seconds >= kYear10000) return {};
  return base::format_time(base::Seconds(std::chrono::seconds(seconds)));
}

}  // namespace events
