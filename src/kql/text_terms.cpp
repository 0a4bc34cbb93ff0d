// SPDX-License-Identifier: Apache-2.0
#include "kql/text_terms.hpp"

#include <cstdint>

namespace kql {

namespace {

bool is_term_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

template <typename Fits>
bool find_where(std::string_view text, std::string_view needle, const Fits& fits) {
  if (needle.empty()) return true;
  for (std::size_t at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1))
    if (fits(at, at + needle.size())) return true;
  return false;
}

// Bytes of the code point that begins here: 1 where none does.
std::size_t code_point_size(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return at + size <= text.size() ? size : 1;
}

std::uint32_t decode(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
  switch (bytes.size()) {
    case 2: return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
    case 3: return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    case 4: return (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
    default: return byte(0);
  }
}

void encode(std::uint32_t point, std::string& out) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xc0 | point >> 6);
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3f));
  } else {
    put(0xf0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3f));
    put(0x80 | (point >> 6 & 0x3f));
  }
  put(0x80 | (point & 0x3f));
}

// Blocks whose letters come in pairs, an even (or odd) upper one before its lower one.
bool in_pairs(std::uint32_t point, bool& upper_is_odd) {
  upper_is_odd = (point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17e);
  return (point >= 0x100 && point <= 0x137 && point != 0x130 && point != 0x131) || upper_is_odd || (point >= 0x14a && point <= 0x177) ||
         (point >= 0x460 && point <= 0x481) || (point >= 0x48a && point <= 0x4bf) || (point >= 0x4d0 && point <= 0x52f) ||
         (point >= 0x1e00 && point <= 0x1e95) || (point >= 0x1ea0 && point <= 0x1eff);
}

struct Shift {
  std::uint32_t first, last, by;  // upper-case letters and how far their lower ones are
};
constexpr Shift kShifts[] = {{'A', 'Z', 32},         {0xc0, 0xd6, 32},   {0xd8, 0xde, 32},       {0x391, 0x3a1, 32},
                             {0x3a3, 0x3ab, 32},     {0x410, 0x42f, 32}, {0x400, 0x40f, 80},     {0x531, 0x556, 48},
                             {0xff21, 0xff3a, 32},   {0x10a0, 0x10c5, 7264}};

std::uint32_t lower_point(std::uint32_t point) {
  for (const Shift& shift : kShifts)
    if (point >= shift.first && point <= shift.last) return point + shift.by;
  bool upper_is_odd = false;
  if (point == 0x178) return 0xff;
  if (in_pairs(point, upper_is_odd)) return (point % 2 == 1) == upper_is_odd ? point + 1 : point;
  return point;
}

std::uint32_t upper_point(std::uint32_t point) {
  for (const Shift& shift : kShifts)
    if (point >= shift.first + shift.by && point <= shift.last + shift.by) return point - shift.by;
  bool upper_is_odd = false;
  if (point == 0xff) return 0x178;
  if (in_pairs(point, upper_is_odd)) return (point % 2 == 1) == upper_is_odd ? point : point - 1;
  return point;
}

template <typename Map>
std::string mapped(std::string_view text, const Map& map) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = code_point_size(text, at);
    if (size == 1 && static_cast<unsigned char>(text[at]) >= 0x80) out += text[at];
    else encode(map(decode(text.substr(at, size))), out);
    at += size;
  }
  return out;
}

}  // namespace

std::string fold_case(std::string_view text) { return mapped(text, lower_point); }
std::string upper_case(std::string_view text) { return mapped(text, upper_point); }

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += code_point_size(text, at)) ++count;
  return count;
}

std::size_t byte_of_code_point(std::string_view text, std::size_t number) {
  std::size_t at = 0;
  for (; number > 0 && at < text.size(); --number) at += code_point_size(text, at);
  return at;
}

bool begins_term(std::string_view text, std::size_t at) { return at == 0 || !is_term_byte(text[at - 1]) || !is_term_byte(text[at]); }
bool ends_term(std::string_view text, std::size_t end) {
  return end == text.size() || !is_term_byte(text[end]) || (end > 0 && !is_term_byte(text[end - 1]));
}

bool has_term(std::string_view text, std::string_view needle) {
  return find_where(text, needle, [&](std::size_t begin, std::size_t end) { return begins_term(text, begin) && ends_term(text, end); });
}
bool has_term_prefix(std::string_view text, std::string_view needle) {
  return find_where(text, needle, [&](std::size_t begin, std::size_t) { return begins_term(text, begin); });
}
bool has_term_suffix(std::string_view text, std::string_view needle) {
  return find_where(text, needle, [&](std::size_t, std::size_t end) { return ends_term(text, end); });
}

}  // namespace kql
