// SPDX-License-Identifier: Apache-2.0
#include "base/zip.hpp"

#include <fmt/format.h>
#include <isa-l/crc.h>

#include <algorithm>
#include <optional>

#include "base/byte_reader.hpp"
#include "base/compress.hpp"
#include "base/text.hpp"

namespace base {

namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDirectoryHeader = 0x02014b50;
constexpr std::uint32_t kEndOfDirectory = 0x06054b50;
constexpr std::uint32_t kZip64End = 0x06064b50;
constexpr std::uint32_t kZip64Locator = 0x07064b50;
constexpr std::uint64_t kEndSize = 22;
constexpr std::uint64_t kDirectoryHeaderSize = 46;
constexpr std::uint64_t kLocalHeaderSize = 30;

struct ZipDirectory {
  std::uint64_t start = 0;   // in the bytes given
  std::uint64_t size = 0;
  std::uint64_t count = 0;   // as claimed
  std::uint64_t shift = 0;   // bytes in front of the archive: added to all its offsets
};

// APPNOTE 4.3.14 and 4.3.15: the ZIP64 record before the end record at `end`, if there is one.
std::optional<ZipDirectory> zip64_directory(const ByteReader& in, std::uint64_t end) {
  if (end < 20 || in.le32(end - 20) != kZip64Locator) return std::nullopt;
  // The locator counts from the archive's start, which bytes in front move; the record normally stands right before.
  const std::uint64_t claimed = in.le64(end - 12).value_or(0);
  const std::uint64_t adjacent = end >= 76 ? end - 76 : 0;
  const std::uint64_t at = in.le32(claimed) == kZip64End ? claimed : adjacent;
  if (in.le32(at) != kZip64End) return std::nullopt;
  const auto count = in.le64(at + 32);
  const auto size = in.le64(at + 40);
  const auto offset = in.le64(at + 48);
  if (!count || !size || !offset || *size > at) return std::nullopt;
  ZipDirectory directory{*offset, *size, *count, 0};
  if (*offset <= at - *size && in.le32(at - *size) == kDirectoryHeader) {
    directory.start = at - *size;
    directory.shift = directory.start - *offset;
  }
  return directory;
}

std::optional<ZipDirectory> directory_of(const ByteReader& in, std::uint64_t end) {
  const auto count = in.le16(end + 10);
  const auto size = in.le32(end + 12);
  const auto offset = in.le32(end + 16);
  const auto comment = in.le16(end + 20);
  if (!count || !size || !offset || !comment || end + kEndSize + *comment > in.size()) return std::nullopt;
  if (auto large = zip64_directory(in, end)) return large;
  if (*size > end || *offset > end - *size) return std::nullopt;
  ZipDirectory directory{end - *size, *size, *count, end - *size - *offset};
  if (*count > 0 && in.le32(directory.start) != kDirectoryHeader) {
    // Something stands between directory and end record (a signature): believe the offset.
    if (in.le32(*offset) != kDirectoryHeader) return std::nullopt;
    directory.start = *offset;
    directory.shift = 0;
  }
  return directory;
}

std::optional<ZipDirectory> find_directory(const ByteReader& in) {
  if (in.size() < kEndSize) return std::nullopt;
  const std::uint64_t last = in.size() - kEndSize;
  const std::uint64_t first = last > 0xffff ? last - 0xffff : 0;
  for (std::uint64_t at = last + 1; at-- > first;) {
    if (in.bytes()[at] != 'P' || in.le32(at) != kEndOfDirectory) continue;
    if (auto directory = directory_of(in, at)) return directory;
  }
  return std::nullopt;
}

// APPNOTE 4.5.3: 64-bit values stand in the extra field for those that are all ones in the header, in this order.
void apply_zip64_extra(std::string_view extra, ZipEntry& entry) {
  const ByteReader in(extra);
  for (std::uint64_t at = 0;;) {
    const auto id = in.le16(at);
    const auto size = in.le16(at + 2);
    if (!id || !size) return;
    if (*id != 1) {
      at += 4u + *size;
      continue;
    }
    std::uint64_t value_at = at + 4;
    const std::uint64_t end = value_at + *size;
    for (std::uint64_t* field : {&entry.size, &entry.compressed_size, &entry.header_offset}) {
      if (*field != 0xffffffff || value_at + 8 > end) continue;
      *field = in.le64(value_at).value_or(*field);
      value_at += 8;
    }
    return;
  }
}

// The entry of the directory at `at`, which moves on behind it; nullopt where there is none.
std::optional<ZipEntry> read_directory_entry(const ByteReader& in, std::uint64_t& at) {
  const auto header = in.slice(at, kDirectoryHeaderSize);
  if (!header || in.le32(at) != kDirectoryHeader) return std::nullopt;
  const ByteReader fields(*header);
  const std::uint64_t name_size = fields.le16(28).value_or(0);
  const std::uint64_t extra_size = fields.le16(30).value_or(0);
  const auto name = in.slice(at + kDirectoryHeaderSize, name_size);
  const auto extra = in.slice(at + kDirectoryHeaderSize + name_size, extra_size);
  if (!name || !extra) return std::nullopt;
  ZipEntry entry;
  entry.name = *name;
  entry.encrypted = (fields.le16(8).value_or(0) & 1) != 0;
  entry.method = fields.le16(10).value_or(0);
  entry.crc32 = fields.le32(16).value_or(0);
  entry.compressed_size = fields.le32(20).value_or(0);
  entry.size = fields.le32(24).value_or(0);
  entry.header_offset = fields.le32(42).value_or(0);
  apply_zip64_extra(*extra, entry);
  at += kDirectoryHeaderSize + name_size + extra_size + fields.le16(32).value_or(0);
  return entry;
}

std::uint32_t zip_crc32(std::string_view data) {
  // ISA-L does not write through the pointer.
  auto* bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(data.data()));
  return crc32_gzip_refl(0, bytes, data.size());
}

}  // namespace

Result<ZipReader> ZipReader::open(std::string_view bytes, std::size_t max_entries) {
  const ByteReader in(bytes);
  const auto directory = find_directory(in);
  if (!directory) return fail(Kind::invalid_input, "zip: no central directory; the archive is cut or none");
  ZipReader reader;
  reader.bytes_ = bytes;
  std::uint64_t at = directory->start;
  // The claimed count is 16 bits wide in old archives: the directory's own end decides.
  while (at < directory->start + directory->size) {
    auto entry = read_directory_entry(in, at);
    if (!entry) break;
    if (reader.entries_.size() >= max_entries)
      return fail(Kind::too_large, fmt::format("zip: more than {} entries", max_entries));
    entry->header_offset += directory->shift;
    reader.entries_.push_back(*entry);
  }
  if (reader.entries_.empty() && directory->count > 0)
    return fail(Kind::invalid_input, "zip: the central directory is damaged");
  return reader;
}

Result<std::string> ZipReader::read(const ZipEntry& entry, std::size_t cap) const {
  const auto name = printable(entry.name.substr(0, 200));
  const ByteReader in(bytes_);
  if (entry.encrypted) return fail(Kind::unsupported, fmt::format("zip: '{}' is encrypted", name));
  const auto header = in.slice(entry.header_offset, kLocalHeaderSize);
  if (!header || in.le32(entry.header_offset) != kLocalHeader)
    return fail(Kind::corrupt, fmt::format("zip: '{}' has no local header", name));
  const std::uint64_t skipped = kLocalHeaderSize + in.le16(entry.header_offset + 26).value_or(0) +
                                in.le16(entry.header_offset + 28).value_or(0);
  const auto stored = in.slice(entry.header_offset + skipped, entry.compressed_size);
  if (!stored) return fail(Kind::corrupt, fmt::format("zip: '{}' reaches past the end of the archive", name));
  if (entry.method != 0 && entry.method != 8)
    return fail(Kind::unsupported, fmt::format("zip: '{}' uses the compression method {}", name, entry.method));
  if (entry.method == 0 && stored->size() > cap)
    return fail(Kind::too_large, fmt::format("zip: '{}' is larger than the {} bytes allowed", name, cap));
  auto data = entry.method == 0 ? Result<std::string>(std::string(*stored)) : inflate_raw(*stored, cap);
  if (!data) return fail(data.error().with_context(fmt::format("zip: '{}'", name)));
  if (zip_crc32(*data) != entry.crc32)
    return fail(Kind::corrupt, fmt::format("zip: the data of '{}' do not match their checksum", name));
  return data;
}

bool looks_like_zip(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 4);
  return head == std::string_view("PK\3\4", 4) || head == std::string_view("PK\5\6", 4);
}

}  // namespace base
