// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/spool_frame.hpp"

#include "base/byte_reader.hpp"
#include "base/checksum.hpp"
#include "base/compress.hpp"
#include "workspace/ingest/ingest_limits.hpp"

namespace workspace {

namespace {

constexpr std::string_view kSegmentMagic = "BWSPOOL1";
constexpr std::size_t kSegmentIdSize = 16;
constexpr char kFrameVersion = 1;
constexpr std::size_t kLeastCompressed = 512;  // fewer bytes are not worth the time
constexpr std::size_t kMostParts = 16;         // TimeGenerated is within a few days
constexpr std::uint64_t kLargestRows = 4 * kLargestBatch;

void put_little(std::uint64_t value, std::size_t bytes, std::string& out) {
  for (std::size_t i = 0; i < bytes; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
}

void put_text(std::string_view text, std::string& out) {
  put_little(text.size(), 2, out);
  out += text;
}

// Reads front to back; once past the end everything is zero or empty and ok() is false.
class FrameCursor {
 public:
  explicit FrameCursor(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size() - at_) {
      ok_ = false;
      return {};
    }
    const std::string_view out = bytes_.substr(at_, count);
    at_ += count;
    return out;
  }
  std::uint64_t little(std::size_t count) {
    std::uint64_t value = 0;
    const std::string_view bytes = take(count);
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  std::string text() { return std::string(take(little(2))); }
  std::string_view rest() { return take(bytes_.size() - at_); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

base::Error damaged_frame() { return {base::Kind::corrupt, "a frame of the spool has a right checksum and is no frame"}; }

std::uint64_t bytes_of(const std::vector<SpoolPart>& parts) {
  std::uint64_t out = 0;
  for (const SpoolPart& part : parts) out += part.bytes;
  return out;
}

bool read_parts(FrameCursor& cursor, std::vector<SpoolPart>& parts) {
  const std::uint64_t count = cursor.little(1);
  if (count > kMostParts) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    SpoolPart part;
    part.day = static_cast<std::int64_t>(cursor.little(4));
    part.rows = cursor.little(4);
    part.bytes = cursor.little(4);
    parts.push_back(part);
  }
  return cursor.ok();
}

}  // namespace

std::uint64_t SpoolFrame::row_count() const {
  std::uint64_t out = 0;
  for (const SpoolPart& part : parts) out += part.rows;
  return out;
}

std::string segment_head(std::string_view id) {
  std::string out(kSegmentMagic);
  for (std::size_t i = 0; i + 1 < id.size(); i += 2) out += static_cast<char>(hex_value(id[i]) << 4 | hex_value(id[i + 1]));
  put_little(base::crc32c(out), 4, out);
  out.resize(kSegmentHeadSize);
  return out;
}

std::string encode_frame(const SpoolFrame& frame) {
  std::string payload(1, kFrameVersion);
  put_text(frame.workspace, payload);
  put_text(frame.table, payload);
  put_text(frame.source.id, payload);
  put_little(frame.source.sequence, 8, payload);
  put_little(static_cast<std::uint64_t>(frame.appended_ms), 8, payload);
  put_little(frame.parts.size(), 1, payload);
  for (const SpoolPart& part : frame.parts) {
    put_little(static_cast<std::uint64_t>(part.day), 4, payload);
    put_little(part.rows, 4, payload);
    put_little(part.bytes, 4, payload);
  }
  const bool compressed = frame.rows.size() >= kLeastCompressed;
  put_little(compressed ? 1 : 0, 1, payload);
  payload += compressed ? base::compress_zstd(frame.rows) : frame.rows;
  std::string out;
  out.reserve(kFrameHeadSize + payload.size());
  put_little(payload.size(), 4, out);
  put_little(base::crc32c(payload), 4, out);
  return out += payload;
}

base::Result<SpoolFrame> decode_frame(std::string_view payload) {
  FrameCursor cursor(payload);
  SpoolFrame out;
  if (cursor.little(1) != static_cast<std::uint64_t>(kFrameVersion)) return base::fail(damaged_frame());
  out.workspace = cursor.text();
  out.table = cursor.text();
  out.source.id = cursor.text();
  out.source.sequence = cursor.little(8);
  out.appended_ms = static_cast<std::int64_t>(cursor.little(8));
  if (!read_parts(cursor, out.parts)) return base::fail(damaged_frame());
  const bool compressed = cursor.little(1) == 1;
  const std::string_view rest = cursor.rest();
  const std::uint64_t size = bytes_of(out.parts);
  if (!cursor.ok() || size > kLargestRows) return base::fail(damaged_frame());
  if (compressed) out.rows = TRY(base::decompress_whole(rest, size, "a frame of the spool"));
  else out.rows = std::string(rest);
  if (out.rows.size() != size) return base::fail(damaged_frame());
  return out;
}

Segment read_segment(std::string_view bytes) {
  Segment out;
  const base::ByteReader reader(bytes);
  const std::string_view head = bytes.substr(0, kSegmentMagic.size() + kSegmentIdSize);
  if (bytes.size() < kSegmentHeadSize || head.substr(0, kSegmentMagic.size()) != kSegmentMagic) return out;
  if (reader.le32(head.size()) != base::crc32c(head)) return out;
  out.id = hex_of(head.substr(kSegmentMagic.size()));
  out.good_bytes = kSegmentHeadSize;
  for (;;) {
    const auto size = reader.le32(out.good_bytes), checksum = reader.le32(out.good_bytes + 4);
    const auto payload = size && checksum && *size > 0 ? reader.slice(out.good_bytes + kFrameHeadSize, *size) : std::nullopt;
    if (!payload || base::crc32c(*payload) != *checksum) return out;
    out.payloads.push_back(*payload);
    out.good_bytes += kFrameHeadSize + payload->size();
  }
}

}  // namespace workspace
