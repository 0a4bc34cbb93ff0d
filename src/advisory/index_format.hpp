// SPDX-License-Identifier: Apache-2.0
// Layout of the database file; docs/database-format.md describes it. All numbers are little-endian.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace advisory::index {

static_assert(std::endian::native == std::endian::little, "rows are written as they stand in memory");

inline constexpr std::string_view kMagic = "BWADVDB\n";
inline constexpr std::uint32_t kFormatVersion = 1;

enum class Section : std::uint32_t {
  string_ends,  // u32 a string: where it ends in string_bytes
  string_bytes,
  lists,        // u32: string ids and group numbers, spans of which the rows below name
  sources,
  advisories,
  affected,     // sorted by key; rows of withdrawn or outdated advisories at the end
  intervals,
  keys,         // one a (ecosystem, package name)
  slots,        // u32: open hash table of key number + 1
  groups,
  kev,          // u64: CVE numbers, sorted
  epss          // sorted by CVE number
};
inline constexpr std::size_t kSectionCount = 12;
inline constexpr std::array<std::string_view, kSectionCount> kSectionNames{
    "string_ends", "string_bytes", "lists", "sources", "advisories", "affected",
    "intervals",   "keys",         "slots", "groups",  "kev",        "epss"};

struct SectionEntry {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // bytes
  std::uint32_t kind = 0;
  std::uint32_t crc32c = 0;
};

struct Header {
  std::array<char, 8> magic{};
  std::uint32_t version = 0;
  std::uint32_t section_count = 0;
  std::uint64_t file_size = 0;
  std::int64_t built = 0;  // seconds since 1970, UTC
  std::array<SectionEntry, kSectionCount> sections{};
  std::uint32_t reserved = 0;
  std::uint32_t crc32c = 0;  // of all bytes of the header before it
};

using StringId = std::uint32_t;  // 0 is the empty string

// Part of the section `lists`.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t count = 0;
};

enum class SourceKind : std::uint32_t { osv, osv_files, debian_tracker, secdb, oval, csaf, kev, epss };

// Records of loose files replace those of the same id; any other source replaces all its former records.
constexpr bool replaces_by_id(SourceKind kind) { return kind == SourceKind::osv_files || kind == SourceKind::csaf; }
constexpr bool is_osv(SourceKind kind) { return kind == SourceKind::osv || kind == SourceKind::osv_files; }

struct SourceRow {
  StringId name = 0;
  StringId newest = 0;
  StringId imported = 0;
  std::uint32_t records = 0;
  SourceKind kind = SourceKind::osv;
};

inline constexpr std::uint8_t kNoScore = 255;  // else ten times the CVSS base score

struct AdvisoryRow {
  StringId id = 0;
  std::uint32_t source = 0;
  StringId title = 0;
  StringId modified = 0;
  StringId published = 0;
  StringId severity = 0;
  StringId vectors = 0;  // CVSS vectors, newest version first, blanks between
  Span aliases;
  Span covers;
  Span references;  // pairs: the URL up to and with its last '/', and the rest
  Span groups;      // numbers of the vulnerabilities it speaks of
  std::uint8_t score = kNoScore;
  std::uint8_t withdrawn = 0;
  std::uint8_t effective = 0;  // 0: withdrawn, or a newer record of the same id stands elsewhere in the file
  std::uint8_t reserved = 0;
};

struct AffectedRow {
  std::uint32_t advisory = 0;
  StringId ecosystem = 0;  // canonical, see canonical_ecosystem
  StringId name = 0;       // normalised, see normalize_name
  std::uint32_t intervals_begin = 0;
  std::uint32_t intervals_count = 0;
  Span versions;
  StringId severity = 0;
  StringId vectors = 0;  // CVSS vectors, newest version first, blanks between
  StringId modules = 0;
  std::uint8_t status = 0;     // VendorStatus
  std::uint8_t name_kind = 0;  // NameKind
  std::uint8_t modular = 0;    // rpm: built as part of a module
  std::uint8_t score = kNoScore;
};

// Affected versions: lower <= v < upper, or v <= upper where `upper` has kInclusive. lower 0: from the first
// version on; upper 0: without end.
struct IntervalRow {
  StringId lower = 0;
  std::uint32_t upper = 0;
};
inline constexpr std::uint32_t kInclusive = 0x80000000u;

struct KeyRow {
  StringId ecosystem = 0;
  StringId name = 0;
  std::uint32_t affected_begin = 0;
  std::uint32_t affected_count = 0;
};

// One vulnerability: everything that `aliases` ties together.
struct GroupRow {
  StringId id = 0;  // CVE first, else GHSA, else the source's own
  Span ids;
  Span advisories;
};

struct EpssRow {
  std::uint64_t cve = 0;
  std::uint32_t probability = 0;  // in 1e-9
  std::uint32_t percentile = 0;   // in 1e-9
};

template <typename T>
inline constexpr bool kIsRow = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>;
static_assert(kIsRow<SourceRow> && kIsRow<AdvisoryRow> && kIsRow<AffectedRow> && kIsRow<IntervalRow> && kIsRow<KeyRow> &&
              kIsRow<GroupRow> && kIsRow<EpssRow> && kIsRow<Header>, "rows have no padding");

}  // namespace advisory::index
