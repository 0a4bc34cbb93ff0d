// SPDX-License-Identifier: Apache-2.0
// What the write-ahead spool has on disk (docs/ingestion.md): segments, files that begin with a random id and then hold
// frames. A frame is the accepted rows of one batch, by day.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "workspace/ingest/record_sink.hpp"

namespace workspace {

struct SpoolPart {
  std::int64_t day = 0;     // of TimeGenerated, since 0001-01-01
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  // of those rows' text
};

struct SpoolFrame {
  std::string workspace, table;
  RecordSource source;
  std::int64_t appended_ms = 0;  // since 1970
  std::vector<SpoolPart> parts;  // in the order of their texts
  std::string rows;              // the texts of all parts, one behind the other: JSON objects, one a line

  std::uint64_t row_count() const;
};

inline constexpr std::size_t kSegmentHeadSize = 32;
inline constexpr std::size_t kFrameHeadSize = 8;

// A segment's first bytes, with 16 random bytes in hexadecimal as its id.
std::string segment_head(std::string_view id);

// A frame as it stands in a segment: length and CRC-32C of the rest, little-endian, 4 bytes each, and the rest.
std::string encode_frame(const SpoolFrame& frame);

// The rest of a frame, whose checksum was right. Kind::corrupt where it is no frame all the same.
base::Result<SpoolFrame> decode_frame(std::string_view payload);

struct Segment {
  std::string id;                         // 32 hexadecimal digits; empty where the head is damaged
  std::vector<std::string_view> payloads;  // of the whole frames at its beginning
  std::uint64_t good_bytes = 0;           // up to the end of these; what is behind is torn or damaged
};
Segment read_segment(std::string_view bytes);

}  // namespace workspace
