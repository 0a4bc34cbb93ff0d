// SPDX-License-Identifier: Apache-2.0
// Advisories in the compact form that the database file has too: fixed rows that name strings by number.
#pragma once

#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/index_format.hpp"
#include "advisory/record.hpp"
#include "base/result.hpp"

namespace advisory {

// Rows that stand one after another in bytes held elsewhere, aligned or not. A row past the end is an empty one, so that
// numbers out of a hostile file lead nowhere.
template <typename Row>
class Table {
 public:
  Table() = default;
  explicit Table(std::string_view bytes) : bytes_(bytes) {}
  explicit Table(const std::vector<Row>& rows)
      : bytes_(reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(Row)) {}

  std::size_t size() const { return bytes_.size() / sizeof(Row); }
  Row operator[](std::size_t i) const {
    Row row{};
    if (i < size()) std::memcpy(&row, bytes_.data() + i * sizeof(Row), sizeof(Row));
    return row;
  }
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
};

// What an index file and a set in memory have in common: read-only tables.
struct RecordView {
  Table<std::uint32_t> string_ends;
  std::string_view string_bytes;
  Table<std::uint32_t> lists;
  Table<index::SourceRow> sources;
  Table<index::AdvisoryRow> advisories;
  Table<index::AffectedRow> affected;
  Table<index::IntervalRow> intervals;
  Table<std::uint64_t> kev;
  Table<index::EpssRow> epss;

  std::string_view string(index::StringId id) const;
  // The part of a span that is there: {begin, end} into lists.
  std::pair<std::size_t, std::size_t> span(index::Span span) const;
};

// Strings, each held once and named by number; 0 is the empty one.
class StringTable {
 public:
  StringTable();
  // Kind::too_large is not possible below 2 GiB of text; past it the empty string is returned and full() is set.
  index::StringId intern(std::string_view text);
  std::string_view operator[](index::StringId id) const;
  bool full() const { return full_; }
  const std::vector<std::uint32_t>& ends() const { return ends_; }
  const std::string& bytes() const { return bytes_; }

 private:
  void grow();

  std::string bytes_;
  std::vector<std::uint32_t> ends_;
  std::vector<std::uint32_t> hashes_;
  std::vector<std::uint32_t> slots_;  // id + 1
  bool full_ = false;
};

// A growing set of records. Not thread-safe.
class RecordSet {
 public:
  // A source for the records that follow, new or of that name already; returns its number.
  std::uint32_t add_source(std::string_view name, index::SourceKind kind);

  // Kind::invalid_input where the record cannot be used (no id; names or versions past the caps); nothing was added then.
  base::Result<void> add(const Advisory& advisory, std::uint32_t source);

  // Appends the sources, advisories and scores of `view` that `keep_source` and `keep_advisory` let through.
  struct Filter {
    std::function<bool(std::uint32_t source)> keep_source;
    std::function<bool(std::uint32_t advisory)> keep_advisory;
  };
  void append(const RecordView& view, const Filter& filter);

  RecordView view() const;

  StringTable strings;
  std::vector<std::uint32_t> lists;
  std::vector<index::SourceRow> sources;
  std::vector<index::AdvisoryRow> advisories;
  std::vector<index::AffectedRow> affected;
  std::vector<index::IntervalRow> intervals;
  std::vector<std::uint64_t> kev;
  std::vector<index::EpssRow> epss;

 private:
  std::uint32_t merge_source(const index::SourceRow& row);
  index::Span add_list(const std::vector<std::string_view>& texts);
  index::Span add_references(const std::vector<std::string_view>& urls);
  void add_affected(const Affected& affected, std::uint32_t advisory);
};

// "CVE-2024-3094" as a number that sorts by year and number; 0 where it is no CVE id.
std::uint64_t cve_number(std::string_view id);

}  // namespace advisory
