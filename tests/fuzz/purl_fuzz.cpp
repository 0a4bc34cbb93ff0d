// SPDX-License-Identifier: Apache-2.0
// A purl that is read can be written, and its text reads back as the same purl.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sbom/purl.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto purl = sbom::parse_purl(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!purl) return 0;
  const std::string text = sbom::to_text(*purl);
  const auto again = sbom::parse_purl(text);
  // Encoding can make a text longer than the parser takes.
  if (again ? sbom::to_text(*again) != text : text.size() < 16'000) std::abort();
  return 0;
}
