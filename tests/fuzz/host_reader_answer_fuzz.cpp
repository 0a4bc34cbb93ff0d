// SPDX-License-Identifier: Apache-2.0
// What a host reader sends: frames off a stream, and the values in them.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hostreader/protocol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  for (;;) {
    const std::size_t before = rest.size();
    const auto frame = hostreader::take_frame(rest);
    if (!frame || !*frame) return 0;
    if (rest.size() >= before || (*frame)->bytes.size() > hostreader::kFrameBytes) std::abort();
    if ((*frame)->kind == hostreader::FrameKind::body) {
      (void)hostreader::parse_texts((*frame)->bytes);
    } else if (const auto value = hostreader::parse_end((*frame)->bytes)) {
      const auto status = hostreader::parse_status(*value);
      if (status && status->mode > 07777) std::abort();
    }
  }
}
