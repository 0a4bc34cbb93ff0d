// SPDX-License-Identifier: Apache-2.0
#include "client/logs.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace client {

namespace {

base::Result<std::string> default_workspace(const Connection& connection) {
  const base::Json session = TRY(connection.get("/api/v1/session"));
  const base::Json* workspace = base::find(session, "workspace");
  const std::string id(workspace == nullptr ? std::string_view() : base::get_string(*workspace, "customerId"));
  if (id.empty()) return base::fail(base::Kind::not_found, fmt::format("{} has no workspace that you may query", connection.url()));
  return id;
}

// Cells as the API has them: numbers and booleans as such, the rest as text; "NaN" and "Infinity" are reals.
kql::Value cell_value(const base::Json& cell, kql::Type type) {
  if (type == kql::Type::dynamic && cell.is_string()) return kql::parse_dynamic(base::as_string(cell));
  return kql::from_json(cell, type);
}

base::Result<kql::Table> read_answer_table(const base::Json& json) {
  kql::Table out;
  for (const base::Json& column : base::get_array(json, "columns"))
    out.schema.push_back({std::string(base::get_string(column, "name")), kql::parse_type(base::get_string(column, "type")).value_or(kql::Type::string)});
  for (const base::Json& cells : base::get_array(json, "rows")) {
    const auto* array = cells.if_array();
    if (array == nullptr || array->size() != out.schema.size()) return base::fail(base::Kind::corrupt, "the hub answered with a row of another length than its columns");
    kql::Row& row = out.rows.emplace_back();
    for (std::size_t i = 0; i < array->size(); ++i) row.push_back(cell_value((*array)[i], out.schema[i].type));
  }
  return out;
}

std::optional<kql::Visualization> read_visualization(const base::Json& answer) {
  const base::Json* render = base::find(answer, "render");
  const std::string kind(render == nullptr ? std::string_view() : base::get_string(*render, "visualization"));
  if (kind.empty()) return std::nullopt;
  return kql::Visualization{kind, {}};
}

// The innermost of the messages of a partial error.
std::string why_cut(const base::Json& answer) {
  const base::Json* error = base::find(answer, "error");
  if (error == nullptr) return {};
  std::string_view why = base::get_string(*error, "message", "not all rows are there");
  for (const base::Json& detail : base::get_array(*error, "details"))
    if (const base::Json* inner = base::find(detail, "innererror")) why = base::get_string(*inner, "message", why);
  return std::string(why);
}

}  // namespace

base::Result<LogsAnswer> query_logs(const Connection& connection, std::string_view query, std::string_view timespan, std::string_view workspace) {
  base::JsonObject body{{"query", boost::json::string(query)}};
  if (!timespan.empty()) body["timespan"] = boost::json::string(timespan);
  const std::string asked = workspace.empty() ? TRY(default_workspace(connection)) : std::string(workspace);
  const std::string path = fmt::format("/v1/workspaces/{}/query", base::percent_encode(asked));
  const base::Json answer = TRY(connection.send("POST", path, body, {{"Prefer", "include-render=true"}}));
  LogsAnswer out;
  for (const base::Json& table : base::get_array(answer, "tables")) {
    auto read = TRY(read_answer_table(table));
    out.rows.answers.push_back({std::string(base::get_string(table, "name")), std::move(read)});
  }
  out.rows.visualization = read_visualization(answer);
  out.cut = why_cut(answer);
  return out;
}

}  // namespace client
