// SPDX-License-Identifier: Apache-2.0
// Facts that are read can be merged, and are written as they were read.
#include <cstdint>
#include <cstdlib>

#include "sbom/layer_facts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = base::parse_json(std::string_view(reinterpret_cast<const char*>(data), size), "input");
  if (!json) return 0;
  const auto facts = sbom::facts_from_json(*json);
  if (!facts) return 0;
  const std::string text = base::to_text(sbom::to_json(*facts));
  const auto again = base::parse_json(text, "again");
  if (!again) std::abort();
  const auto facts_again = sbom::facts_from_json(*again);
  if (!facts_again || base::to_text(sbom::to_json(*facts_again)) != text) std::abort();
  model::Inventory inventory;
  sbom::merge_layers({*facts, *facts_again}, inventory);
  return 0;
}
