// SPDX-License-Identifier: Apache-2.0
#include "kql/utf8.hpp"

#include "kql/text_terms.hpp"

namespace kql {

namespace {

struct LeadByte {
  std::uint32_t mask, value, least;  // the bits that tell it, what they are, and the smallest code point so written
  std::size_t size;
};
constexpr LeadByte kLeadBytes[] = {{0x80, 0x00, 0, 1}, {0xe0, 0xc0, 0x80, 2}, {0xf0, 0xe0, 0x800, 3}, {0xf8, 0xf0, 0x10000, 4}};

std::optional<std::uint32_t> decoded(std::string_view text, std::size_t& size) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  for (const LeadByte& lead : kLeadBytes) {
    if ((byte(0) & lead.mask) != lead.value) continue;
    if (text.size() < lead.size) return std::nullopt;
    std::uint32_t point = byte(0) & ~lead.mask & 0xff;
    for (std::size_t i = 1; i < lead.size; ++i) {
      if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
      point = point << 6 | (byte(i) & 0x3f);
    }
    if (point < lead.least || !is_code_point(point)) return std::nullopt;
    size = lead.size;
    return point;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> take_code_point(std::string_view& text) {
  std::size_t size = 1;
  const auto point = decoded(text, size);
  text.remove_prefix(size);
  return point;
}

bool is_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  while (!text.empty())
    if (!take_code_point(text)) return false;
  return true;
}

}  // namespace kql
