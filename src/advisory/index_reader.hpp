// SPDX-License-Identifier: Apache-2.0
// Reading of a database file. Checksums are verified when it is opened; every number in it is checked when it is
// followed, so that a file made to deceive leads to wrong answers at worst.
#pragma once

#include <optional>
#include <string_view>

#include "advisory/record_set.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace advisory {

class IndexReader {
 public:
  // `bytes` must outlive the reader. `name` names the file in errors: Kind::corrupt (also the section), and
  // Kind::unsupported for another version of the format.
  static base::Result<IndexReader> open(std::string_view bytes, std::string_view name);

  const RecordView& records() const { return records_; }
  base::Seconds built() const { return built_; }
  std::size_t key_count() const { return keys_.size(); }
  index::KeyRow key(std::size_t i) const { return keys_[i]; }

  // Rows of `affected` for a package: {begin, end}, empty where there are none. Canonical ecosystem, normalised name.
  std::pair<std::size_t, std::size_t> find(std::string_view ecosystem, std::string_view name) const;

  index::GroupRow group(std::size_t number) const { return groups_[number]; }
  bool in_kev(std::uint64_t cve) const;
  std::optional<index::EpssRow> epss(std::uint64_t cve) const;

 private:
  base::Result<void> check_rows(std::string_view name) const;

  RecordView records_;
  Table<index::KeyRow> keys_;
  Table<std::uint32_t> slots_;
  Table<index::GroupRow> groups_;
  base::Seconds built_{};
};

std::uint64_t key_hash(std::string_view ecosystem, std::string_view name);

}  // namespace advisory
