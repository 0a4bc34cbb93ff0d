// SPDX-License-Identifier: Apache-2.0
#include "workspace/query/query_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace workspace {

namespace {

bool names_contain(const std::vector<std::string>& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

}  // namespace

QueryTables::QueryTables(const QueryRequest& request, const WorkspaceQueryOptions& options) {
  for (const WorkspaceRef& workspace : request.workspaces) {
    const TablePlace place = options.place(workspace.id);
    for (const std::shared_ptr<const TableSpec>& table : options.tables(workspace.id))
      if (!request.may_read || request.may_read(workspace, table->schema.name)) add(*table, place);
  }
  for (auto& [name, entry] : tables_) {
    complete(entry);
    const bool has_resource = entry.schema.find(options.resource_column) != nullptr;
    if (request.resource_key.empty()) continue;
    if (!has_resource) entry.stored.parts.clear();  // rows of no resource
    entry.stored.resource_column = options.resource_column;
    entry.stored.resource = base::to_lower(request.resource_key);
  }
}

void QueryTables::add(const TableSpec& table, const TablePlace& place) {
  const auto [at, is_new] = tables_.emplace(table.schema.name, Entry{});
  Entry& entry = at->second;
  if (is_new) {
    entry.schema.name = table.schema.name;
    entry.schema.description = table.schema.description;
    entry.stored.required = {std::string(kTimeColumn)};
    entry.stored.indexed = table.text_index;
  }
  std::vector<std::string> own;
  for (const model::ColumnSchema& column : table.schema.columns) {
    const model::ColumnSchema* known = entry.schema.find(column.name);
    if (known == nullptr) entry.schema.columns.push_back(column);
    if (known == nullptr || known->type == column.type) own.push_back(column.name);  // one name with two types: the first one's
  }
  entry.stored.indexed.erase(std::remove_if(entry.stored.indexed.begin(), entry.stored.indexed.end(),
                                            [&](const std::string& column) { return !names_contain(table.text_index, column); }),
                             entry.stored.indexed.end());
  entry.stored.parts.push_back({place.database, table.schema.name, {}});
  columns_[table.schema.name].push_back(std::move(own));
}

void QueryTables::complete(Entry& entry) const {
  const auto& columns = columns_.find(entry.schema.name)->second;
  for (std::size_t i = 0; i < entry.stored.parts.size(); ++i)
    for (const model::ColumnSchema& column : entry.schema.columns)
      if (!names_contain(columns[i], column.name)) entry.stored.parts[i].missing.push_back(column.name);
}

kql::Names QueryTables::names(const QueryRequest& request) const {
  kql::Names out;
  out.table = [this](std::string_view name) -> const model::TableSchema* {
    const auto at = tables_.find(name);
    return at == tables_.end() ? nullptr : &at->second.schema;
  };
  for (const auto& [name, entry] : tables_) out.tables.push_back(name);
  out.function = [&request](std::string_view name) -> std::optional<std::string> {
    for (const StoredFunction& function : request.functions)
      if (function.name == name) return fmt::format("({}) {{ {} }}", function.parameters, function.text);
    return std::nullopt;
  };
  return out;
}

kql::SqlNames QueryTables::sql_names() const {
  return {[this](std::string_view name) -> std::optional<kql::StoredTable> {
    const auto at = tables_.find(name);
    return at == tables_.end() ? std::nullopt : std::optional(at->second.stored);
  }};
}

std::vector<kql::SqlTableName> QueryTables::allowed() const {
  std::vector<kql::SqlTableName> out;
  for (const auto& [name, entry] : tables_)
    for (const kql::StoredTable::Part& part : entry.stored.parts) out.push_back({part.database, part.table});
  return out;
}

}  // namespace workspace
