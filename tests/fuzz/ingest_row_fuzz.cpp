// SPDX-License-Identifier: Apache-2.0
// A row for a table with a column of each type: whatever comes, what is accepted is one line of JSON whose members are
// columns, each once.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "workspace/ingest/suffixed_columns.hpp"
#include "workspace/ingest/typed_row.hpp"

namespace {

workspace::TableSpec all_types() {
  workspace::TableSpec out;
  out.schema.name = "T";
  for (const char* name : {"bool", "int", "long", "real", "string", "datetime", "timespan", "guid", "decimal", "dynamic"})
    out.schema.columns.push_back({name, *model::parse_column_type(name), ""});
  out.schema.columns.push_back({"TimeGenerated", model::ColumnType::datetime, ""});
  return out;
}

void check_line(const workspace::TableSpec& table, std::string_view line) {
  if (line.empty() || line.back() != '\n' || line.find('\n') != line.size() - 1) std::abort();
  const auto json = base::parse_json(line, "the line");
  if (!json || !json->is_object()) std::abort();
  std::set<std::string> names;
  for (const auto& member : json->get_object())
    if (!table.schema.find(std::string_view(member.key())) || !names.insert(std::string(member.key())).second) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const workspace::TableSpec table = all_types();
  const std::string_view row(reinterpret_cast<const char*>(data), size);
  workspace::RecordBatch batch;
  workspace::RowTyper exact(table, batch, 639'000'000'000'000'000);
  if (!exact.type(row)) check_line(table, exact.line());

  workspace::TableSpec grown;
  grown.schema.name = "T_CL";
  grown.schema.columns = workspace::missing_columns(grown, std::span(&row, 1), "");
  grown.schema.columns.push_back({"TimeGenerated", model::ColumnType::datetime, ""});
  batch.naming = workspace::MemberNaming::suffixed;
  workspace::RowTyper suffixed(grown, batch, 639'000'000'000'000'000);
  if (!suffixed.type(row)) check_line(grown, suffixed.line());
  return 0;
}
