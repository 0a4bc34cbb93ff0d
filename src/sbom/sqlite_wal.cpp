// SPDX-License-Identifier: Apache-2.0
// Lays a write-ahead log over a SQLite database in memory (SQLite file format, section 4).
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "base/byte_reader.hpp"
#include "sbom/rpm.hpp"

namespace sbom {

namespace {

constexpr std::uint32_t kWalMagic = 0x377f0682;  // the lowest bit says that checksums read big-endian words
constexpr std::uint32_t kWalVersion = 3007000;
constexpr std::size_t kWalHeaderSize = 32;
constexpr std::size_t kWalFrameHeaderSize = 24;
constexpr std::uint64_t kMaxDatabaseBytes = 512u << 20;

// Running checksum of section 4.2.
class WalChecksum {
 public:
  explicit WalChecksum(bool big_endian) : big_endian_(big_endian) {}

  void add(std::string_view bytes) {  // a multiple of eight bytes
    const base::ByteReader reader(bytes);
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first_ += word(reader, at) + second_;
      second_ += word(reader, at + 4) + first_;
    }
  }
  bool equals(std::uint32_t first, std::uint32_t second) const { return first_ == first && second_ == second; }

 private:
  std::uint32_t word(const base::ByteReader& reader, std::size_t at) const {
    return big_endian_ ? *reader.be32(at) : *reader.le32(at);
  }
  bool big_endian_;
  std::uint32_t first_ = 0;
  std::uint32_t second_ = 0;
};

struct WalCommit {
  std::map<std::uint32_t, std::string_view> pages;  // page number (from 1) → its last committed content
  std::uint32_t page_count = 0;                     // of the database after the commit
};

bool is_sqlite_page_size(std::uint32_t size) { return size >= 512 && size <= 65536 && (size & (size - 1)) == 0; }

WalCommit read_wal_frames(const base::ByteReader& wal, std::uint32_t page_size, WalChecksum checksum) {
  WalCommit committed;
  std::map<std::uint32_t, std::string_view> pending;
  const std::string_view salts = *wal.slice(16, 8);
  for (std::size_t at = kWalHeaderSize;; at += kWalFrameHeaderSize + page_size) {
    const auto header = wal.slice(at, kWalFrameHeaderSize);
    const auto page = wal.slice(at + kWalFrameHeaderSize, page_size);
    if (!header || !page || header->substr(8, 8) != salts) break;
    checksum.add(header->substr(0, 8));
    checksum.add(*page);
    if (!checksum.equals(*wal.be32(at + 16), *wal.be32(at + 20))) break;
    const std::uint32_t number = *wal.be32(at);
    const std::uint32_t page_count = *wal.be32(at + 4);
    if (number == 0) break;
    pending[number] = *page;
    if (page_count == 0) continue;
    for (const auto& [key, content] : pending) committed.pages[key] = content;
    pending.clear();
    committed.page_count = page_count;
  }
  return committed;
}

std::uint32_t sqlite_page_size(std::string_view database) {
  const std::uint32_t size = base::ByteReader(database).be16(16).value_or(0);
  return size == 1 ? 65536 : size;
}

// The commit that the log ends in; empty where the log is not one of this database.
std::pair<WalCommit, std::uint32_t> read_wal(std::string_view database, std::string_view bytes) {
  const base::ByteReader wal(bytes);
  if (bytes.size() < kWalHeaderSize || (*wal.be32(0) & ~1u) != kWalMagic || *wal.be32(4) != kWalVersion) return {};
  const std::uint32_t page_size = *wal.be32(8);
  if (!is_sqlite_page_size(page_size) || (!database.empty() && sqlite_page_size(database) != page_size)) return {};
  WalChecksum checksum((*wal.be32(0) & 1u) != 0);
  checksum.add(bytes.substr(0, 24));
  if (!checksum.equals(*wal.be32(24), *wal.be32(28))) return {};
  return {read_wal_frames(wal, page_size, checksum), page_size};
}

}  // namespace

base::Result<std::string> apply_sqlite_wal(std::string_view database, std::string_view wal) {
  const auto [commit, page_size] = read_wal(database, wal);
  std::string out(database);
  if (commit.page_count > 0) {
    const std::uint64_t size = std::uint64_t{commit.page_count} * page_size;
    if (size > kMaxDatabaseBytes)
      return base::fail(base::Kind::too_large, "the write-ahead log makes the rpm database larger than 512 MiB");
    out.resize(static_cast<std::size_t>(size));
    for (const auto& [number, page] : commit.pages)
      if (number <= commit.page_count) std::copy(page.begin(), page.end(), out.begin() + std::ptrdiff_t{number - 1} * page_size);
  }
  // Bytes 18 and 19: file format versions, 2 for write-ahead logging, which a database in memory cannot have.
  for (std::size_t at : {std::size_t{18}, std::size_t{19}})
    if (out.size() > at && out[at] == '\2') out[at] = '\1';
  return out;
}

}  // namespace sbom
