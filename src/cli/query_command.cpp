// SPDX-License-Identifier: Apache-2.0
// bulwark query: against a hub, or with no hub at all on its data directory or on tables from files.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/hub_settings.hpp"
#include "cli/query_options.hpp"
#include "cli/query_prompt.hpp"
#include "cli/query_text.hpp"
#include "client/logs.hpp"
#include "hub/offline_workspace.hpp"
#include "kql/files/table_files.hpp"
#include "kql/run.hpp"
#include "kql/time.hpp"
#include "workspace/parquet_reader.hpp"
#include "workspace/query/value_rows.hpp"
#include "workspace/table_spec.hpp"

namespace cli {

namespace {

constexpr std::size_t kLargestFile = std::size_t{4} << 30;
constexpr int kWrongQuery = 2;

// What the query is run on.
struct Tables {
  std::map<std::string, kql::Table, std::less<>> rows;                 // of files
  std::map<std::string, model::TableSchema, std::less<>> schemas;

  kql::BindOptions options() const {
    kql::BindOptions out;
    out.now = kql::ticks_now();
    out.names.table = [this](std::string_view name) -> const model::TableSchema* {
      const auto at = schemas.find(name);
      return at == schemas.end() ? nullptr : &at->second;
    };
    for (const auto& [name, schema] : schemas) out.names.tables.push_back(name);
    return out;
  }

  base::Result<std::optional<kql::Rows>> rows_of(const kql::Relation& relation) const {
    const auto* table = std::get_if<kql::TableRows>(&relation.node);
    if (table == nullptr) return std::nullopt;
    const auto at = rows.find(table->table);
    return at == rows.end() ? std::optional<kql::Rows>() : std::optional(at->second.rows);
  }
};

// Files as tables. The engine that reads Parquet is opened for the first such file.
class TableFiles {
 public:
  base::Result<kql::Table> read(const std::string& file) {
    if (std::filesystem::path(file).extension() == ".parquet") {
      if (!parquet_) parquet_ = TRY(workspace::ParquetReader::open());
      return parquet_->read(file);
    }
    const kql::FileFormat format = TRY(kql::file_format_of(file));
    const std::string text = TRY(base::read_file(file, kLargestFile));
    return kql::read_table(text, format, file);
  }

 private:
  std::unique_ptr<workspace::ParquetReader> parquet_;
};

base::Result<void> add_file_table(const std::string& word, TableFiles& files, Tables& tables) {
  const auto [name, file] = base::cut(word, "=");
  if (name.empty() || file.empty()) return base::fail(base::Kind::invalid_input, fmt::format("--table is Name=FILE, not '{}'", word));
  kql::Table table = TRY(files.read(std::string(file)));
  model::TableSchema schema{std::string(name), {}, {}};
  for (const kql::Column& column : table.schema) schema.columns.push_back({column.name, column.type, {}});
  tables.schemas[schema.name] = schema;
  tables.rows[std::string(name)] = std::move(table);
  return {};
}

base::Result<Tables> read_tables(const QueryFlags& flags) {
  Tables out;
  TableFiles files;
  for (const std::string& word : flags.tables) TRY(add_file_table(word, files, out));
  if (!flags.schema.empty()) {
    const std::string text = TRY(base::read_file(flags.schema, kLargestFile));
    for (model::TableSchema& table : TRY(kql::read_schemas(text, flags.schema))) out.schemas.emplace(table.name, std::move(table));
  } else if (flags.tables.empty()) {
    const auto specs = TRY(workspace::TableSpecs::load());
    for (const workspace::TableSpec& spec : specs.all()) out.schemas.emplace(spec.schema.name, spec.schema);
  }
  return out;
}

base::Result<std::string> query_text(const QueryFlags& flags) {
  if (!flags.text.empty() && !flags.file.empty()) return base::fail(base::Kind::invalid_input, "give the query or -f FILE, not both");
  if (!flags.file.empty() && flags.file != "-") return base::read_file(flags.file, kql::kLongestQuery);
  if (!flags.text.empty()) return flags.text;
  return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

int report_diagnostics(const std::vector<kql::Diagnostic>& diagnostics, const std::string& text) {
  for (const kql::Diagnostic& diagnostic : diagnostics) fmt::print(stderr, "{}\n", kql::to_text(diagnostic, text));
  return diagnostics.empty() ? kDone : kWrongQuery;
}

// With `-o json` the columns of the answer on standard output.
int check_query(const QueryFlags& flags, const std::string& text) {
  if (flags.syntax_only) return report_diagnostics(kql::parse(text).diagnostics, text);
  const auto tables = read_tables(flags);
  if (!tables) return fail_with(tables.error());
  const kql::Bound bound = kql::bind_text(text, tables->options());
  if (!bound.diagnostics.empty()) return report_diagnostics(bound.diagnostics, text);
  if (flags.output != "json") return kDone;
  base::JsonArray columns;
  for (const kql::Column& column : bound.query.answers.front().rows->schema)
    columns.push_back(base::JsonObject{{"name", column.name}, {"type", std::string(kql::type_name(column.type))}});
  const base::JsonObject json{{"schemaVersion", 1}, {"columns", std::move(columns)}, {"moreColumns", bound.open_schema}};
  return write_output(base::to_pretty_text(json), {}) ? kDone : kFailed;
}

int print_answer(const GlobalOptions& global, const std::string& format, const kql::QueryRows& answer) {
  const scan::TableStyle style = table_style(global);
  for (const auto& [name, table] : answer.answers) {
    std::string text;
    if (format == "json") text = rows_as_json(table);
    else if (format == "jsonl") text = rows_as_json_lines(table);
    else if (format == "csv") text = rows_as_separated(table, ',');
    else if (format == "tsv") text = rows_as_separated(table, '\t');
    else if (answer.visualization) text = text_chart(table, *answer.visualization, style);
    if (format == "table" && text.empty()) text = rows_as_table(table, style);
    if (format == "table" && answer.answers.size() > 1) text = name + "\n" + text;
    if (!write_output(text, {})) return kFailed;
    if (format == "table") print_hint(global, table.rows.size() == 1 ? "1 row" : fmt::format("{} rows", table.rows.size()));
  }
  return kDone;
}

int report_failure(const base::Error& error) {
  print_error(error);
  return error.kind == base::Kind::invalid_input ? kWrongQuery : kFailed;
}

int run_on_files(const GlobalOptions& global, const QueryFlags& flags, const Tables& tables, const std::string& text) {
  const auto answer = kql::run_query(text, tables.options(), [&](const kql::Relation& relation) { return tables.rows_of(relation); });
  return answer ? print_answer(global, flags.output, *answer) : report_failure(answer.error());
}

int run_on_hub(const GlobalOptions& global, const QueryFlags& flags, const client::Connection& connection, const std::string& text) {
  const auto answer = client::query_logs(connection, text, flags.timespan, flags.workspace);
  return answer ? print_answer(global, flags.output, *answer) : report_failure(answer.error());
}

kql::QueryRows rows_of_outcome(const workspace::QueryOutcome& outcome) {
  kql::QueryRows out;
  for (const auto& [name, rows] : outcome.tables) {
    kql::Table table;
    std::vector<std::size_t> places;
    for (const auto& column : rows.columns) {
      places.push_back(places.size());
      table.schema.push_back({column.name, column.type});
    }
    table.rows = workspace::rows_of_answer(rows, table.schema, places);
    out.answers.push_back({name, std::move(table)});
  }
  if (outcome.render) out.visualization = kql::Visualization{outcome.render->visualization, {}};
  return out;
}

int run_on_data(const GlobalOptions& global, const QueryFlags& flags, hub::OfflineWorkspace& workspace, const std::string& text) {
  const auto outcome = workspace.query(text, flags.timespan);
  if (!outcome) return report_failure(outcome.error().error);
  if (outcome->partial) print_warning(outcome->partial->message);
  return print_answer(global, flags.output, rows_of_outcome(*outcome));
}

using Runner = std::function<int(const std::string& text)>;

// What queries are run by, as long as the flags live.
base::Result<Runner> open_runner(const GlobalOptions& global, const QueryFlags& flags) {
  if (!flags.data.empty()) {
    const std::shared_ptr<hub::OfflineWorkspace> workspace = TRY(hub::OfflineWorkspace::open(flags.data, flags.workspace));
    return [&global, &flags, workspace](const std::string& text) { return run_on_data(global, flags, *workspace, text); };
  }
  if (!flags.tables.empty() || !flags.schema.empty()) {
    const auto tables = std::make_shared<const Tables>(TRY(read_tables(flags)));
    return [&global, &flags, tables](const std::string& text) { return run_on_files(global, flags, *tables, text); };
  }
  const auto connection = std::make_shared<const client::Connection>(TRY(connect(flags.target)));
  return [&global, &flags, connection](const std::string& text) { return run_on_hub(global, flags, *connection, text); };
}

}  // namespace

int run_query_command(const GlobalOptions& global, const QueryFlags& flags) {
  static const std::set<std::string> kFormats{"table", "json", "jsonl", "csv", "tsv"};
  if (kFormats.count(flags.output) == 0)
    return usage_error({base::Kind::invalid_input, fmt::format("there is no output '{}'; choose from table, json, jsonl, csv, tsv", flags.output)});
  const bool prompt = flags.text.empty() && flags.file.empty() && isatty(STDIN_FILENO) == 1;
  if (flags.check || flags.syntax_only) {
    const auto text = query_text(flags);
    return text ? check_query(flags, *text) : fail_with(text.error());
  }
  base::Result<std::string> text;
  if (!prompt) text = query_text(flags);  // first: an engine that is opened empties standard input
  if (!text) return usage_error(text.error());
  if (const auto used = use_geo_database(flags.geo_database); !used) return usage_error(used.error());
  const auto run = open_runner(global, flags);
  if (!run) return fail_with(run.error());
  return prompt ? run_query_prompt(*run) : (*run)(*text);
}

}  // namespace cli
