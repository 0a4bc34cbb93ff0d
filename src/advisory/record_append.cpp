// SPDX-License-Identifier: Apache-2.0
// Copying records from one set, or from a database file, into another set.
#include <optional>
#include <vector>

#include "advisory/record_set.hpp"

namespace advisory {

namespace {

constexpr std::uint32_t kLeftOut = 0xffffffffu;

// Moves rows from `from` to `into`, string numbers and list spans adjusted.
class RowCopier {
 public:
  RowCopier(const RecordView& from, RecordSet& into) : from_(from), into_(into), strings_(from.string_ends.size(), kLeftOut) {}

  index::StringId string(index::StringId id) {
    if (id >= strings_.size()) return 0;
    if (strings_[id] == kLeftOut) strings_[id] = into_.strings.intern(from_.string(id));
    return strings_[id];
  }

  index::Span list(index::Span span) {
    const auto [begin, end] = from_.span(span);
    index::Span out;
    out.begin = static_cast<std::uint32_t>(into_.lists.size());
    out.count = static_cast<std::uint32_t>(end - begin);
    for (std::size_t i = begin; i < end; ++i) into_.lists.push_back(string(from_.lists[i]));
    return out;
  }

  void advisory(index::AdvisoryRow row, std::uint32_t source) {
    row.id = string(row.id);
    row.source = source;
    row.title = string(row.title);
    row.modified = string(row.modified);
    row.published = string(row.published);
    row.severity = string(row.severity);
    row.vectors = string(row.vectors);
    row.aliases = list(row.aliases);
    row.covers = list(row.covers);
    row.references = list(row.references);
    row.groups = {};
    row.effective = 0;
    into_.advisories.push_back(row);
  }

  void affected(index::AffectedRow row, std::uint32_t advisory) {
    row.advisory = advisory;
    row.ecosystem = string(row.ecosystem);
    row.name = string(row.name);
    row.severity = string(row.severity);
    row.vectors = string(row.vectors);
    row.modules = string(row.modules);
    row.versions = list(row.versions);
    const std::size_t begin = row.intervals_begin;
    row.intervals_begin = static_cast<std::uint32_t>(into_.intervals.size());
    std::uint32_t copied = 0;
    for (; copied < row.intervals_count && begin + copied < from_.intervals.size(); ++copied) {
      const index::IntervalRow interval = from_.intervals[begin + copied];
      const std::uint32_t inclusive = interval.upper & index::kInclusive;
      into_.intervals.push_back({string(interval.lower), string(interval.upper & ~index::kInclusive) | inclusive});
    }
    row.intervals_count = copied;
    into_.affected.push_back(row);
  }

 private:
  const RecordView& from_;
  RecordSet& into_;
  std::vector<index::StringId> strings_;
};

}  // namespace

std::uint32_t RecordSet::merge_source(const index::SourceRow& row) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    auto& known = sources[i];
    if (known.name != row.name || known.kind != row.kind) continue;
    known.records += row.records;
    if (strings[row.newest] > strings[known.newest]) known.newest = row.newest;
    if (strings[row.imported] > strings[known.imported]) known.imported = row.imported;
    return static_cast<std::uint32_t>(i);
  }
  sources.push_back(row);
  return static_cast<std::uint32_t>(sources.size() - 1);
}

void RecordSet::append(const RecordView& from, const Filter& filter) {
  RowCopier copier(from, *this);
  std::vector<std::uint32_t> source_numbers(from.sources.size(), kLeftOut);
  for (std::size_t i = 0; i < from.sources.size(); ++i) {
    index::SourceRow row = from.sources[i];
    if (!filter.keep_source(static_cast<std::uint32_t>(i))) continue;
    if (row.kind == index::SourceKind::kev)
      for (std::size_t k = 0; k < from.kev.size(); ++k) kev.push_back(from.kev[k]);
    else if (row.kind == index::SourceKind::epss)
      for (std::size_t k = 0; k < from.epss.size(); ++k) epss.push_back(from.epss[k]);
    else
      row.records = 0;
    row.name = copier.string(row.name);
    row.newest = copier.string(row.newest);
    row.imported = copier.string(row.imported);
    source_numbers[i] = merge_source(row);
  }
  std::vector<std::uint32_t> advisory_numbers(from.advisories.size(), kLeftOut);
  for (std::size_t i = 0; i < from.advisories.size(); ++i) {
    const index::AdvisoryRow row = from.advisories[i];
    if (row.source >= source_numbers.size() || source_numbers[row.source] == kLeftOut) continue;
    if (filter.keep_advisory && !filter.keep_advisory(static_cast<std::uint32_t>(i))) continue;
    advisory_numbers[i] = static_cast<std::uint32_t>(advisories.size());
    ++sources[source_numbers[row.source]].records;
    copier.advisory(row, source_numbers[row.source]);
  }
  for (std::size_t i = 0; i < from.affected.size(); ++i) {
    const index::AffectedRow row = from.affected[i];
    if (row.advisory < advisory_numbers.size() && advisory_numbers[row.advisory] != kLeftOut)
      copier.affected(row, advisory_numbers[row.advisory]);
  }
}

}  // namespace advisory
