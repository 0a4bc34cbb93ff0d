// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/table_catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "content/content.hpp"
#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/spool_files.hpp"
#include "workspace/ingest/standard_columns.hpp"
#include "workspace/ingest/typed_value.hpp"

namespace workspace {

namespace {

constexpr std::string_view kStandardFile = "tables/standard-columns.yaml";
constexpr std::size_t kLargestTableFile = std::size_t{1} << 20;
constexpr std::string_view kNoDescription = "Sent by a client.";

bool is_custom_name(std::string_view table) {
  return table.size() > kCustomEnding.size() && table.substr(table.size() - kCustomEnding.size()) == kCustomEnding;
}

std::size_t own_columns(const TableSpec& table) {
  const auto& columns = table.schema.columns;
  return static_cast<std::size_t>(std::count_if(columns.begin(), columns.end(), [](const auto& column) { return !is_filled_column(column.name); }));
}

// In the form of content/tables/*.yaml, of which JSON is a part.
std::string table_file_text(const TableSpec& table) {
  base::JsonArray columns, sort_key;
  for (const model::ColumnSchema& column : table.schema.columns) {
    if (is_filled_column(column.name)) continue;
    base::JsonObject entry{{"name", column.name}, {"type", model::column_type_name(column.type)}, {"description", column.description}};
    const auto has = [&](const std::vector<std::string>& names) { return std::find(names.begin(), names.end(), column.name) != names.end(); };
    if (has(table.low_cardinality)) entry["lowCardinality"] = true;
    if (has(table.text_index)) entry["textIndex"] = true;
    columns.push_back(std::move(entry));
  }
  for (const std::string& name : table.sort_key) sort_key.push_back(base::Json(name));
  return base::to_pretty_text(base::JsonObject{{"name", table.schema.name},
                                               {"description", table.schema.description},
                                               {"retentionDays", table.retention_days},
                                               {"sortKey", std::move(sort_key)},
                                               {"columns", std::move(columns)}});
}

base::Result<TableSpec> read_table_file(std::string_view text, std::string_view name) {
  const std::array<TableFile, 2> files{TableFile{kStandardFile, content::file(kStandardFile).value_or("")}, TableFile{name, text}};
  const TableSpecs read = TRY(TableSpecs::read(files));
  if (read.all().size() != 1) return base::fail(base::Kind::corrupt, fmt::format("{} holds {} tables instead of one", name, read.all().size()));
  return read.all()[0];
}

// What a built-in table has besides, since it was kept, stands first.
TableSpec with_columns_of(TableSpec table, const TableSpec& other) {
  for (const model::ColumnSchema& column : other.schema.columns)
    if (!table.schema.find(column.name)) table.schema.columns.push_back(column);
  return table;
}

base::Result<void> add_columns(TableSpec& table, const std::vector<model::ColumnSchema>& columns, bool& changed) {
  for (const model::ColumnSchema& column : columns) {
    const model::ColumnSchema* there = table.schema.find(column.name);
    if (there && there->type != column.type)
      return base::fail(base::Kind::conflict, fmt::format("column {} of table {} is {} already; a column keeps its type: give the new one another name",
                                                          base::printable(column.name), table.schema.name, model::column_type_name(there->type)));
    if (there) continue;
    table.schema.columns.push_back(column);
    if (table.schema.columns.back().description.empty()) table.schema.columns.back().description = kNoDescription;
    changed = true;
  }
  if (own_columns(table) > kMostCustomColumns)
    return base::fail(base::Kind::invalid_input, fmt::format("table {} would have more than {} columns", table.schema.name, kMostCustomColumns));
  return {};
}

}  // namespace

bool is_workspace_id(std::string_view id) { return id.size() == 36 && canonical_guid(id) == id; }

TablePlace workspace_place(std::string_view workspace, std::string_view cluster) {
  std::string database = "workspace_";
  for (const char c : workspace)
    if (c != '-') database += c;
  return {std::move(database), std::string(cluster)};
}

base::Result<std::unique_ptr<TableCatalog>> TableCatalog::open(const TableSpecs& built_in, std::filesystem::path folder) {
  std::unique_ptr<TableCatalog> out(new TableCatalog(std::move(folder)));
  for (const TableSpec& table : built_in.all()) out->built_in_.emplace(table.schema.name, std::make_shared<const TableSpec>(table));
  const auto standard = built_in.standard_columns();
  out->standard_columns_.assign(standard.begin(), standard.end());
  TRY(make_folder(out->folder_));
  std::error_code error;
  for (std::filesystem::directory_iterator at(out->folder_, error), end; !error && at != end; at.increment(error))
    if (is_workspace_id(at->path().filename().string())) TRY(out->read_workspace(at->path()));
  if (error) return base::fail(base::errno_error(error.value(), "cannot list", out->folder_));
  return out;
}

base::Result<void> TableCatalog::read_workspace(const std::filesystem::path& folder) {
  Tables& tables = custom_[folder.filename().string()];
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() != ".json") continue;
    const std::string text = TRY(base::read_file(at->path(), kLargestTableFile));
    TableSpec table = TRY(read_table_file(text, at->path().string()));
    if (const Table there = built_in(table.schema.name)) table = with_columns_of(*there, table);
    const std::string name = table.schema.name;
    tables[name] = std::make_shared<const TableSpec>(std::move(table));
  }
  if (error) return base::fail(base::errno_error(error.value(), "cannot list", folder));
  return {};
}

TableCatalog::Table TableCatalog::built_in(std::string_view table) const {
  const auto at = built_in_.find(table);
  return at == built_in_.end() ? nullptr : at->second;
}

TableCatalog::Table TableCatalog::find_locked(std::string_view workspace, std::string_view table) const {
  if (const auto tables = custom_.find(workspace); tables != custom_.end())
    if (const auto at = tables->second.find(table); at != tables->second.end()) return at->second;
  return built_in(table);
}

TableCatalog::Table TableCatalog::find(std::string_view workspace, std::string_view table) const {
  const std::lock_guard lock(mutex_);
  return find_locked(workspace, table);
}

std::vector<TableCatalog::Table> TableCatalog::all(std::string_view workspace) const {
  const std::lock_guard lock(mutex_);
  Tables tables;
  if (const auto at = custom_.find(workspace); at != custom_.end()) tables = at->second;
  tables.insert(built_in_.begin(), built_in_.end());  // those that are there stay
  std::vector<Table> out;
  for (const auto& table : tables) out.push_back(table.second);
  return out;
}

base::Result<TableCatalog::Table> TableCatalog::declare(std::string_view workspace, const TableDeclaration& declaration) {
  if (!is_workspace_id(workspace)) return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no id of a workspace", base::printable(workspace)));
  if (!is_custom_name(declaration.table))
    return base::fail(base::Kind::invalid_input, fmt::format("the name of a custom table ends in {}; '{}' does not", kCustomEnding,
                                                             base::printable(declaration.table.substr(0, 100))));
  const std::lock_guard lock(mutex_);
  const Table there = find_locked(workspace, declaration.table);
  const auto tables = custom_.find(workspace);
  if (!there && tables != custom_.end() && tables->second.size() >= kMostCustomTables)
    return base::fail(base::Kind::invalid_input, fmt::format("the workspace has {} custom tables and may have no more", kMostCustomTables));
  TableSpec table = there ? *there : TableSpec{};
  bool changed = !there;
  if (!there) {
    table.schema = {declaration.table, std::string(kNoDescription), standard_columns_};
    table.sort_key = {std::string(kTimeColumn)};
    if (const auto days = retention_days_.find(workspace); days != retention_days_.end()) table.retention_days = days->second;
  }
  TRY(add_columns(table, declaration.columns, changed));
  const auto set = [&changed](auto& value, const auto& wanted) {
    changed = changed || value != wanted;
    value = wanted;
  };
  if (!declaration.description.empty()) set(table.schema.description, declaration.description);
  if (declaration.retention_days > 0) set(table.retention_days, declaration.retention_days);
  if (!changed) return there;
  const auto kept = std::make_shared<const TableSpec>(TRY(keep(workspace, table)));
  custom_[std::string(workspace)][declaration.table] = kept;
  return kept;
}

void TableCatalog::set_retention(std::string_view workspace, int days) {
  const std::lock_guard lock(mutex_);
  retention_days_[std::string(workspace)] = days;
}

// The table as its file says it, which is what the next start reads.
base::Result<TableSpec> TableCatalog::keep(std::string_view workspace, const TableSpec& table) const {
  const std::string text = table_file_text(table);
  TableSpec out = TRY(read_table_file(text, "the table"));
  const std::filesystem::path folder = folder_ / workspace;
  TRY(make_folder(folder));
  TRY(base::write_file_atomically(folder / (table.schema.name + ".json"), text, 0600));
  TRY(sync_folder(folder));
  return out;
}

base::Result<void> TableCatalog::remove(std::string_view workspace, std::string_view table) {
  const std::lock_guard lock(mutex_);
  const auto tables = custom_.find(workspace);
  const auto at = tables == custom_.end() ? Tables::iterator() : tables->second.find(table);
  if (tables == custom_.end() || at == tables->second.end()) return {};
  std::error_code error;
  std::filesystem::remove(folder_ / workspace / (std::string(table) + ".json"), error);
  if (error) return base::fail(base::Kind::unavailable, fmt::format("table {} cannot be taken out of {}: {}", table, folder_.string(), error.message()));
  TRY(sync_folder(folder_ / workspace));
  tables->second.erase(at);
  return {};
}

base::Result<void> set_up_workspace(SqlEngine& engine, const TableCatalog& catalog, std::string_view workspace, const TablePlace& place) {
  for (const TableCatalog::Table& table : catalog.all(workspace)) TRY(set_up_table(engine, *table, place));
  return {};
}

}  // namespace workspace
