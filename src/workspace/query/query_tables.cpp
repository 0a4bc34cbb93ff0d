// SPDX-License-Identifier: Apache-2.0
#include "workspace/query/query_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace workspace {

namespace {

constexpr std::string_view kResourceColumn = "_ResourceId";

}  // namespace

QueryTables::QueryTables(const QueryRequest& request, const TableCatalog& catalog) {
  for (const WorkspaceRef& workspace : request.workspaces)
    for (const TableCatalog::Table& table : catalog.all(workspace.id))
      if (!request.may_read || request.may_read(workspace, table->schema.name)) add(workspace, *table);
  // A column that a workspace's table lacks is null there.
  for (auto& [name, table] : tables_) {
    table.stored.resource = request.resource_key;
    table.stored.resource_column = request.resource_key.empty() ? "" : kResourceColumn;
    for (kql::StoredTable::Part& part : table.stored.parts) {
      const std::vector<std::string> has = std::move(part.missing);
      part.missing.clear();
      for (const model::ColumnSchema& column : table.schema.columns)
        if (std::find(has.begin(), has.end(), column.name) == has.end()) part.missing.push_back(column.name);
    }
  }
}

void QueryTables::add(const WorkspaceRef& workspace, const TableSpec& spec) {
  Table& table = tables_[spec.schema.name];
  table.schema.name = spec.schema.name;
  table.schema.description = spec.schema.description;
  kql::StoredTable::Part part{workspace_place(workspace.id).database, spec.schema.name, {}};
  for (const model::ColumnSchema& column : spec.schema.columns) {
    part.missing.push_back(column.name);  // here: what it has
    const model::ColumnSchema* known = table.schema.find(column.name);
    if (known == nullptr) table.schema.columns.push_back(column);
  }
  table.stored.parts.push_back(std::move(part));
  table.stored.required = {std::string(kTimeColumn)};
  for (const std::string& column : spec.text_index)
    if (std::find(table.stored.indexed.begin(), table.stored.indexed.end(), column) == table.stored.indexed.end()) table.stored.indexed.push_back(column);
}

kql::Names QueryTables::names(const QueryRequest& request) const {
  kql::Names out;
  out.table = [this](std::string_view name) -> const model::TableSchema* {
    const auto at = tables_.find(name);
    return at == tables_.end() ? nullptr : &at->second.schema;
  };
  for (const auto& [name, table] : tables_) out.tables.push_back(name);
  out.function = [&request](std::string_view name) -> std::optional<std::string> {
    const auto at = std::find_if(request.functions.begin(), request.functions.end(), [&](const StoredFunction& f) { return f.name == name; });
    if (at == request.functions.end()) return std::nullopt;
    return fmt::format("({}) {{ {}\n}}", at->parameters, at->text);
  };
  return out;
}

kql::SqlNames QueryTables::sql_names() const {
  return {[this](std::string_view name) -> std::optional<kql::StoredTable> {
    const auto at = tables_.find(name);
    return at == tables_.end() ? std::nullopt : std::optional(at->second.stored);
  }};
}

std::vector<kql::SqlTableName> QueryTables::readable() const {
  std::vector<kql::SqlTableName> out;
  for (const auto& [name, table] : tables_)
    for (const kql::StoredTable::Part& part : table.stored.parts) out.push_back({part.database, part.table});
  return out;
}

}  // namespace workspace
