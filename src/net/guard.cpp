// SPDX-License-Identifier: Apache-2.0
#include "net/guard.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/text.hpp"

namespace net {

namespace {

// An IPv6 address; IPv4 as ::ffff:a.b.c.d.
using AddressBytes = std::array<unsigned char, 16>;

struct Network {
  AddressBytes address{};
  unsigned bits = 128;

  bool holds(const AddressBytes& other) const {
    const unsigned whole = bits / 8, rest = bits % 8;
    if (!std::equal(address.begin(), address.begin() + whole, other.begin())) return false;
    return rest == 0 || (address[whole] ^ other[whole]) >> (8 - rest) == 0;
  }
};

constexpr unsigned kMappedBits = 96;  // of ::ffff:0:0/96

AddressBytes mapped(const unsigned char* v4) {
  AddressBytes bytes{};
  bytes[10] = bytes[11] = 0xff;
  std::copy(v4, v4 + 4, bytes.begin() + 12);
  return bytes;
}

std::optional<Network> parse_network(std::string_view text) {
  const auto [address, length] = base::cut(text, "/");
  std::string copy(address.substr(0, address.find('%')));  // a scope is no part of it
  if (copy.size() > 2 && copy.front() == '[' && copy.back() == ']') copy = copy.substr(1, copy.size() - 2);
  Network network;
  unsigned char v4[4];
  unsigned before = 0;
  if (::inet_pton(AF_INET, copy.c_str(), v4) == 1) {
    network.address = mapped(v4);
    before = kMappedBits;
  } else if (::inet_pton(AF_INET6, copy.c_str(), network.address.data()) != 1) {
    return std::nullopt;
  }
  if (address.size() == text.size()) return network;
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (length.empty() || error != std::errc() || end != length.data() + length.size() || bits > 128 - before)
    return std::nullopt;
  network.bits = before + bits;
  return network;
}

// IANA's special-purpose registries, and what clouds use beside them.
const std::vector<Network>& private_networks() {
  static const std::vector<Network> kNetworks = [] {
    std::vector<Network> networks;
    for (const std::string_view text :
         {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
          "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
          "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
          "2001:db8::/32", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"})
      networks.push_back(*parse_network(text));
    return networks;
  }();
  return kNetworks;
}

bool is_private(const AddressBytes& address) {
  const auto& networks = private_networks();
  if (std::any_of(networks.begin(), networks.end(), [&](const Network& one) { return one.holds(address); })) return true;
  static const Network kNat64 = *parse_network("64:ff9b::/96"), k6to4 = *parse_network("2002::/16");
  if (kNat64.holds(address)) return is_private(mapped(address.data() + 12));
  if (k6to4.holds(address)) return is_private(mapped(address.data() + 2));
  return false;
}

}  // namespace

bool is_private_address(std::string_view ip) {
  const auto address = ip.find('/') == std::string_view::npos ? parse_network(ip) : std::nullopt;
  return !address || is_private(address->address);
}

base::Result<std::function<bool(std::string_view ip)>> public_addresses_and(const std::vector<std::string>& allowed) {
  std::vector<Network> networks;
  for (const std::string& text : allowed) {
    const auto network = parse_network(text);
    if (!network)
      return base::fail(base::Kind::invalid_input,
                        fmt::format("{} is neither an IP address nor a network such as 10.1.0.0/16", base::printable(text)));
    networks.push_back(*network);
  }
  return [networks = std::move(networks)](std::string_view ip) {
    const auto address = parse_network(ip);
    if (!address) return false;
    return !is_private(address->address) ||
           std::any_of(networks.begin(), networks.end(),
                       [&](const Network& one) { return one.holds(address->address); });
  };
}

}  // namespace net
