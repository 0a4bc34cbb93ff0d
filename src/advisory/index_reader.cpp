// SPDX-License-Identifier: Apache-2.0
#include "advisory/index_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "base/checksum.hpp"
#include "base/hash.hpp"

namespace advisory {

namespace {

using index::Header;
using index::Section;

tl::unexpected<base::Error> damaged(std::string_view name, std::string_view part, std::string_view how) {
  return base::fail(base::Kind::corrupt,
                    fmt::format("{}: the vulnerability database is damaged: {} {}; delete the file and import again", name, part, how));
}

base::Result<Header> read_header(std::string_view bytes, std::string_view name) {
  Header header;
  if (bytes.size() < 16 || bytes.substr(0, index::kMagic.size()) != index::kMagic)
    return base::fail(base::Kind::corrupt, fmt::format("{} is no vulnerability database; name another file, or delete it and import again", name));
  std::memcpy(&header.version, bytes.data() + offsetof(Header, version), sizeof header.version);
  if (header.version != index::kFormatVersion)
    return base::fail(base::Kind::unsupported,
                      fmt::format("{}: the vulnerability database has format {} and this program reads format {}; delete the file and import again",
                                  name, header.version, index::kFormatVersion));
  if (bytes.size() < sizeof header) return damaged(name, "header", "is cut short");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.crc32c != base::crc32c(bytes.substr(0, offsetof(Header, crc32c))) || header.section_count != index::kSectionCount)
    return damaged(name, "header", "does not agree with its checksum");
  if (header.file_size != bytes.size())
    return damaged(name, "file", fmt::format("has {} bytes and should have {}", bytes.size(), header.file_size));
  return header;
}

base::Result<std::string_view> read_section(std::string_view bytes, const Header& header, Section section, std::string_view name) {
  const auto number = static_cast<std::size_t>(section);
  const auto& entry = header.sections[number];
  const auto part = fmt::format("section {}", index::kSectionNames[number]);
  if (entry.offset > bytes.size() || entry.length > bytes.size() - entry.offset) return damaged(name, part, "lies outside of the file");
  const auto data = bytes.substr(entry.offset, entry.length);
  if (base::crc32c(data) != entry.crc32c) return damaged(name, part, "does not agree with its checksum");
  return data;
}

template <typename Row>
base::Result<void> read_table(std::string_view bytes, const Header& header, Section section, std::string_view name, Table<Row>& out) {
  const auto data = TRY(read_section(bytes, header, section, name));
  if (data.size() % sizeof(Row) != 0)
    return damaged(name, fmt::format("section {}", index::kSectionNames[static_cast<std::size_t>(section)]), "has a row cut short");
  out = Table<Row>(data);
  return {};
}

}  // namespace

std::uint64_t key_hash(std::string_view ecosystem, std::string_view name) {
  const std::uint64_t hash = base::fnv1a(name, base::fnv1a(std::string_view("\0", 1), base::fnv1a(ecosystem)));
  return hash ^ hash >> 29;
}

base::Result<IndexReader> IndexReader::open(std::string_view bytes, std::string_view name) {
  const Header header = TRY(read_header(bytes, name));
  IndexReader reader;
  RecordView& records = reader.records_;
  reader.built_ = base::Seconds(std::chrono::seconds(header.built));
  TRY(read_table(bytes, header, Section::string_ends, name, records.string_ends));
  records.string_bytes = TRY(read_section(bytes, header, Section::string_bytes, name));
  TRY(read_table(bytes, header, Section::lists, name, records.lists));
  TRY(read_table(bytes, header, Section::sources, name, records.sources));
  TRY(read_table(bytes, header, Section::advisories, name, records.advisories));
  TRY(read_table(bytes, header, Section::affected, name, records.affected));
  TRY(read_table(bytes, header, Section::intervals, name, records.intervals));
  TRY(read_table(bytes, header, Section::keys, name, reader.keys_));
  TRY(read_table(bytes, header, Section::slots, name, reader.slots_));
  TRY(read_table(bytes, header, Section::groups, name, reader.groups_));
  TRY(read_table(bytes, header, Section::kev, name, records.kev));
  TRY(read_table(bytes, header, Section::epss, name, records.epss));
  TRY(reader.check_rows(name));
  return reader;
}

// Spans may not overlap: what is reachable from all rows together is then no larger than the file, and no search
// takes longer than reading it.
base::Result<void> IndexReader::check_rows(std::string_view name) const {
  const auto built = built_.time_since_epoch().count();
  if (built < 0 || built > 253402300799) return damaged(name, "header", "has a date that cannot be");
  std::uint64_t listed = 0;
  for (std::size_t i = 0; i < records_.advisories.size(); ++i) {
    const auto row = records_.advisories[i];
    listed += std::uint64_t{row.aliases.count} + row.covers.count + row.references.count + row.groups.count;
  }
  std::uint64_t intervals = 0;
  for (std::size_t i = 0; i < records_.affected.size(); ++i) {
    const auto row = records_.affected[i];
    listed += row.versions.count;
    intervals += row.intervals_count;
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const auto row = groups_[i];
    listed += std::uint64_t{row.ids.count} + row.advisories.count;
  }
  std::uint64_t affected = 0;
  for (std::size_t i = 0; i < keys_.size(); ++i) affected += keys_[i].affected_count;
  if (listed > records_.lists.size()) return damaged(name, "section lists", "is smaller than its rows say");
  if (intervals > records_.intervals.size()) return damaged(name, "section intervals", "is smaller than its rows say");
  if (affected > records_.affected.size()) return damaged(name, "section affected", "is smaller than its keys say");
  return {};
}

std::pair<std::size_t, std::size_t> IndexReader::find(std::string_view ecosystem, std::string_view name) const {
  const std::size_t size = slots_.size();
  if (size == 0) return {0, 0};
  std::size_t slot = key_hash(ecosystem, name) % size;
  for (std::size_t tries = 0; tries < size; ++tries, slot = slot + 1 == size ? 0 : slot + 1) {
    const std::uint32_t number = slots_[slot];
    if (number == 0) return {0, 0};
    const auto key = keys_[number - 1];
    if (records_.string(key.name) != name || records_.string(key.ecosystem) != ecosystem) continue;
    const std::size_t begin = std::min<std::size_t>(key.affected_begin, records_.affected.size());
    return {begin, begin + std::min<std::size_t>(key.affected_count, records_.affected.size() - begin)};
  }
  return {0, 0};
}

bool IndexReader::in_kev(std::uint64_t cve) const {
  std::size_t low = 0;
  std::size_t high = records_.kev.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (records_.kev[middle] < cve) low = middle + 1;
    else high = middle;
  }
  return cve != 0 && low < records_.kev.size() && records_.kev[low] == cve;
}

std::optional<index::EpssRow> IndexReader::epss(std::uint64_t cve) const {
  std::size_t low = 0;
  std::size_t high = records_.epss.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (records_.epss[middle].cve < cve) low = middle + 1;
    else high = middle;
  }
  if (cve == 0 || low >= records_.epss.size() || records_.epss[low].cve != cve) return std::nullopt;
  return records_.epss[low];
}

}  // namespace advisory
