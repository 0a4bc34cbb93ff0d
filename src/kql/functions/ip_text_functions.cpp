// SPDX-License-Identifier: Apache-2.0
// has_ipv4() and its kin, which look for IPv4 addresses in text; and where an address is.
#include <algorithm>

#include "base/text.hpp"
#include "kql/address_places.hpp"
#include "kql/functions/function.hpp"
#include "kql/functions/ip_address.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

bool is_alphanumeric(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  const char lower = static_cast<char>(text[at] | 0x20);
  return (text[at] >= '0' && text[at] <= '9') || (lower >= 'a' && lower <= 'z') || static_cast<unsigned char>(text[at]) >= 0x80;
}

// The addresses in a text that stand between characters that are no letters or digits, until `visit` says true.
template <typename Visit>
bool any_address(std::string_view text, const Visit& visit) {
  for (std::size_t at = text.find_first_of("0123456789"); at != std::string_view::npos; at = text.find_first_of("0123456789", at + 1)) {
    if (at > 0 && is_alphanumeric(text, at - 1)) continue;
    std::string_view rest = text.substr(at);
    const auto address = take_ipv4(rest);
    if (!address || is_alphanumeric(rest, 0)) continue;
    if (visit(*address)) return true;
  }
  return false;
}

bool has_address(std::string_view text, std::string_view wanted) {
  std::string_view rest = wanted;
  const auto address = take_ipv4(rest);
  return address && rest.empty() && any_address(text, [&](std::uint32_t found) { return found == *address; });
}

// A prefix is a whole address, or one to three of its numbers, each with a dot behind it.
bool has_address_prefix(std::string_view text, std::string_view wanted) {
  if (wanted.empty() || wanted.back() != '.') return has_address(text, wanted);
  const auto dots = static_cast<std::size_t>(std::count(wanted.begin(), wanted.end(), '.'));
  std::string whole(wanted);
  for (std::size_t i = dots; i < 4; ++i) whole += i < 3 ? "0." : "0";
  std::string_view rest = whole;
  const auto address = take_ipv4(rest);
  if (dots > 3 || !address || !rest.empty()) return false;
  const Ipv4 network{*address, static_cast<int>(8 * dots)};
  return any_address(text, [&](std::uint32_t found) { return Ipv4{found, network.prefix}.network() == network.network(); });
}

using Has = bool (*)(std::string_view text, std::string_view wanted);

template <Has has>
Value has_one(const Arguments& a) {
  for (std::size_t i = 1; i < a.size(); ++i)
    if (has(a.text(0), a.text(i))) return Value::boolean(true);
  return Value::boolean(false);
}

template <Has has>
Value has_one_of_array(const Arguments& a) {
  if (a.json(1).is_string()) return Value::boolean(has(a.text(0), base::as_string(a.json(1))));
  const auto* all = a.json(1).if_array();
  return Value::boolean(all != nullptr && std::any_of(all->begin(), all->end(), [&](const base::Json& each) { return has(a.text(0), base::as_string(each)); }));
}

// The binder has made sure that there is a database, unless the query is only checked.
Value place_of_address(const Arguments& a) {
  const auto place = address_places() == nullptr ? std::nullopt : address_places()->of(a.text(0));
  if (!place) return Value();
  base::JsonObject out;
  const auto add = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) out[name] = text;
  };
  add("country", place->country);
  add("state", place->state);
  add("city", place->city);
  if (place->latitude) out["latitude"] = *place->latitude;
  if (place->longitude) out["longitude"] = *place->longitude;
  return Value::dynamic(std::move(out));
}

}  // namespace

std::span<const Function> ip_text_functions() {
  static constexpr Function kAll[] = {
      {.name = "has_ipv4", .signature = "(string, string) bool", .evaluate = has_one<has_address>},
      {.name = "has_ipv4_prefix", .signature = "(string, string) bool", .evaluate = has_one<has_address_prefix>},
      {.name = "has_any_ipv4", .signature = "(string, string...) bool", .evaluate = has_one<has_address>},
      {.name = "has_any_ipv4", .signature = "(string, dynamic) bool", .evaluate = has_one_of_array<has_address>},
      {.name = "has_any_ipv4_prefix", .signature = "(string, string...) bool", .evaluate = has_one<has_address_prefix>},
      {.name = "has_any_ipv4_prefix", .signature = "(string, dynamic) bool", .evaluate = has_one_of_array<has_address_prefix>},
      {.name = "geo_info_from_ip_address", .signature = "(string) dynamic", .evaluate = place_of_address},
  };
  return kAll;
}

}  // namespace kql
