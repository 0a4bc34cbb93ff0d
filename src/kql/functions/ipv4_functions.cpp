// SPDX-License-Identifier: Apache-2.0
// ipv4_compare() and its kin, parse_ipv4(), format_ipv4().
#include <fmt/format.h>

#include <algorithm>

#include "kql/functions/function.hpp"
#include "kql/functions/ip_address.hpp"
#include "kql/number.hpp"

namespace kql {

namespace {

// The bits that both addresses and the argument leave; nothing where the argument is no length of a prefix.
std::optional<int> common_prefix(const Arguments& a, std::size_t at, int left, int right, int most) {
  const int own = std::min(left, right);
  if (a.size() <= at) return own;
  if (a.integer(at) < 0 || a.integer(at) > most) return std::nullopt;
  return std::min(own, static_cast<int>(a.integer(at)));
}

std::optional<int> order_of_ipv4(const Arguments& a) {
  const auto left = parse_ipv4(a.text(0));
  const auto right = parse_ipv4(a.text(1));
  if (!left || !right) return std::nullopt;
  const auto bits = common_prefix(a, 2, left->prefix, right->prefix, 32);
  if (!bits) return std::nullopt;
  const std::uint32_t first = left->network(*bits);
  const std::uint32_t second = right->network(*bits);
  return first < second ? -1 : first > second ? 1 : 0;
}

Value ipv4_order(const Arguments& a) {
  const auto order = order_of_ipv4(a);
  return order ? Value::integer(*order) : Value();
}

Value ipv4_matches(const Arguments& a) {
  const auto order = order_of_ipv4(a);
  return order ? Value::boolean(*order == 0) : Value();
}

bool is_in_range(const Ipv4& address, const Ipv4& range) { return address.network(range.prefix) == range.network(); }

Value ipv4_in_range(const Arguments& a) {
  const auto address = parse_ipv4(a.text(0));
  const auto range = parse_ipv4(a.text(1));
  return address && range ? Value::boolean(is_in_range(*address, *range)) : Value();
}

// Whether the address is in one of the ranges; null where it is in none and one of them cannot be read.
class RangeTest {
 public:
  explicit RangeTest(const std::string& address) : address_(parse_ipv4(address)) {}
  void add(std::string_view text) {
    const auto range = parse_ipv4(text);
    if (!range) broken_ = true;
    else if (address_ && is_in_range(*address_, *range)) found_ = true;
  }
  Value result() const { return !address_ || (broken_ && !found_) ? Value() : Value::boolean(found_); }

 private:
  std::optional<Ipv4> address_;
  bool found_ = false, broken_ = false;
};

Value ipv4_in_any_range(const Arguments& a) {
  RangeTest test(a.text(0));
  for (std::size_t i = 1; i < a.size(); ++i) test.add(a.text(i));
  return test.result();
}

Value ipv4_in_any_range_of_array(const Arguments& a) {
  RangeTest test(a.text(0));
  if (a.json(1).is_string()) test.add(base::as_string(a.json(1)));
  else if (const auto* ranges = a.json(1).if_array())
    for (const base::Json& range : *ranges) test.add(base::as_string(range));
  else return {};
  return test.result();
}

Value ipv4_private(const Arguments& a) {
  const auto address = parse_ipv4(a.text(0));
  if (!address) return {};
  constexpr Ipv4 kPrivate[] = {{0x0a000000, 8}, {0xac100000, 12}, {0xc0a80000, 16}};
  return Value::boolean(std::any_of(std::begin(kPrivate), std::end(kPrivate), [&](const Ipv4& range) { return is_in_range(*address, range); }));
}

Value ipv4_suffix(const Arguments& a) {
  const auto address = parse_ipv4(a.text(0));
  return address ? Value::integer(address->prefix) : Value();
}

// The fewest networks that are the addresses from the first to the last.
Value ipv4_range_networks(const Arguments& a) {
  const auto first = parse_ipv4(a.text(0));
  const auto last = parse_ipv4(a.text(1));
  if (!first || !last || first->address > last->address) return {};
  base::JsonArray out;
  std::uint64_t at = first->address;
  while (at <= last->address) {
    int bits = 0;
    while (bits < 32 && at % (std::uint64_t{2} << bits) == 0 && at + (std::uint64_t{2} << bits) - 1 <= last->address) ++bits;
    out.emplace_back(fmt::format("{}/{}", ipv4_text(static_cast<std::uint32_t>(at)), 32 - bits));
    at += std::uint64_t{1} << bits;
  }
  return Value::dynamic(std::move(out));
}

Value ipv4_number(const Arguments& a) {
  const auto address = parse_ipv4(a.text(0));
  return address ? Value::integer(address->network()) : Value();
}

Value ipv4_number_masked(const Arguments& a) {
  const auto address = parse_ipv4(a.text(0));
  if (!address || a.integer(1) < 0 || a.integer(1) > 32) return {};
  return Value::integer(address->network(std::min(address->prefix, static_cast<int>(a.integer(1)))));
}

// Of text, or of the number that parse_ipv4() makes.
std::optional<Ipv4> ipv4_of_any(const Arguments& a) {
  const std::string text = a.as_text(0);
  if (auto address = parse_ipv4(text)) return address;
  const auto number = parse_whole_number(text);
  if (!number || *number < 0 || *number > 0xffffffff) return std::nullopt;
  return Ipv4{static_cast<std::uint32_t>(*number), 32};
}

template <bool with_prefix>
Value formatted_ipv4(const Arguments& a) {
  const auto address = ipv4_of_any(a);
  if (!address) return {};
  const auto bits = common_prefix(a, 1, address->prefix, 32, 32);
  if (!bits) return {};
  std::string out = ipv4_text(address->network(*bits));
  if (with_prefix) out += fmt::format("/{}", *bits);
  return Value::text(std::move(out));
}

}  // namespace

std::span<const Function> ipv4_functions() {
  static constexpr Function kAll[] = {
      {.name = "ipv4_compare", .signature = "(string, string, whole?) long", .evaluate = ipv4_order},
      {.name = "ipv4_is_match", .signature = "(string, string, whole?) bool", .evaluate = ipv4_matches},
      {.name = "ipv4_is_in_range", .signature = "(string, string) bool", .evaluate = ipv4_in_range},
      {.name = "ipv4_is_in_any_range", .signature = "(string, string...) bool", .evaluate = ipv4_in_any_range},
      {.name = "ipv4_is_in_any_range", .signature = "(string, dynamic) bool", .evaluate = ipv4_in_any_range_of_array},
      {.name = "ipv4_is_private", .signature = "(string) bool", .evaluate = ipv4_private},
      {.name = "ipv4_netmask_suffix", .signature = "(string) long", .evaluate = ipv4_suffix},
      {.name = "ipv4_range_to_cidr_list", .signature = "(string, string) dynamic", .evaluate = ipv4_range_networks},
      {.name = "parse_ipv4", .signature = "(string) long", .evaluate = ipv4_number},
      {.name = "parse_ipv4_mask", .signature = "(string, whole) long", .evaluate = ipv4_number_masked},
      {.name = "format_ipv4", .signature = "(any, whole?) string", .evaluate = formatted_ipv4<false>},
      {.name = "format_ipv4_mask", .signature = "(any, whole?) string", .evaluate = formatted_ipv4<true>},
  };
  return kAll;
}

}  // namespace kql
