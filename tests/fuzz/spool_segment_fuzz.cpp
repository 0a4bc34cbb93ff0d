// SPDX-License-Identifier: Apache-2.0
// Segments of the spool: what is read lies within the file, and a frame that is read is written again and read the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "workspace/ingest/spool_frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const workspace::Segment segment = workspace::read_segment(bytes);
  if (segment.good_bytes > size) std::abort();
  const auto frame = workspace::decode_frame(bytes);  // checksums stop the fuzzer otherwise
  if (!frame) return 0;
  const auto again = workspace::decode_frame(std::string_view(workspace::encode_frame(*frame)).substr(workspace::kFrameHeadSize));
  if (!again || again->rows != frame->rows || again->table != frame->table || again->row_count() != frame->row_count()) std::abort();
  return 0;
}
