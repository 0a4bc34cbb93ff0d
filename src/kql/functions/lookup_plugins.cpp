// SPDX-License-Identifier: Apache-2.0
// ipv4_lookup and ipv6_lookup: a join on addresses, of which both sides may be ranges (1.2.3.0/24).
#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <map>

#include "kql/evaluate/group.hpp"
#include "kql/functions/lookup.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

// An address of either family in 128 bits (IPv4 as ::ffff:a.b.c.d), and how many of them count.
struct Prefix {
  std::array<std::uint8_t, 16> bytes{};
  int bits = 128;
};

constexpr int kBitsBeforeIpv4 = 96;

void clear_behind(Prefix& prefix) {
  for (int bit = prefix.bits; bit < 128; ++bit)
    prefix.bytes[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
}

std::optional<Prefix> parse_prefix(const std::string& text, bool also_ipv6) {
  const std::size_t slash = text.find('/');
  const std::string address = text.substr(0, slash);
  Prefix out;
  in_addr v4{};
  int widest = 32, before = kBitsBeforeIpv4;
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) {
    out.bytes[10] = out.bytes[11] = 0xFF;
    for (std::size_t i = 0; i < 4; ++i) out.bytes[12 + i] = static_cast<std::uint8_t>(ntohl(v4.s_addr) >> (24 - 8 * i));
  } else if (also_ipv6 && inet_pton(AF_INET6, address.c_str(), out.bytes.data()) == 1) {
    widest = 128;
    before = 0;
  } else {
    return std::nullopt;
  }
  if (slash == std::string::npos) return out;
  int bits = -1;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
  if (error != std::errc() || stop != end || bits < 0 || bits > widest) return std::nullopt;
  out.bits = before + bits;
  clear_behind(out);
  return out;
}

// The rows of the lookup table by the length of their prefixes.
class PrefixIndex {
 public:
  void add(const Prefix& prefix, std::size_t row) { lengths_[prefix.bits][prefix.bytes].push_back(row); }
  // All whose range meets this one: the shorter of the two prefixes counts.
  std::vector<std::size_t> find(const Prefix& prefix) const {
    std::vector<std::size_t> out;
    for (const auto& [bits, ranges] : lengths_) {
      Prefix cut = prefix;
      cut.bits = std::min(bits, prefix.bits);
      clear_behind(cut);
      for (auto at = ranges.lower_bound(cut.bytes); at != ranges.end(); ++at) {
        Prefix other{at->first, cut.bits};
        clear_behind(other);
        if (other.bytes != cut.bytes) break;
        out.insert(out.end(), at->second.begin(), at->second.end());
      }
    }
    return out;
  }

 private:
  std::map<int, std::map<std::array<std::uint8_t, 16>, std::vector<std::size_t>>> lengths_;
};

bool equal_extra_keys(const PluginCall& call, const std::vector<std::pair<std::size_t, std::size_t>>& keys, const Row& left, const Row& right) {
  for (const auto& [l, r] : keys) {
    const Type type = call.input().schema[l].type;
    if (!same(type, left[l], convert(right[r], call.second().schema[r].type, type))) return false;
  }
  return true;
}

template <bool also_ipv6>
base::Result<Table> ip_lookup(const PluginCall& call) {
  const Table& input = call.input();
  const Table& second = call.second();
  const std::size_t source = call.column("SourceKey"), key = call.column("LookupKey");
  std::vector<std::pair<std::size_t, std::size_t>> extra;
  std::vector<std::size_t> left_out;
  for (const std::size_t right : call.columns("ExtraKey")) {
    const auto left = std::find_if(input.schema.begin(), input.schema.end(), [&](const Column& c) { return c.name == second.schema[right].name; });
    if (left == input.schema.end()) return base::fail(base::Kind::invalid_input, "the extra key '" + second.schema[right].name + "' has to be a column of both tables");
    extra.emplace_back(static_cast<std::size_t>(left - input.schema.begin()), right);
    left_out.push_back(right);
  }
  PrefixIndex index;
  for (std::size_t i = 0; i < second.rows.size(); ++i)
    if (const auto prefix = parse_prefix(to_text(second.rows[i][key], second.schema[key].type), also_ipv6)) index.add(*prefix, i);
  // Of ipv6_lookup the documentation prints the second table's columns first, of ipv4_lookup the input's.
  LookupRows out(call, left_out, call.flag("return_unmatched"), also_ipv6 ? LookupRows::Order::second_first : LookupRows::Order::input_first);
  for (const Row& row : input.rows) {
    const auto prefix = parse_prefix(to_text(row[source], input.schema[source].type), also_ipv6);
    std::vector<std::size_t> partners;
    if (prefix)
      for (const std::size_t partner : index.find(*prefix))
        if (equal_extra_keys(call, extra, row, second.rows[partner])) partners.push_back(partner);
    TRY(out.add(row, partners));
  }
  return out.take();
}

constexpr std::string_view kParameters = "LookupTable table, SourceKey column, LookupKey key, ExtraKey key..., return_unmatched bool?";

constexpr Plugin kLookupPlugins[] = {
    {.name = "ipv4_lookup", .parameters = kParameters, .run = ip_lookup<false>},
    {.name = "ipv6_lookup", .parameters = kParameters, .run = ip_lookup<true>},
};

}  // namespace

std::span<const Plugin> lookup_plugins() { return kLookupPlugins; }

}  // namespace kql
