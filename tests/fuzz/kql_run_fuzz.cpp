// SPDX-License-Identifier: Apache-2.0
// Any query ends with rows of its schema or with an error, computed in memory on a few rows of awkward values.
#include "kql_fuzzing.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "kql/run.hpp"

namespace {

kql::Value json(std::string_view text) { return kql::Value::dynamic(*base::parse_json(text, "a value")); }
kql::Value text(std::string_view text) { return kql::Value::text(text); }

const kql::Rows& rows() {
  using kql::Value;
  static const kql::Rows kRows{
      {Value::integer(637'134'336'000'000'000), text("a=1 b"), text("u"), Value::integer(1), Value::integer(-1), Value::real(1.5), Value::boolean(true), Value::integer(600'000'000),
       text("74be27de-1e4e-49d9-b579-fe0b331d3642"), json(R"({"a":[1,2.5,null,"x"],"b":{"c":true}})")},
      {Value(), text(""), text("v"), Value(), Value(), Value(), Value(), Value(), Value(), Value()},
      {Value::integer(0), text("\xC3\xA9\xF0\x9F\x98\x80,10.0.0.1"), text("u"), Value::integer(std::numeric_limits<std::int64_t>::min()),
       Value::integer(std::numeric_limits<std::int32_t>::max()), Value::real(std::nan("")), Value::boolean(false), Value::integer(-1), Value(), json(R"([[1,"k"],[],{}])")},
      {Value::integer(3'155'378'975'999'999'999), text("https://h:1/p?q=1#f"), text("v"), Value::integer(std::numeric_limits<std::int64_t>::max()), Value::integer(0),
       Value::real(-INFINITY), Value::boolean(true), Value::integer(std::numeric_limits<std::int64_t>::max()), Value(), json("7")},
  };
  return kRows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kql::BindOptions options;
  options.now = 639'000'000'000'000'000;
  options.names.table = [](std::string_view name) -> const model::TableSchema* { return name == "T" ? &schema() : nullptr; };
  options.names.tables = {"T"};
  kql::RunLimits limits;
  limits.cells = 20'000;
  limits.graph_steps = 20'000;
  limits.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  const kql::RowSource source = [](const kql::Relation& relation) -> base::Result<std::optional<kql::Rows>> {
    if (!std::holds_alternative<kql::TableRows>(relation.node)) return std::nullopt;
    return rows();
  };
  const auto answer = kql::run_query({reinterpret_cast<const char*>(data), size}, options, source, limits);
  if (!answer) {
    require(!answer.error().message.empty());
    return 0;
  }
  for (const auto& [name, table] : answer->answers) {
    for (const kql::Row& row : table.rows) {
      require(row.size() == table.schema.size());
      for (std::size_t i = 0; i < row.size(); ++i) kql::to_text(row[i], table.schema[i].type);  // throws where it is no value of the type
    }
  }
  return 0;
}
