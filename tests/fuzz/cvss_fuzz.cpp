// SPDX-License-Identifier: Apache-2.0
// A score lies between 0 and 10 and has one decimal.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "advisory/cvss.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto score = advisory::cvss_score(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!score) return 0;
  if (*score < 0 || *score > 10 || std::abs(std::round(*score * 10) - *score * 10) > 1e-9) std::abort();
  return 0;
}
