// SPDX-License-Identifier: Apache-2.0
// Opens and searches database files. Checksums are made right first, so that mutations reach what lies behind them.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "advisory/index_reader.hpp"
#include "advisory/matcher.hpp"
#include "advisory/record_set.hpp"
#include "base/checksum.hpp"

namespace {

void repair_checksums(std::string& bytes) {
  using advisory::index::Header;
  if (bytes.size() < sizeof(Header)) return;
  Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::memcpy(header.magic.data(), advisory::index::kMagic.data(), header.magic.size());
  header.version = advisory::index::kFormatVersion;
  header.section_count = advisory::index::kSectionCount;
  header.file_size = bytes.size();
  for (auto& section : header.sections) {
    section.offset = std::min<std::uint64_t>(section.offset, bytes.size());
    section.length = std::min<std::uint64_t>(section.length, bytes.size() - section.offset);
    if (section.offset < sizeof header) section.length = 0;
    section.crc32c = base::crc32c(std::string_view(bytes).substr(section.offset, section.length));
  }
  std::memcpy(bytes.data(), &header, sizeof header);
  header.crc32c = base::crc32c(std::string_view(bytes).substr(0, offsetof(Header, crc32c)));
  std::memcpy(bytes.data(), &header, sizeof header);
}

void search(const advisory::IndexReader& index, const char* type, const char* name, const char* version, const char* os, const char* release) {
  model::Package package;
  package.type = type;
  package.name = name;
  package.version = version;
  model::Distribution distribution;
  distribution.id = os;
  distribution.version = release;
  const auto hits = advisory::match_package(index, package, advisory::release_of(distribution));
  for (const auto& hit : hits) (void)advisory::make_finding(index, package, {hit});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  (void)advisory::IndexReader::open(bytes, "fuzz");
  repair_checksums(bytes);
  const auto index = advisory::IndexReader::open(bytes, "fuzz");
  if (!index) return 0;
  search(*index, "npm", "left", "1.0.0", "", "");
  search(*index, "deb", "curl", "7.0-1", "debian", "12");
  advisory::RecordSet copy;
  copy.append(index->records(), {[](std::uint32_t) { return true; }, nullptr});
  return 0;
}
