// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "oci/tar_header.hpp"

namespace oci {

// What extended headers say (POSIX.1-2001 pax, "pax Extended Header"; GNU tar manual, "Storing Sparse Files").
// nullopt: not said, the header block holds.
struct PaxFields {
  std::optional<std::string> path;
  std::optional<std::string> link;
  std::optional<std::uint64_t> size;
  std::optional<std::int64_t> mtime;

  int sparse_major = -1;  // -1: not a sparse file in format 1.0
  std::optional<std::string> sparse_name;
  std::optional<std::uint64_t> sparse_real_size;
  std::vector<SparseExtent> sparse_map;            // formats 0.0 and 0.1
  std::optional<std::uint64_t> sparse_pending;     // 0.0: an offset whose length has not come yet
  bool sparse() const { return sparse_major >= 0 || sparse_real_size.has_value(); }
};

// Reads the records of one extended header over what `fields` holds. Kind::corrupt for a record that is none.
base::Result<void> apply_pax_records(std::string_view records, PaxFields& fields);

// A decimal number that takes the whole of `text`.
std::optional<std::uint64_t> decimal_number(std::string_view text);

// Most extents of one sparse file; a map of more ends the walk with Kind::too_large.
inline constexpr std::size_t kSparseExtentCap = 1u << 18;

}  // namespace oci
