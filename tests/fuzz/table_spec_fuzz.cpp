// SPDX-License-Identifier: Apache-2.0
// Specifications of tables: what is read has a name, a time and a sort key that ends with it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "workspace/table_spec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const workspace::TableFile files[] = {
      {"tables/standard-columns.yaml", "columns:\n  - {name: TimeGenerated, type: datetime, description: When.}\n"},
      {"tables/t.yaml", {reinterpret_cast<const char*>(data), size}}};
  const auto specs = workspace::TableSpecs::read(files);
  if (!specs) return 0;
  for (const workspace::TableSpec& table : specs->all())
    if (table.schema.name.empty() || table.sort_key.empty() || table.sort_key.back() != workspace::kTimeColumn ||
        !table.schema.find(workspace::kTimeColumn))
      std::abort();
  return 0;
}
