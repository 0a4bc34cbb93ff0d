// SPDX-License-Identifier: Apache-2.0
#include "events/names.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace events {

namespace {

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_letter_or_digit(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }
bool is_lower_hex(char c) { return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9'); }

bool is_separator(std::string_view marks) {
  return marks == "." || marks == "_" || marks == "__" || marks.find_first_not_of('-') == std::string_view::npos;
}

// [a-z0-9]+ ((\.|_|__|-+) [a-z0-9]+)*
bool is_component(std::string_view part) {
  if (part.empty() || !is_lower_or_digit(part.front()) || !is_lower_or_digit(part.back())) return false;
  for (auto at = part.begin(); at != part.end();) {
    const auto marks = std::find_if_not(at, part.end(), is_lower_or_digit);
    at = std::find_if(marks, part.end(), is_lower_or_digit);
    const std::string_view between(marks, at);
    if (!between.empty() && !is_separator(between)) return false;
  }
  return true;
}

bool is_label(std::string_view label) {
  return !label.empty() && is_letter_or_digit(label.front()) && is_letter_or_digit(label.back()) &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_bracketed_address(std::string_view host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']' &&
         host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

}  // namespace

bool is_repository(std::string_view text) {
  if (text.empty() || text.size() > 255) return false;
  const auto parts = base::split(text, '/');
  return std::all_of(parts.begin(), parts.end(), is_component);
}

bool is_tag(std::string_view text) {
  const auto in_tag = [](char c) { return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-'; };
  return !text.empty() && text.size() <= 128 && text.front() != '.' && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), in_tag);
}

bool is_digest(std::string_view text) {
  const auto [algorithm, hex] = base::cut(text, ":");
  const std::size_t length = algorithm == "sha256" ? 64 : algorithm == "sha512" ? 128 : 0;
  return length > 0 && hex.size() == length && std::all_of(hex.begin(), hex.end(), is_lower_hex);
}

bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 259) return false;
  std::string_view host = text;
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    const std::string_view port = text.substr(colon + 1);
    if (!base::is_digits(port) || port.size() > 5) return false;
    host = text.substr(0, colon);
  }
  if (is_bracketed_address(host)) return true;
  const auto labels = base::split(host, '.');
  return host.size() <= 253 && std::all_of(labels.begin(), labels.end(), is_label);
}

}  // namespace events
