// SPDX-License-Identifier: Apache-2.0
// Segments of an agent's spool: what is decoded lies within the bytes, and is encoded to the same bytes again.
#include <cstdint>
#include <cstdlib>

#include "agent/spool_segment.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto head = agent::decode_head(bytes)) {
    if (agent::encode_head(*head) != bytes.substr(0, agent::kSegmentHeadBytes)) std::abort();
    bytes.remove_prefix(agent::kSegmentHeadBytes);
  }
  while (const auto record = agent::decode_record(bytes)) {
    const std::size_t used = agent::record_bytes(*record);
    if (used > bytes.size() || agent::encode_record(record->sequence, record->message) != bytes.substr(0, used)) std::abort();
    bytes.remove_prefix(used);
  }
  // Checksums stop the fuzzer otherwise.
  const std::string whole = agent::encode_record(size, bytes.substr(0, 1'000));
  const auto again = agent::decode_record(whole);
  if (!again || again->sequence != size || again->message != bytes.substr(0, 1'000)) std::abort();
  return 0;
}
