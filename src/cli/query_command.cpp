// SPDX-License-Identifier: Apache-2.0
// bulwark query: against a hub, or with no hub at all on its data directory or on tables from files.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <thread>

#include "base/files.hpp"
#include "base/memory.hpp"
#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/hub_settings.hpp"
#include "cli/interrupts.hpp"
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
#include "workspace/timespan.hpp"

namespace cli {

namespace {

constexpr std::size_t kLargestSchema = std::size_t{64} << 20;
constexpr int kWrongQuery = 2;

// Files as tables. The engine that reads Parquet is opened for the first such file.
class TableFiles {
 public:
  base::Result<kql::Table> read(const std::string& file) {
    if (std::filesystem::path(file).extension() == ".parquet") {
      if (!parquet_) parquet_ = TRY(workspace::ParquetReader::open());
      return parquet_->read(file);
    }
    const kql::FileFormat format = TRY(kql::file_format_of(file));
    const auto mapped = TRY(base::MappedFile::open(file));
    return kql::read_table(mapped.bytes(), format, file);
  }

 private:
  std::unique_ptr<workspace::ParquetReader> parquet_;
};

// What queries are run on.
class Tables {
 public:
  // `once`: one query alone is run, so that rows need not be kept for another.
  static base::Result<Tables> read(const QueryFlags& flags, bool once);

  kql::BindOptions options() const {
    kql::BindOptions out;
    out.now = kql::ticks_now();
    out.names.table = [this](std::string_view name) -> const model::TableSchema* {
      const auto at = schemas_.find(name);
      return at == schemas_.end() ? nullptr : &at->second;
    };
    for (const auto& [name, schema] : schemas_) out.names.tables.push_back(name);
    return out;
  }

  base::Result<std::optional<kql::Rows>> rows_of(const kql::Relation& relation) {
    const auto* table = std::get_if<kql::TableRows>(&relation.node);
    if (table == nullptr) return std::nullopt;
    const auto at = rows_.find(table->table);
    if (at != rows_.end() && !once_) return std::optional(at->second);
    if (at != rows_.end()) return std::optional(std::move(rows_.extract(at).mapped()));
    const auto file = file_names_.find(table->table);
    if (file == file_names_.end()) return std::optional<kql::Rows>();
    return std::optional(TRY(files_.read(file->second)).rows);  // of a query that asks it again
  }

  const std::map<std::string, model::TableSchema, std::less<>>& schemas() const { return schemas_; }

 private:
  base::Result<void> add_file(const std::string& word);

  bool once_ = false;
  TableFiles files_;
  std::map<std::string, kql::Rows, std::less<>> rows_;  // of files
  std::map<std::string, std::string, std::less<>> file_names_;
  std::map<std::string, model::TableSchema, std::less<>> schemas_;
};

base::Result<void> Tables::add_file(const std::string& word) {
  const auto [name, file] = base::cut(word, "=");
  if (name.empty() || file.empty()) return base::fail(base::Kind::invalid_input, fmt::format("--table is Name=FILE, not '{}'", word));
  if (rows_.count(name) != 0) return base::fail(base::Kind::invalid_input, fmt::format("two files are the table {}; give each a name of its own", base::printable(name)));
  kql::Table table = TRY(files_.read(std::string(file)));
  model::TableSchema schema{std::string(name), {}, {}};
  for (const kql::Column& column : table.schema) schema.columns.push_back({column.name, column.type, {}});
  schemas_[schema.name] = schema;
  file_names_[schema.name] = file;
  rows_[schema.name] = std::move(table.rows);
  return {};
}

base::Result<Tables> Tables::read(const QueryFlags& flags, bool once) {
  Tables out;
  out.once_ = once;
  for (const std::string& word : flags.tables) TRY(out.add_file(word));
  if (!flags.schema.empty()) {
    const std::string text = TRY(base::read_file(flags.schema, kLargestSchema));
    auto schemas = TRY(kql::read_schemas(text, flags.schema));
    if (schemas.passed_over > 0) print_warning(fmt::format("{}: {}; {} such lines are passed over", flags.schema, schemas.first_passed_over, schemas.passed_over));
    for (model::TableSchema& table : schemas.tables) out.schemas_.emplace(table.name, std::move(table));
  } else if (flags.tables.empty()) {
    const auto specs = TRY(workspace::TableSpecs::load());
    for (const workspace::TableSpec& spec : specs.all()) out.schemas_.emplace(spec.schema.name, spec.schema);
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
  const auto tables = Tables::read(flags, true);
  if (!tables) return fail_with(tables.error());
  const kql::Bound bound = kql::bind_text(text, tables->options());
  if (!bound.diagnostics.empty()) return report_diagnostics(bound.diagnostics, text);
  if (flags.output != "json") return kDone;
  base::JsonArray columns;
  for (const kql::Column& column : bound.query.answers.front().rows->schema)
    columns.push_back(base::JsonObject{{"name", column.name}, {"type", std::string(kql::type_name(column.type))}});
  const base::JsonObject json{{"schemaVersion", 1}, {"columns", std::move(columns)}, {"moreColumns", bound.open_schema}};
  const auto written = write_output(base::to_pretty_text(json), {});
  return written ? kDone : fail_with(written.error());
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
    if (const auto written = write_output(text, {}); !written) return fail_with(written.error());
    if (format == "table") print_hint(global, table.rows.size() == 1 ? "1 row" : fmt::format("{} rows", table.rows.size()));
  }
  return kDone;
}

int report_failure(const base::Error& error) {
  print_error(error);
  return error.kind == base::Kind::invalid_input ? kWrongQuery : kFailed;
}

base::Result<void> narrow_time(const std::string& timespan, const Tables& tables, kql::BindOptions& options) {
  if (timespan.empty()) return {};
  const workspace::TimeRange range = TRY(workspace::parse_timespan(timespan, options.now));
  options.time_range = kql::TimeRange{range.begin, range.end + 1};
  for (const auto& [name, schema] : tables.schemas()) {
    const auto* time = schema.find(options.time_column);
    if (time == nullptr || time->type != kql::Type::datetime)
      print_warning(fmt::format("--timespan narrows the datetime column {}, which the table {} does not have", options.time_column, name));
  }
  return {};
}

int run_on_files(const GlobalOptions& global, const QueryFlags& flags, Tables& tables, const std::string& text) {
  kql::BindOptions options = tables.options();
  if (const auto narrowed = narrow_time(flags.timespan, tables, options); !narrowed) return report_failure(narrowed.error());
  kql::RunLimits limits;
  limits.cancelled = &Interrupts::raised();
  limits.memory_left = [] { return base::memory_left(); };
  const auto answer = kql::run_query(text, options, [&](const kql::Relation& relation) { return tables.rows_of(relation); }, limits);
  return answer ? print_answer(global, flags.output, *answer) : report_failure(answer.error());
}

int run_on_hub(const GlobalOptions& global, const QueryFlags& flags, const client::Connection& connection, const std::string& text) {
  const auto answer = client::query_logs(connection, text, flags.timespan, flags.workspace);
  if (!answer) return report_failure(answer.error());
  if (!answer->cut.empty()) print_warning(answer->cut);
  return print_answer(global, flags.output, answer->rows);
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

// Has the engine end a query where Ctrl-C is pressed.
class Watcher {
 public:
  explicit Watcher(hub::OfflineWorkspace& workspace) : thread_([this, &workspace] {
    for (; !done_.load(); std::this_thread::sleep_for(kLook))
      if (Interrupts::raised().load()) workspace.cancel();
  }) {}
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() {
    done_.store(true);
    thread_.join();
  }

 private:
  static constexpr std::chrono::milliseconds kLook{20};
  std::atomic<bool> done_ = false;
  std::thread thread_;  // begins last
};

int run_on_data(const GlobalOptions& global, const QueryFlags& flags, hub::OfflineWorkspace& workspace, const std::string& text) {
  const auto outcome = [&] {
    const Watcher watcher(workspace);
    return workspace.query(text, flags.timespan);
  }();
  if (!outcome) return report_failure(outcome.error().error);
  if (outcome->partial) print_warning(outcome->partial->message);
  return print_answer(global, flags.output, rows_of_outcome(*outcome));
}

using Runner = std::function<int(const std::string& text)>;

// `print`, `range`, `datatable` and what is made of them.
bool asks_no_table(const std::string& text) { return kql::bind_text(text, Tables().options()).diagnostics.empty(); }

// What queries are run by, as long as the flags live.
base::Result<Runner> open_runner(const GlobalOptions& global, const QueryFlags& flags, bool prompt) {
  if (!flags.data.empty()) {
    const std::shared_ptr<hub::OfflineWorkspace> workspace = TRY(hub::OfflineWorkspace::open(flags.data, flags.workspace));
    return [&global, &flags, workspace](const std::string& text) { return run_on_data(global, flags, *workspace, text); };
  }
  if (!flags.tables.empty() || !flags.schema.empty()) {
    const auto tables = std::make_shared<Tables>(TRY(Tables::read(flags, !prompt)));
    return [&global, &flags, tables](const std::string& text) { return run_on_files(global, flags, *tables, text); };
  }
  auto connected = TRY(connect(flags.target));
  connected.go_on_while([] { return !Interrupts::raised().load(); });  // a hub ends the query of who hangs up
  const auto connection = std::make_shared<const client::Connection>(std::move(connected));
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
  const auto run = open_runner(global, flags, prompt);
  // Whoever chose no hub needs none for such a query.
  if (!run && !prompt && run.error().kind == base::Kind::denied && flags.target.hub.empty() && asks_no_table(*text)) {
    Tables none;
    return run_on_files(global, flags, none, *text);
  }
  if (!run) return fail_with(run.error());
  return prompt ? run_query_prompt(*run) : (*run)(*text);
}

}  // namespace cli
