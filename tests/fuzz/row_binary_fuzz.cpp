// SPDX-License-Identifier: Apache-2.0
// Answers of the workspace's engine: whatever comes, every column has as many rows as the first.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "workspace/row_binary.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto table = workspace::read_row_binary({reinterpret_cast<const char*>(data), size});
  if (!table) return 0;
  for (const model::Column& column : table->columns) {
    if (column.rows() != table->rows()) std::abort();
    for (std::size_t row = 0; row < column.rows(); ++row)
      if (model::column_form(column.type) == model::ColumnForm::texts && column.text(row).size() > size + 64) std::abort();
  }
  return 0;
}
