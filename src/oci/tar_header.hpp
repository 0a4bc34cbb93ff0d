// SPDX-License-Identifier: Apache-2.0
// The 512-byte header block of tar, as bytes and numbers (POSIX.1-2001 pax, "ustar Interchange Format"; GNU tar
// manual, "Basic Tar Format").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace oci {

inline constexpr std::size_t kTarBlock = 512;

// An octal or base-256 number; nullopt where it is no number or does not fit. Blank fields are 0.
std::optional<std::int64_t> tar_number(std::string_view field);

// One stretch of data of a sparse file; all else reads as zero bytes.
struct SparseExtent {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

class TarHeader {
 public:
  explicit TarHeader(std::string_view block) : block_(block) {}

  bool is_zero() const;
  bool checksum_matches() const;  // signed or unsigned sum
  bool is_gnu() const { return block_.substr(257, 8) == std::string_view("ustar  \0", 8); }

  char type() const { return block_[156]; }
  std::string name() const;  // prefix and name joined where the format has a prefix
  std::string_view link() const { return text(157, 100); }
  std::optional<std::int64_t> size() const { return tar_number(block_.substr(124, 12)); }
  std::int64_t mode() const { return tar_number(block_.substr(100, 8)).value_or(0); }
  std::int64_t mtime() const { return tar_number(block_.substr(136, 12)).value_or(0); }

  // Old GNU sparse format: the map's first entries, whether an extension block follows, the expanded size.
  bool sparse_extended() const { return block_[482] != 0; }
  std::optional<std::int64_t> sparse_real_size() const { return tar_number(block_.substr(483, 12)); }
  std::string_view sparse_map() const { return block_.substr(386, 4 * 24); }

 private:
  std::string_view text(std::size_t offset, std::size_t length) const;
  std::string_view block_;
};

// Appends the entries of a map in a header or an extension block, to the first empty one. False where a number is
// none.
bool append_sparse_entries(std::string_view map, std::vector<SparseExtent>& extents);

// Ordered, without overlap, inside `real_size`, and `stored` bytes in all.
bool sparse_extents_are_sound(const std::vector<SparseExtent>& extents, std::uint64_t real_size, std::uint64_t stored);

}  // namespace oci
