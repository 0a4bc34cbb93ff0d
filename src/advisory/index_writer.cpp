// SPDX-License-Identifier: Apache-2.0
#include "advisory/index_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_map>

#include "advisory/alias_groups.hpp"
#include "advisory/index_reader.hpp"
#include "base/checksum.hpp"

namespace advisory {

namespace {

using index::AffectedRow;
using index::KeyRow;
using index::Section;

// Of records with the same id (OSV puts one into the archive of each ecosystem it names) the newest counts, withdrawn
// or not.
void choose_effective(RecordSet& records) {
  std::unordered_map<index::StringId, std::size_t> newest;
  for (std::size_t i = 0; i < records.advisories.size(); ++i) {
    auto& row = records.advisories[i];
    row.effective = row.withdrawn ? 0 : 1;
    if (!index::is_osv(records.sources[row.source].kind)) continue;
    const auto [known, added] = newest.emplace(row.id, i);
    if (added) continue;
    auto& other = records.advisories[known->second];
    if (records.strings[row.modified] > records.strings[other.modified]) {
      other.effective = 0;
      known->second = i;
    } else {
      row.effective = 0;
    }
  }
}

// Sorted by key, rows that do not count at the end.
std::vector<KeyRow> sort_by_key(RecordSet& records) {
  const auto counts = [&](const AffectedRow& row) { return records.advisories[row.advisory].effective != 0; };
  auto& rows = records.affected;
  const auto middle = std::stable_partition(rows.begin(), rows.end(), counts);
  std::stable_sort(rows.begin(), middle, [](const AffectedRow& a, const AffectedRow& b) {
    return a.ecosystem != b.ecosystem ? a.ecosystem < b.ecosystem : a.name < b.name;
  });
  std::vector<KeyRow> keys;
  const auto active = static_cast<std::size_t>(middle - rows.begin());
  for (std::size_t i = 0; i < active; ++i) {
    if (keys.empty() || keys.back().ecosystem != rows[i].ecosystem || keys.back().name != rows[i].name)
      keys.push_back({rows[i].ecosystem, rows[i].name, static_cast<std::uint32_t>(i), 0});
    ++keys.back().affected_count;
  }
  return keys;
}

std::vector<std::uint32_t> make_slots(const RecordSet& records, const std::vector<KeyRow>& keys) {
  std::size_t size = 16;
  while (size < keys.size() * 2) size *= 2;
  std::vector<std::uint32_t> slots(size, 0);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::size_t slot = key_hash(records.strings[keys[i].ecosystem], records.strings[keys[i].name]) & (size - 1);
    while (slots[slot] != 0) slot = (slot + 1) & (size - 1);
    slots[slot] = static_cast<std::uint32_t>(i + 1);
  }
  return slots;
}

template <typename Row>
std::string_view bytes_of_rows(const std::vector<Row>& rows) {
  return Table<Row>(rows).bytes();
}

std::string assemble_file(const std::array<std::string_view, index::kSectionCount>& sections, base::Seconds built) {
  index::Header header;
  std::copy(index::kMagic.begin(), index::kMagic.end(), header.magic.begin());
  header.version = index::kFormatVersion;
  header.section_count = index::kSectionCount;
  header.built = built.time_since_epoch().count();
  std::uint64_t offset = sizeof header;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    header.sections[i] = {offset, sections[i].size(), static_cast<std::uint32_t>(i), base::crc32c(sections[i])};
    offset = (offset + sections[i].size() + 7) / 8 * 8;
  }
  header.file_size = offset;
  const std::string_view header_bytes(reinterpret_cast<const char*>(&header), sizeof header);
  header.crc32c = base::crc32c(header_bytes.substr(0, offsetof(index::Header, crc32c)));
  std::string out;
  out.reserve(offset);
  out += header_bytes;
  for (const auto section : sections) out.append(section).resize((out.size() + 7) / 8 * 8);
  return out;
}

}  // namespace

base::Result<std::string> write_index(RecordSet records, base::Seconds built) {
  choose_effective(records);
  const auto groups = make_groups(records);
  const auto keys = sort_by_key(records);
  const auto slots = make_slots(records, keys);
  std::sort(records.kev.begin(), records.kev.end());
  records.kev.erase(std::unique(records.kev.begin(), records.kev.end()), records.kev.end());
  std::stable_sort(records.epss.begin(), records.epss.end(), [](const auto& a, const auto& b) { return a.cve < b.cve; });
  const std::size_t most_rows = std::max({records.lists.size(), records.affected.size(), records.intervals.size()});
  if (records.strings.full() || most_rows >= UINT32_MAX)
    return base::fail(base::Kind::too_large, "the vulnerability data does not fit into one database; import fewer ecosystems");

  std::array<std::string_view, index::kSectionCount> sections;
  const auto put = [&](Section section, std::string_view bytes) { sections[static_cast<std::size_t>(section)] = bytes; };
  put(Section::string_ends, bytes_of_rows(records.strings.ends()));
  put(Section::string_bytes, records.strings.bytes());
  put(Section::lists, bytes_of_rows(records.lists));
  put(Section::sources, bytes_of_rows(records.sources));
  put(Section::advisories, bytes_of_rows(records.advisories));
  put(Section::affected, bytes_of_rows(records.affected));
  put(Section::intervals, bytes_of_rows(records.intervals));
  put(Section::keys, bytes_of_rows(keys));
  put(Section::slots, bytes_of_rows(slots));
  put(Section::groups, bytes_of_rows(groups));
  put(Section::kev, bytes_of_rows(records.kev));
  put(Section::epss, bytes_of_rows(records.epss));
  return assemble_file(sections, built);
}

}  // namespace advisory
