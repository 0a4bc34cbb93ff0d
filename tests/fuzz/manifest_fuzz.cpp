// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "oci/manifest.hpp"
#include "oci/saved_manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(oci::pick_saved_image(text, "", "input"));
  const auto document = oci::parse_document(text, "", "input");
  if (!document) return 0;
  if (document->is_index) static_cast<void>(oci::pick_platform(*document, oci::Platform{"linux", "amd64", ""}, "input"));
  static_cast<void>(oci::assemble_image(*document, text, "input"));
  return 0;
}
