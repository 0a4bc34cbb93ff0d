// SPDX-License-Identifier: Apache-2.0
// IP addresses with or without the length of a prefix ("10.0.0.0/8"), as the functions of KQL read and print them
// (data-explorer/kusto/query/ipv4-compare-function and its neighbours).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kql {

struct Ipv4 {
  std::uint32_t address = 0;
  int prefix = 32;

  std::uint32_t network() const { return network(prefix); }
  std::uint32_t network(int bits) const { return bits == 0 ? 0 : address & ~std::uint32_t{0} << (32 - bits); }
};

std::optional<Ipv4> parse_ipv4(std::string_view text);
std::string ipv4_text(std::uint32_t address);

// Takes an address in dotted form off the text; nothing, and nothing taken, where none begins there.
std::optional<std::uint32_t> take_ipv4(std::string_view& text);

// IPv4 ones are ::ffff:a.b.c.d, and the length of their prefix counts from there.
struct Ipv6 {
  std::array<std::uint8_t, 16> address{};
  int prefix = 128;

  std::array<std::uint8_t, 16> network(int bits) const;
};

std::optional<Ipv6> parse_ipv6(std::string_view text);
std::string ipv6_text(const std::array<std::uint8_t, 16>& address);  // in full: eight groups of four digits

}  // namespace kql
