// SPDX-License-Identifier: Apache-2.0
// Packages, a Berkeley DB hash of package number → header blob (Berkeley DB 5.3 dbinc/db_page.h). Both byte orders;
// every hash page is read where it stands, so that neither the hash function nor the bucket table matters.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "base/byte_reader.hpp"
#include "sbom/rpm.hpp"

namespace sbom {

namespace {

constexpr std::uint32_t kBdbHashMagic = 0x061561;
constexpr std::uint8_t kBdbHashMetaPage = 8;
constexpr std::uint8_t kBdbOverflowPage = 7;
constexpr std::uint8_t kBdbUnsortedHashPage = 2;
constexpr std::uint8_t kBdbHashPage = 13;
constexpr std::uint8_t kBdbItemKeyData = 1;
constexpr std::uint8_t kBdbItemOffPage = 3;
constexpr std::uint32_t kBdbPageHeaderSize = 26;

class BdbHash {
 public:
  static base::Result<BdbHash> open(std::string_view bytes) {
    const base::ByteReader reader(bytes);
    const bool little = reader.le32(12) == kBdbHashMagic;
    if (!little && reader.be32(12) != kBdbHashMagic)
      return base::fail(base::Kind::invalid_input, "no Berkeley DB hash: not an rpm database");
    BdbHash hash(reader, !little);
    const std::uint32_t page_size = hash.u32(20).value_or(0);
    if (page_size < 512 || page_size > 65536 || (page_size & (page_size - 1)) != 0)
      return base::fail(base::Kind::corrupt, fmt::format("rpm database is damaged: page size {}", page_size));
    if (reader.u8(25) != kBdbHashMetaPage)
      return base::fail(base::Kind::corrupt, "rpm database is damaged: its first page is no hash metadata");
    if (reader.u8(24) != 0 || (reader.u8(26).value_or(0) & 1) != 0)
      return base::fail(base::Kind::unsupported, "rpm database with encryption or page checksums");
    hash.page_size_ = page_size;
    hash.last_page_ = hash.u32(32).value_or(0);
    hash.used_overflow_.resize(bytes.size() / page_size + 1);
    return hash;
  }

  base::Result<void> visit(const RpmBlobVisitor& visit_blob) {
    const std::uint64_t pages = bytes_.size() / page_size_;
    for (std::uint64_t page = 1; page < pages && page <= last_page_; ++page) {
      const auto type = bytes_.u8(page * page_size_ + 25);
      if (type != kBdbUnsortedHashPage && type != kBdbHashPage) continue;
      if (!visit_page(page, visit_blob)) return {};
    }
    if (last_page_ >= pages)
      return base::fail(base::Kind::corrupt, fmt::format("rpm database is cut short: {} of {} pages", pages, std::uint64_t{last_page_} + 1));
    if (bad_ > 0) return base::fail(base::Kind::corrupt, fmt::format("rpm database is damaged: {} entries are wrong", bad_));
    return {};
  }

 private:
  BdbHash(base::ByteReader bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  std::optional<std::uint32_t> u32(std::uint64_t at) const { return big_endian_ ? bytes_.be32(at) : bytes_.le32(at); }
  std::optional<std::uint16_t> u16(std::uint64_t at) const { return big_endian_ ? bytes_.be16(at) : bytes_.le16(at); }

  // Items grow from the end of the page towards its index; each ends where the one before it starts.
  bool visit_page(std::uint64_t page, const RpmBlobVisitor& visit_blob) {
    const std::uint64_t start = page * page_size_;
    const std::uint32_t count = u16(start + 20).value_or(0);
    if (kBdbPageHeaderSize + count * 2 > page_size_) {
      ++bad_;
      return true;
    }
    std::uint32_t end = page_size_;
    std::string_view key;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t offset = *u16(start + kBdbPageHeaderSize + i * 2);
      if (offset < kBdbPageHeaderSize + count * 2 || offset >= end) {
        ++bad_;
        return true;
      }
      const std::string_view item = *bytes_.slice(start + offset, end - offset);
      end = offset;
      if (i % 2 == 0)
        key = item;
      else if (!visit_pair(key, item, visit_blob))
        return false;
    }
    return true;
  }

  bool visit_pair(std::string_view key, std::string_view item, const RpmBlobVisitor& visit_blob) {
    // Key 0 holds the next free package number.
    if (key.size() == 5 && key.substr(1).find_first_not_of('\0') == std::string_view::npos) return true;
    const auto type = static_cast<std::uint8_t>(item[0]);
    if (type == kBdbItemKeyData) return visit_blob(item.substr(1));
    if (type == kBdbItemOffPage && item.size() >= 12) {
      const auto at = static_cast<std::uint64_t>(item.data() - bytes_.bytes().data());
      if (const auto blob = overflow_chain(*u32(at + 4), *u32(at + 8))) return visit_blob(*blob);
    }
    ++bad_;
    return true;
  }

  // A page belongs to one chain only; that bounds the work and ends loops.
  std::optional<std::string> overflow_chain(std::uint32_t page, std::uint32_t length) {
    if (length > bytes_.size()) return std::nullopt;
    std::string blob;
    while (page != 0 && blob.size() < length) {
      const std::uint64_t start = std::uint64_t{page} * page_size_;
      if (!bytes_.slice(start, page_size_) || used_overflow_[page] || bytes_.u8(start + 25) != kBdbOverflowPage)
        return std::nullopt;
      used_overflow_[page] = true;
      const std::uint32_t size = *u16(start + 22);
      if (size > page_size_ - kBdbPageHeaderSize) return std::nullopt;
      blob += *bytes_.slice(start + kBdbPageHeaderSize, size);
      page = *u32(start + 16);
    }
    if (blob.size() != length) return std::nullopt;
    return blob;
  }

  base::ByteReader bytes_;
  bool big_endian_;
  std::uint32_t page_size_ = 0;
  std::uint32_t last_page_ = 0;
  std::vector<bool> used_overflow_;
  std::size_t bad_ = 0;
};

}  // namespace

base::Result<void> visit_rpm_bdb(std::string_view database, const RpmBlobVisitor& visit) {
  if (database.empty()) return {};
  BdbHash hash = TRY(BdbHash::open(database));
  return hash.visit(visit);
}

}  // namespace sbom
