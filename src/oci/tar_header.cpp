// SPDX-License-Identifier: Apache-2.0
#include "oci/tar_header.hpp"

namespace oci {

namespace {

std::optional<std::int64_t> base256_number(std::string_view field) {
  const bool negative = (static_cast<std::uint8_t>(field[0]) & 0x40) != 0;
  std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    auto byte = static_cast<std::uint8_t>(field[i]);
    if (i == 0) byte = negative ? byte | 0x80 : byte & 0x7f;
    const std::uint64_t top = value >> 55;  // what the shift drops, and the sign
    if (top != (negative ? 0x1ffu : 0u)) return std::nullopt;
    value = value << 8 | byte;
  }
  return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> octal_number(std::string_view field) {
  std::size_t at = field.find_first_not_of(std::string_view(" \0", 2));
  std::uint64_t value = 0;
  for (; at < field.size() && field[at] >= '0' && field[at] <= '7'; ++at) {
    if (value >> 60 != 0) return std::nullopt;
    value = value << 3 | static_cast<std::uint64_t>(field[at] - '0');
  }
  const bool ends_well = at >= field.size() || field[at] == ' ' || field[at] == '\0';
  return ends_well ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> tar_number(std::string_view field) {
  if (field.empty()) return 0;
  return (static_cast<std::uint8_t>(field[0]) & 0x80) != 0 ? base256_number(field) : octal_number(field);
}

bool TarHeader::is_zero() const { return block_.find_first_not_of('\0') == std::string_view::npos; }

bool TarHeader::checksum_matches() const {
  std::int64_t unsigned_sum = 8 * ' ';
  std::int64_t signed_sum = 8 * ' ';
  for (std::size_t i = 0; i < block_.size(); ++i) {
    if (i >= 148 && i < 156) continue;
    unsigned_sum += static_cast<std::uint8_t>(block_[i]);
    signed_sum += static_cast<signed char>(block_[i]);
  }
  const auto sum = tar_number(block_.substr(148, 8));
  return sum && (*sum == unsigned_sum || *sum == signed_sum);
}

std::string_view TarHeader::text(std::size_t offset, std::size_t length) const {
  const std::string_view field = block_.substr(offset, length);
  return field.substr(0, field.find('\0'));
}

std::string TarHeader::name() const {
  const bool posix = block_.substr(257, 6) == std::string_view("ustar\0", 6);
  const bool star = posix && block_.substr(508, 4) == std::string_view("tar\0", 4);
  const std::string_view prefix = posix ? text(345, star ? 131 : 155) : std::string_view();
  std::string name(prefix);
  if (!prefix.empty()) name += '/';
  name += text(0, 100);
  return name;
}

bool append_sparse_entries(std::string_view map, std::vector<SparseExtent>& extents) {
  for (; map.size() >= 24; map.remove_prefix(24)) {
    if (map[0] == '\0' || map[12] == '\0') return true;
    const auto offset = tar_number(map.substr(0, 12));
    const auto length = tar_number(map.substr(12, 12));
    if (!offset || !length || *offset < 0 || *length < 0) return false;
    extents.push_back({static_cast<std::uint64_t>(*offset), static_cast<std::uint64_t>(*length)});
  }
  return true;
}

bool sparse_extents_are_sound(const std::vector<SparseExtent>& extents, std::uint64_t real_size,
                              std::uint64_t stored) {
  std::uint64_t end = 0;
  std::uint64_t total = 0;
  for (const SparseExtent& extent : extents) {
    if (extent.offset < end || extent.offset > real_size || extent.length > real_size - extent.offset) return false;
    end = extent.offset + extent.length;
    total += extent.length;  // no overflow: the extents do not overlap within real_size
  }
  return total == stored;
}

}  // namespace oci
