// SPDX-License-Identifier: Apache-2.0
#include "agent/spool_segment.hpp"

#include "base/checksum.hpp"
#include "uplink/messages.hpp"

namespace agent {

namespace {

constexpr std::string_view kSegmentMagic = "BWSPOOL1";
constexpr std::size_t kStreamBytes = 36;

template <typename Number>
void append_little(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i) & 0xffu);
}

template <typename Number>
Number little(std::string_view bytes, std::size_t at) {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i)
    value |= static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(bytes[at + i])) << (8 * i));
  return value;
}

}  // namespace

std::string encode_head(const SegmentHead& head) {
  std::string out(kSegmentMagic);
  out.append(head.stream);
  append_little(out, head.first);
  append_little(out, base::crc32c(out));
  return out;
}

std::optional<SegmentHead> decode_head(std::string_view bytes) {
  if (bytes.size() < kSegmentHeadBytes || !bytes.starts_with(kSegmentMagic)) return std::nullopt;
  if (little<std::uint32_t>(bytes, kSegmentHeadBytes - 4) != base::crc32c(bytes.substr(0, kSegmentHeadBytes - 4)))
    return std::nullopt;
  return SegmentHead{std::string(bytes.substr(kSegmentMagic.size(), kStreamBytes)),
                     little<std::uint64_t>(bytes, kSegmentMagic.size() + kStreamBytes)};
}

std::string encode_record(std::uint64_t sequence, std::string_view message) {
  std::string checked;
  checked.reserve(8 + message.size());
  append_little(checked, sequence);
  checked.append(message);
  std::string out;
  out.reserve(8 + checked.size());
  append_little(out, static_cast<std::uint32_t>(message.size()));
  append_little(out, base::crc32c(checked));
  return out.append(checked);
}

std::optional<SpoolRecord> decode_record(std::string_view bytes) {
  if (bytes.size() < kRecordHeadBytes) return std::nullopt;
  const std::size_t size = little<std::uint32_t>(bytes, 0);
  if (size > uplink::kMessageBytes || size > bytes.size() - kRecordHeadBytes) return std::nullopt;
  if (little<std::uint32_t>(bytes, 4) != base::crc32c(bytes.substr(8, 8 + size))) return std::nullopt;
  return SpoolRecord{little<std::uint64_t>(bytes, 8), bytes.substr(kRecordHeadBytes, size)};
}

}  // namespace agent
