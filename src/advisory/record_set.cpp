// SPDX-License-Identifier: Apache-2.0
#include "advisory/record_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "advisory/cvss.hpp"
#include "advisory/ecosystem.hpp"
#include "advisory/intervals.hpp"
#include "advisory/version.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace advisory {

using index::kInclusive;
using index::kNoScore;
using index::Span;
using index::StringId;

namespace {

constexpr std::size_t kLongestVectors = 1024;  // all of a record together
constexpr std::size_t kLongestName = 512;      // ids, package names, versions
constexpr std::size_t kLongestTitle = 240;
constexpr std::size_t kLongestUrl = 1000;
constexpr std::size_t kMostReferences = 24;
constexpr std::size_t kMostAffected = 50'000;  // packages and releases of one record
constexpr std::size_t kMostText = 0x7f000000;  // string numbers and offsets keep a bit free

// The first line of a title, cut between two characters of UTF-8.
std::string_view shorten_title(std::string_view title) {
  title = base::trim(title);
  title = base::trim(title.substr(0, title.find_first_of("\r\n")));
  if (title.size() <= kLongestTitle) return title;
  std::size_t end = kLongestTitle;
  while (end > 0 && (static_cast<unsigned char>(title[end]) & 0xc0) == 0x80) --end;
  return title.substr(0, end);
}

// The vectors that are valid, and the score of the first of them in tenths.
std::pair<std::string, std::uint8_t> valid_vectors(std::string_view vectors) {
  std::pair<std::string, std::uint8_t> out{{}, kNoScore};
  for (const std::string_view vector : base::split(vectors.substr(0, kLongestVectors), ' ')) {
    const auto score = vector.empty() ? std::nullopt : cvss_score(vector);
    if (!score || !(*score >= 0 && *score <= 10)) continue;
    if (out.first.empty()) out.second = static_cast<std::uint8_t>(std::lround(*score * 10));
    out.first.append(out.first.empty() ? "" : " ").append(vector);
  }
  return out;
}

base::Result<void> check_affected(const Affected& affected, std::string_view id) {
  const auto refuse = [&](std::string_view what) {
    return base::fail(base::Kind::invalid_input, fmt::format("record {}: {}", base::printable(id.substr(0, 80)), what));
  };
  if (affected.name.empty() || affected.ecosystem.empty()) return refuse("a package has no name or no ecosystem");
  if (affected.name.size() > kLongestName || affected.ecosystem.size() > kLongestName)
    return refuse(fmt::format("a package name is longer than {} bytes", kLongestName));
  for (const auto& range : affected.ranges)
    for (const auto& event : range)
      if (event.version.size() > kLongestName) return refuse(fmt::format("a version is longer than {} bytes", kLongestName));
  return {};
}

}  // namespace

bool has_module_build(const Affected& affected) {
  for (const auto& range : affected.ranges)
    for (const auto& event : range)
      if (event.version.find(".module") != std::string_view::npos) return true;
  return false;
}

std::string_view RecordView::string(StringId id) const {
  if (id >= string_ends.size()) return {};
  const std::uint32_t begin = id == 0 ? 0 : string_ends[id - 1];
  const std::uint32_t end = string_ends[id];
  if (begin > end || end > string_bytes.size()) return {};
  return string_bytes.substr(begin, end - begin);
}

std::pair<std::size_t, std::size_t> RecordView::span(Span span) const {
  const std::size_t begin = std::min<std::size_t>(span.begin, lists.size());
  return {begin, begin + std::min<std::size_t>(span.count, lists.size() - begin)};
}

StringTable::StringTable() : slots_(1024) { intern(""); }

StringId StringTable::intern(std::string_view text) {
  const auto hash64 = base::fnv1a(text);
  const auto hash = static_cast<std::uint32_t>(hash64 ^ hash64 >> 32);
  std::size_t slot = hash & (slots_.size() - 1);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const StringId id = slots_[slot] - 1;
    if (hashes_[id] == hash && (*this)[id] == text) return id;
  }
  if (bytes_.size() + text.size() > kMostText || ends_.size() >= kMostText) {
    full_ = true;
    return 0;
  }
  const auto id = static_cast<StringId>(ends_.size());
  bytes_ += text;
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  hashes_.push_back(hash);
  slots_[slot] = id + 1;
  if (ends_.size() * 2 > slots_.size()) grow();
  return id;
}

std::string_view StringTable::operator[](StringId id) const {
  const std::uint32_t begin = id == 0 ? 0 : ends_[id - 1];
  return std::string_view(bytes_).substr(begin, ends_[id] - begin);
}

void StringTable::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::size_t id = 0; id < hashes_.size(); ++id) {
    std::size_t slot = hashes_[id] & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(id + 1);
  }
}

std::uint32_t RecordSet::add_source(std::string_view name, index::SourceKind kind) {
  index::SourceRow row;
  row.name = strings.intern(name);
  row.kind = kind;
  return merge_source(row);
}

base::Result<void> RecordSet::add(const Advisory& advisory, std::uint32_t source) {
  if (advisory.id.empty() || advisory.id.size() > kLongestName)
    return base::fail(base::Kind::invalid_input, "a record has no id, or one that is far too long");
  if (advisory.affected.size() > kMostAffected)
    return base::fail(base::Kind::too_large, fmt::format("record {} names more than {} packages", advisory.id, kMostAffected));
  for (const auto& affected_package : advisory.affected) TRY(check_affected(affected_package, advisory.id));

  index::AdvisoryRow row;
  row.id = strings.intern(advisory.id);
  row.source = source;
  row.title = strings.intern(shorten_title(advisory.title));
  row.modified = strings.intern(advisory.modified.substr(0, 40));
  row.published = strings.intern(advisory.published.substr(0, 40));
  row.severity = strings.intern(advisory.severity.substr(0, 40));
  const auto [vectors, score] = valid_vectors(advisory.vectors);
  row.score = score;
  row.vectors = strings.intern(vectors);
  row.aliases = add_list(advisory.aliases);
  row.covers = add_list(advisory.covers);
  row.references = add_references(advisory.references);
  row.withdrawn = advisory.withdrawn ? 1 : 0;
  const auto number = static_cast<std::uint32_t>(advisories.size());
  advisories.push_back(row);
  if (!advisory.withdrawn)
    for (const auto& affected_package : advisory.affected) add_affected(affected_package, number);

  auto& status = sources[source];
  ++status.records;
  if (advisory.modified > strings[status.newest]) status.newest = row.modified;
  return {};
}

Span RecordSet::add_list(const std::vector<std::string_view>& texts) {
  Span span;
  span.begin = static_cast<std::uint32_t>(lists.size());
  for (const auto text : texts)
    if (!text.empty() && text.size() <= kLongestName) lists.push_back(strings.intern(text));
  span.count = static_cast<std::uint32_t>(lists.size()) - span.begin;
  return span;
}

// Most URLs share their beginning with others and end in an id that is held already.
Span RecordSet::add_references(const std::vector<std::string_view>& urls) {
  Span span;
  span.begin = static_cast<std::uint32_t>(lists.size());
  for (const auto url : urls) {
    if (url.empty() || url.size() > kLongestUrl) continue;
    const auto slash = url.rfind('/');
    const std::size_t cut = slash == std::string_view::npos ? 0 : slash + 1;
    lists.push_back(strings.intern(url.substr(0, cut)));
    lists.push_back(strings.intern(url.substr(cut)));
    if (lists.size() - span.begin >= 2 * kMostReferences) break;
  }
  span.count = static_cast<std::uint32_t>(lists.size()) - span.begin;
  return span;
}

void RecordSet::add_affected(const Affected& input, std::uint32_t advisory) {
  const std::string ecosystem = canonical_ecosystem(input.ecosystem);
  const auto scheme = scheme_of(ecosystem);
  index::AffectedRow row;
  row.advisory = advisory;
  row.ecosystem = strings.intern(ecosystem);
  row.name = strings.intern(normalize_name(ecosystem, input.name));
  row.intervals_begin = static_cast<std::uint32_t>(intervals.size());
  std::vector<Interval> all;
  if (scheme)
    for (const auto& range : input.ranges)
      for (const auto& interval : intervals_of(*scheme, range)) all.push_back(interval);
  for (const auto& interval : all)
    intervals.push_back({strings.intern(interval.lower), strings.intern(interval.upper) | (interval.inclusive ? kInclusive : 0)});
  row.intervals_count = static_cast<std::uint32_t>(all.size());
  row.versions.begin = static_cast<std::uint32_t>(lists.size());
  for (const auto version : input.versions) {
    const auto is_version = [&](const Interval& interval) { return contains(*scheme, interval, version); };
    const bool covered = scheme && is_valid_version(*scheme, version) && std::any_of(all.begin(), all.end(), is_version);
    if (!covered && version.size() <= kLongestName) lists.push_back(strings.intern(version));
  }
  row.versions.count = static_cast<std::uint32_t>(lists.size()) - row.versions.begin;
  row.severity = strings.intern(input.severity.substr(0, 40));
  const auto [vectors, score] = valid_vectors(input.vectors);
  row.score = score;
  row.vectors = strings.intern(vectors);
  row.modules = strings.intern(input.modules);
  row.status = static_cast<std::uint8_t>(input.status);
  row.name_kind = static_cast<std::uint8_t>(input.name_kind);
  row.modular = !input.modules.empty() || has_module_build(input) ? 1 : 0;
  affected.push_back(row);
}

RecordView RecordSet::view() const {
  RecordView view;
  view.string_ends = Table<std::uint32_t>(strings.ends());
  view.string_bytes = strings.bytes();
  view.lists = Table<std::uint32_t>(lists);
  view.sources = Table<index::SourceRow>(sources);
  view.advisories = Table<index::AdvisoryRow>(advisories);
  view.affected = Table<index::AffectedRow>(affected);
  view.intervals = Table<index::IntervalRow>(intervals);
  view.kev = Table<std::uint64_t>(kev);
  view.epss = Table<index::EpssRow>(epss);
  return view;
}

std::uint64_t cve_number(std::string_view id) {
  if (id.size() < 13 || id.size() > 23 || !base::equals_ignoring_case(id.substr(0, 4), "CVE-") || id[8] != '-') return 0;
  const auto digits = [](std::string_view text) -> std::uint64_t {
    std::uint64_t value = 0;
    for (char c : text) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return value;
  };
  const auto year = id.substr(4, 4);
  const auto number = id.substr(9);
  if (!base::is_digits(year) || !base::is_digits(number) || number.size() > 14) return 0;
  return digits(year) << 48 | digits(number);
}

}  // namespace advisory
