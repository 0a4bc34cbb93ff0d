// SPDX-License-Identifier: Apache-2.0
// ipv6_compare() and its kin, which take IPv4 addresses, too, and parse_ipv6().
#include <algorithm>

#include "kql/functions/function.hpp"
#include "kql/functions/ip_address.hpp"

namespace kql {

namespace {

constexpr int kIpv6Bits = 128;

std::optional<int> order_of_ipv6(const Arguments& a) {
  const auto left = parse_ipv6(a.text(0));
  const auto right = parse_ipv6(a.text(1));
  if (!left || !right) return std::nullopt;
  int bits = std::min(left->prefix, right->prefix);
  if (a.size() > 2) {
    if (a.integer(2) < 0 || a.integer(2) > kIpv6Bits) return std::nullopt;
    bits = std::min(bits, static_cast<int>(a.integer(2)));
  }
  const auto first = left->network(bits);
  const auto second = right->network(bits);
  return first < second ? -1 : first > second ? 1 : 0;
}

Value ipv6_order(const Arguments& a) {
  const auto order = order_of_ipv6(a);
  return order ? Value::integer(*order) : Value();
}

Value ipv6_matches(const Arguments& a) {
  const auto order = order_of_ipv6(a);
  return order ? Value::boolean(*order == 0) : Value();
}

// Whether the address is in one of the ranges; null where it is in none and one of them cannot be read.
class Ipv6RangeTest {
 public:
  explicit Ipv6RangeTest(const std::string& address) : address_(parse_ipv6(address)) {}
  void add(std::string_view text) {
    const auto range = parse_ipv6(text);
    if (!range) broken_ = true;
    else if (address_ && address_->network(range->prefix) == range->network(range->prefix)) found_ = true;
  }
  Value result() const { return !address_ || (broken_ && !found_) ? Value() : Value::boolean(found_); }

 private:
  std::optional<Ipv6> address_;
  bool found_ = false, broken_ = false;
};

Value ipv6_in_any_range(const Arguments& a) {
  Ipv6RangeTest test(a.text(0));
  for (std::size_t i = 1; i < a.size(); ++i) test.add(a.text(i));
  return test.result();
}

Value ipv6_in_any_range_of_array(const Arguments& a) {
  Ipv6RangeTest test(a.text(0));
  if (a.json(1).is_string()) test.add(base::as_string(a.json(1)));
  else if (const auto* ranges = a.json(1).if_array())
    for (const base::Json& range : *ranges) test.add(base::as_string(range));
  else return {};
  return test.result();
}

Value ipv6_canonical(const Arguments& a) {
  const auto address = parse_ipv6(a.text(0));
  return address ? Value::text(ipv6_text(address->network(address->prefix))) : Value();
}

Value ipv6_canonical_masked(const Arguments& a) {
  const auto address = parse_ipv6(a.text(0));
  if (!address || a.integer(1) < 0 || a.integer(1) > kIpv6Bits) return {};
  return Value::text(ipv6_text(address->network(std::min(address->prefix, static_cast<int>(a.integer(1))))));
}

}  // namespace

std::span<const Function> ipv6_functions() {
  static constexpr Function kAll[] = {
      {.name = "ipv6_compare", .signature = "(string, string, whole?) long", .evaluate = ipv6_order},
      {.name = "ipv6_is_match", .signature = "(string, string, whole?) bool", .evaluate = ipv6_matches},
      {.name = "ipv6_is_in_range", .signature = "(string, string) bool", .evaluate = ipv6_in_any_range},
      {.name = "ipv6_is_in_any_range", .signature = "(string, string...) bool", .evaluate = ipv6_in_any_range},
      {.name = "ipv6_is_in_any_range", .signature = "(string, dynamic) bool", .evaluate = ipv6_in_any_range_of_array},
      {.name = "parse_ipv6", .signature = "(string) string", .evaluate = ipv6_canonical},
      {.name = "parse_ipv6_mask", .signature = "(string, whole) string", .evaluate = ipv6_canonical_masked},
  };
  return kAll;
}

}  // namespace kql
