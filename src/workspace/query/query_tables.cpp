// SPDX-License-Identifier: Apache-2.0
#include "workspace/query/query_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace workspace {

namespace {

bool names_contain(const std::vector<std::string>& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

}  // namespace

QueryTables::QueryTables(const QueryRequest& request, const WorkspaceQueryOptions& options) : request_(request), options_(options) {
  for (const WorkspaceRef& workspace : request.workspaces)
    for (const std::shared_ptr<const TableSpec>& table : options.tables(workspace.id))
      if (may_read(workspace, table->schema.name)) add(table->schema.name, *table, workspace);
  for (auto& [name, entry] : tables_) complete(entry);
}

void QueryTables::add(const std::string& name, const TableSpec& table, const WorkspaceRef& workspace) {
  const auto [at, is_new] = tables_.emplace(name, Entry{});
  Entry& entry = at->second;
  if (is_new) {
    entry.schema.name = name;
    entry.table = table.schema.name;
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
  entry.stored.parts.push_back({options_.place(workspace.id).database, table.schema.name, {}});
  entry.workspaces.push_back(workspace);
  columns_[name].push_back(std::move(own));
}

void QueryTables::complete(Entry& entry) const {
  const auto& columns = columns_.find(entry.schema.name)->second;
  for (std::size_t i = 0; i < entry.stored.parts.size(); ++i)
    for (const model::ColumnSchema& column : entry.schema.columns)
      if (!names_contain(columns[i], column.name)) entry.stored.parts[i].missing.push_back(column.name);
  if (request_.resource_key.empty()) return;
  if (!entry.schema.find(options_.resource_column)) entry.stored.parts.clear();  // rows of no resource
  entry.stored.resource_column = options_.resource_column;
  entry.stored.resource = base::to_lower(request_.resource_key);
}

base::Result<const model::TableSchema*> QueryTables::find_elsewhere(std::string_view workspace, std::string_view name) {
  const auto ref = request_.find_workspace ? request_.find_workspace(workspace) : std::nullopt;
  if (!ref) return base::fail(base::Kind::not_found, fmt::format("there is no workspace '{}'; use its customerId, its name or its resource id", workspace));
  std::string own_name = fmt::format("workspace(\"{}\").{}", workspace, name);  // that no table of a workspace can have
  if (const auto known = tables_.find(own_name); known != tables_.end()) return &known->second.schema;
  for (const std::shared_ptr<const TableSpec>& table : options_.tables(ref->id)) {
    if (table->schema.name != name || !may_read(*ref, name)) continue;
    add(own_name, *table, *ref);
    Entry& entry = tables_.find(own_name)->second;
    complete(entry);
    return &entry.schema;
  }
  return base::fail(base::Kind::not_found, fmt::format("there is no table '{}' in the workspace '{}'", name, workspace));
}

kql::Names QueryTables::names() {
  kql::Names out;
  out.table = [this](std::string_view name) -> const model::TableSchema* {
    const auto at = tables_.find(name);
    return at == tables_.end() ? nullptr : &at->second.schema;
  };
  for (const auto& [name, entry] : tables_) out.tables.push_back(name);
  out.table_elsewhere = [this](std::string_view workspace, std::string_view name) { return find_elsewhere(workspace, name); };
  out.function = [this](std::string_view name) -> std::optional<std::string> {
    for (const StoredFunction& function : request_.functions)
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

std::vector<QueryOutcome::Source> QueryTables::sources(const std::set<std::string>& names) const {
  std::map<std::string, std::pair<WorkspaceRef, std::set<std::string>>> found;  // by the workspace's id
  for (const std::string& name : names) {
    const auto at = tables_.find(name);
    if (at == tables_.end()) continue;
    for (const WorkspaceRef& workspace : at->second.workspaces) {
      auto& [ref, tables] = found[workspace.id];
      ref = workspace;
      tables.insert(at->second.table);
    }
  }
  std::vector<QueryOutcome::Source> out;
  for (const auto& one : found) out.push_back({one.second.first, {one.second.second.begin(), one.second.second.end()}});
  return out;
}

std::vector<kql::SqlTableName> QueryTables::allowed() const {
  std::vector<kql::SqlTableName> out;
  for (const auto& [name, entry] : tables_)
    for (const kql::StoredTable::Part& part : entry.stored.parts) out.push_back({part.database, part.table});
  return out;
}

}  // namespace workspace
