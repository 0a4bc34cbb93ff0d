// SPDX-License-Identifier: Apache-2.0
// The bytes of a spool's segment file: a head, then records, one behind another (docs/agent.md).
//   head:   "BWSPOOL1" | stream (36 bytes) | sequence of its first record (8) | CRC-32C of these (4)
//   record: length of the message (4) | CRC-32C of sequence and message (4) | sequence (8) | message
// Numbers are little-endian. A record that the power or a signal cut short fails its check, and so does all behind it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace agent {

inline constexpr std::size_t kSegmentHeadBytes = 8 + 36 + 8 + 4;
inline constexpr std::size_t kRecordHeadBytes = 4 + 4 + 8;

struct SegmentHead {
  std::string stream;  // 36 bytes
  std::uint64_t first = 0;
};
std::string encode_head(const SegmentHead& head);
std::optional<SegmentHead> decode_head(std::string_view bytes);  // nothing where they are no whole head

std::string encode_record(std::uint64_t sequence, std::string_view message);

struct SpoolRecord {
  std::uint64_t sequence = 0;
  std::string_view message;  // points into what was decoded
};
// The record that `bytes` begin with; nothing where it is cut short or fails its check, or is past the cap of messages.
std::optional<SpoolRecord> decode_record(std::string_view bytes);

inline std::size_t record_bytes(const SpoolRecord& record) { return kRecordHeadBytes + record.message.size(); }

}  // namespace agent
