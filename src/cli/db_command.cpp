// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "advisory/database.hpp"
#include "base/json.hpp"
#include "cli/console.hpp"
#include "cli/inventory_options.hpp"
#include "scan/text_table.hpp"

namespace cli {

namespace {

int print_import(const GlobalOptions& global, const base::Result<advisory::ImportReport>& report) {
  if (!report) return fail_with(report.error());
  for (const auto& warning : report->warnings) print_warning(warning);
  for (const auto& source : report->sources)
    print_hint(global, fmt::format("{}: {} records", source.name, source.records));
  if (report->refused > 0) print_warning(fmt::format("{} records were left out", report->refused));
  return kDone;
}

std::string status_json(const advisory::Database& database, const std::filesystem::path& file) {
  base::JsonArray sources;
  for (const auto& source : database.sources())
    sources.push_back({{"name", source.name}, {"records", source.records}, {"newest", source.newest}, {"imported", source.imported}});
  return base::to_pretty_text({{"schemaVersion", 1},
                               {"file", file.string()},
                               {"built", base::format_time(database.built())},
                               {"advisories", database.advisories()},
                               {"packages", database.packages()},
                               {"sources", std::move(sources)}});
}

std::string status_table(const GlobalOptions& global, const advisory::Database& database, const std::filesystem::path& file) {
  scan::TextTable table({"Source", "Records", "Newest", "Imported"});
  for (const auto& source : database.sources())
    table.add_row({source.name, std::to_string(source.records), source.newest, source.imported});
  const auto style = table_style(global);
  return fmt::format("{}: built {}, {} advisories for {} packages\n\n{}", file.string(), base::format_time(database.built()),
                     database.advisories(), database.packages(), table.text(style.width, style.unicode));
}

}  // namespace

int run_db_import(const GlobalOptions& global, const DbFlags& flags) {
  const std::vector<std::filesystem::path> inputs(flags.inputs.begin(), flags.inputs.end());
  return print_import(global, advisory::import_files(database_path(global, flags.database), inputs, base::system_now()));
}

int run_db_update(const GlobalOptions& global, const DbFlags& flags) {
  net::TransportOptions transport;
  transport.ca_file = flags.ca_file;
  transport.user_agent = "bulwark/" + tool_version();
  const auto http = net::curl_transport(transport);
  advisory::UpdateOptions options;
  options.ecosystems = flags.ecosystems;
  options.base_url = flags.url;
  options.download_dir = cache_path(global) / "downloads";
  const auto progress = [&](std::string_view line) { print_hint(global, line); };
  return print_import(global, advisory::update(database_path(global, flags.database), *http, options, progress, base::system_now()));
}

int run_db_status(const GlobalOptions& global, const DbFlags& flags) {
  const auto file = database_path(global, flags.database);
  const auto database = advisory::Database::open(file);
  if (!database) return fail_with(database.error());
  const std::string text = flags.json ? status_json(*database, file) : status_table(global, *database, file);
  const auto written = write_output(text, {});
  return written ? kDone : fail_with(written.error());
}

}  // namespace cli
