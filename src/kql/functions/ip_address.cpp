// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/ip_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace kql {

namespace {

bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<int> prefix_of(std::string_view text, int most) {
  if (!base::is_digits(text) || text.size() > 3) return std::nullopt;
  int out = 0;
  for (const char c : text) out = out * 10 + (c - '0');
  return out <= most ? std::optional(out) : std::nullopt;
}

// "address/prefix": the address alone, and the prefix, which is `most` where none is given.
std::optional<std::pair<std::string_view, int>> cut_prefix(std::string_view text, int most) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::pair(text, most);
  const auto prefix = prefix_of(text.substr(slash + 1), most);
  if (!prefix) return std::nullopt;
  return std::pair(text.substr(0, slash), *prefix);
}

std::optional<std::uint16_t> group_of(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  std::uint32_t out = 0;
  for (const char c : text) {
    const char lower = static_cast<char>(c | 0x20);
    if (!is_decimal_digit(c) && !(lower >= 'a' && lower <= 'f')) return std::nullopt;
    out = out << 4 | static_cast<std::uint32_t>(is_decimal_digit(c) ? c - '0' : lower - 'a' + 10);
  }
  return static_cast<std::uint16_t>(out);
}

std::optional<std::vector<std::uint16_t>> groups_of(std::string_view text) {
  std::vector<std::uint16_t> out;
  if (text.empty()) return out;
  for (const std::string_view part : base::split(text, ':')) {
    const auto group = group_of(part);
    if (!group || out.size() == 8) return std::nullopt;
    out.push_back(*group);
  }
  return out;
}

// Eight groups of "1:2::7:8".
std::optional<std::array<std::uint16_t, 8>> all_groups(std::string_view text) {
  const auto gap = text.find("::");
  const auto head = groups_of(text.substr(0, gap));
  const auto tail = gap == std::string_view::npos ? std::vector<std::uint16_t>() : groups_of(text.substr(gap + 2));
  if (!head || !tail) return std::nullopt;
  const std::size_t count = head->size() + tail->size();
  if (gap == std::string_view::npos ? count != 8 : count > 7) return std::nullopt;
  std::array<std::uint16_t, 8> out{};
  std::copy(head->begin(), head->end(), out.begin());
  std::copy_backward(tail->begin(), tail->end(), out.end());
  return out;
}

// "64:ff9b::1.2.3.4", whose last two groups are an IPv4 address, as "64:ff9b::102:304" (RFC 4291, 2.2).
std::string with_groups_alone(std::string_view text) {
  const std::size_t tail = text.rfind(':') + 1;
  std::string_view rest = text.substr(tail);
  const auto ipv4 = take_ipv4(rest);
  return ipv4 && rest.empty() ? fmt::format("{}{:x}:{:x}", text.substr(0, tail), *ipv4 >> 16, *ipv4 & 0xffff) : std::string(text);
}

Ipv6 mapped(std::uint32_t ipv4, int prefix) {
  Ipv6 out;
  out.address[10] = out.address[11] = 0xff;
  for (std::size_t i = 0; i < 4; ++i) out.address[12 + i] = static_cast<std::uint8_t>(ipv4 >> (24 - 8 * i));
  out.prefix = prefix;
  return out;
}

}  // namespace

std::optional<std::uint32_t> take_ipv4(std::string_view& text) {
  std::string_view rest = text;
  std::uint32_t out = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (rest.substr(0, 1) != ".") return std::nullopt;
      rest.remove_prefix(1);
    }
    std::uint32_t octet = 0;
    std::size_t digits = 0;
    for (; digits < rest.size() && digits < 4 && is_decimal_digit(rest[digits]); ++digits) octet = octet * 10 + static_cast<std::uint32_t>(rest[digits] - '0');
    if (digits == 0 || digits > 3 || octet > 255) return std::nullopt;
    rest.remove_prefix(digits);
    out = out << 8 | octet;
  }
  text = rest;
  return out;
}

std::optional<Ipv4> parse_ipv4(std::string_view text) {
  const auto cut = cut_prefix(base::trim(text), 32);
  if (!cut) return std::nullopt;
  std::string_view rest = cut->first;
  const auto address = take_ipv4(rest);
  if (!address || !rest.empty()) return std::nullopt;
  return Ipv4{*address, cut->second};
}

std::string ipv4_text(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 0xff, address >> 8 & 0xff, address & 0xff);
}

std::array<std::uint8_t, 16> Ipv6::network(int bits) const {
  std::array<std::uint8_t, 16> out = address;
  for (int i = 0; i < 16; ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    out[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xff00 >> kept);
  }
  return out;
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  text = base::trim(text);
  if (const auto ipv4 = parse_ipv4(text)) return mapped(ipv4->address, ipv4->prefix + 96);
  // "::1.2.3.4" and "::ffff:1.2.3.4": an IPv4 address, too.
  for (const std::string_view head : {"::ffff:", "::FFFF:", "::"})
    if (text.substr(0, head.size()) == head)
      if (const auto ipv4 = parse_ipv4(text.substr(head.size()))) return mapped(ipv4->address, ipv4->prefix + 96);
  const auto cut = cut_prefix(text, 128);
  if (!cut) return std::nullopt;
  const auto groups = all_groups(with_groups_alone(cut->first));
  if (!groups) return std::nullopt;
  Ipv6 out;
  for (std::size_t i = 0; i < groups->size(); ++i) {
    out.address[2 * i] = static_cast<std::uint8_t>((*groups)[i] >> 8);
    out.address[2 * i + 1] = static_cast<std::uint8_t>((*groups)[i] & 0xff);
  }
  out.prefix = cut->second;
  return out;
}

std::string ipv6_text(const std::array<std::uint8_t, 16>& address) {
  std::string out;
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (i > 0 && i % 2 == 0) out += ':';
    out += fmt::format("{:02x}", address[i]);
  }
  return out;
}

}  // namespace kql
