// SPDX-License-Identifier: Apache-2.0
// Evidence of hosts and requests for enrolment tokens: whatever comes is stored within its caps and safe to show.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "providers/hybrid_compute/enrollment_tokens.hpp"
#include "providers/hybrid_compute/evidence.hpp"

namespace hosts = providers::hybrid_compute;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = base::parse_json({reinterpret_cast<const char*>(data), size}, "evidence");
  if (!json) return 0;
  const auto stored = hosts::stored_evidence(*json);
  const std::string text = base::to_text(stored);
  if (stored.size() > 20 || text.size() > (8u << 10) + 64) std::abort();
  const std::string line = hosts::evidence_line("container", "web", stored);
  if (base::printable(line) != line) std::abort();
  if (const auto token = hosts::parse_token_request(*json, 1)) {
    if (token->uses < 1 || token->uses > hosts::kMostTokenUses || token->expires_at <= token->created_at) std::abort();
  }
  return 0;
}
