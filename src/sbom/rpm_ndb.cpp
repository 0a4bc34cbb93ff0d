// SPDX-License-Identifier: Apache-2.0
// Packages.db, rpm's NDB format (librpm lib/backend/ndb/rpmpkg.c): a header of 32 bytes, pages of 16-byte slots, and
// blobs in blocks of 16 bytes. All integers are little-endian.
#include <fmt/format.h>

#include <optional>
#include <string>

#include "base/byte_reader.hpp"
#include "sbom/rpm.hpp"

namespace sbom {

namespace {

constexpr std::uint32_t kNdbMagic = 0x506d7052;       // "RpmP"
constexpr std::uint32_t kNdbSlotMagic = 0x746f6c53;   // "Slot"
constexpr std::uint32_t kNdbBlobMagic = 0x53626c42;   // "BlbS"
constexpr std::uint32_t kNdbTrailMagic = 0x45626c42;  // "BlbE"
constexpr std::uint64_t kNdbHeaderSize = 32;
constexpr std::uint64_t kNdbPageSize = 4096;
constexpr std::uint64_t kNdbSlotSize = 16;
constexpr std::uint64_t kNdbBlockSize = 16;
constexpr std::uint64_t kNdbBlobHeadSize = 16;
constexpr std::uint64_t kNdbBlobTailSize = 12;

struct NdbSlot {
  std::uint32_t package = 0;
  std::uint32_t block = 0;
  std::uint32_t blocks = 0;
};

// The data of the blob in a slot; nothing where head or tail are wrong. The checksum in the tail is not looked at, as
// librpm does not when it reads: a header that is damaged fails by itself.
std::optional<std::string_view> ndb_blob(const base::ByteReader& database, const NdbSlot& slot) {
  const std::uint64_t start = slot.block * kNdbBlockSize;
  const std::uint64_t size = slot.blocks * kNdbBlockSize;
  if (size < kNdbBlobHeadSize + kNdbBlobTailSize || !database.slice(start, size)) return std::nullopt;
  const std::uint64_t length = *database.le32(start + 12);
  if (*database.le32(start) != kNdbBlobMagic || *database.le32(start + 4) != slot.package) return std::nullopt;
  if (length > size - kNdbBlobHeadSize - kNdbBlobTailSize) return std::nullopt;
  const std::uint64_t tail = start + size - kNdbBlobTailSize;
  if (*database.le32(tail + 4) != length || *database.le32(tail + 8) != kNdbTrailMagic) return std::nullopt;
  return database.slice(start + kNdbBlobHeadSize, length);
}

}  // namespace

base::Result<void> visit_rpm_ndb(std::string_view bytes, const RpmBlobVisitor& visit) {
  const base::ByteReader database(bytes);
  if (bytes.empty()) return {};
  if (database.le32(0) != kNdbMagic) return base::fail(base::Kind::invalid_input, "no NDB header: not an rpm database");
  if (database.le32(4) != 0u)
    return base::fail(base::Kind::unsupported, fmt::format("rpm NDB version {} is not known", database.le32(4).value_or(0)));
  const std::uint64_t slots_end = std::uint64_t{database.le32(12).value_or(0)} * kNdbPageSize;
  if (slots_end == 0 || slots_end > bytes.size())
    return base::fail(base::Kind::corrupt, "rpm database is damaged: its slots end past the file");

  std::size_t bad = 0;
  std::uint64_t bytes_left = bytes.size();  // slots may name one blob again and again
  for (std::uint64_t at = kNdbHeaderSize; at < slots_end; at += kNdbSlotSize) {
    const NdbSlot slot{*database.le32(at + 4), *database.le32(at + 8), *database.le32(at + 12)};
    if (*database.le32(at) != kNdbSlotMagic) {
      ++bad;
      continue;
    }
    if (slot.block == 0) continue;  // free
    if (slot.blocks * kNdbBlockSize > bytes_left)
      return base::fail(base::Kind::corrupt, "rpm database is damaged: its packages share blocks");
    bytes_left -= slot.blocks * kNdbBlockSize;
    if (const auto blob = ndb_blob(database, slot); !blob)
      ++bad;
    else if (!visit(*blob))
      return {};
  }
  if (bad > 0) return base::fail(base::Kind::corrupt, fmt::format("rpm database is damaged: {} slots or blobs are wrong", bad));
  return {};
}

}  // namespace sbom
