// SPDX-License-Identifier: Apache-2.0
// Whatever a purge asks for is refused as wrong, or becomes a condition that passes the wall before the engine.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "workspace/purge.hpp"

namespace {

const workspace::TableSpec& table() {
  using Type = model::ColumnType;
  static const workspace::TableSpec kTable = [] {
    workspace::TableSpec out;
    out.schema = {"T", "", {{"TimeGenerated", Type::datetime, ""}, {"s", Type::string, ""}, {"l", Type::int64, ""}, {"i", Type::int32, ""}, {"r", Type::real, ""}, {"b", Type::boolean, ""},
                            {"p", Type::timespan, ""}, {"g", Type::guid, ""}, {"d", Type::dynamic, ""}, {"m", Type::decimal, ""}}};
    return out;
  }();
  return kTable;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = base::parse_json(std::string_view(reinterpret_cast<const char*>(data), size), "filters");
  if (!json || !json->is_array()) return 0;
  std::vector<workspace::PurgeFilter> filters;
  for (const base::Json& one : json->get_array()) {
    const base::Json* value = base::find(one, "value");
    filters.push_back({std::string(base::get_string(one, "column")), std::string(base::get_string(one, "operator")), value ? *value : base::Json(), std::string(base::get_string(one, "key"))});
  }
  const auto sql = workspace::purge_condition_sql(table(), filters);
  if (!sql && sql.error().kind != base::Kind::invalid_input) std::abort();
  return 0;
}
