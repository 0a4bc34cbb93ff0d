// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/tree.hpp"

namespace cli {

namespace {

void add_query(CLI::App& root, Flags& flags) {
  auto* command = root.add_subcommand("query",
                                      "Ask a workspace, or tables from files, in KQL; a prompt where no query is given\n"
                                      "  bulwark query 'SecurityRecommendation | summarize count() by RecommendationSeverity'\n"
                                      "  bulwark query -f failed-rules.kql -o csv --timespan P7D\n"
                                      "  bulwark query --data /var/lib/bulwark 'Heartbeat | summarize max(TimeGenerated) by Computer'\n"
                                      "  bulwark query --table Log=app.jsonl 'Log | where level == \"error\" | summarize count() by bin(time, 1h)'");
  QueryFlags& query = flags.query;
  command->add_option("query", query.text, "The query")->type_name("KQL");
  command->add_option("-f,--file", query.file, "File with the query; - for standard input")->type_name("FILE");
  auto* tables = command->add_option("-t,--table", query.tables, "A table from a .csv, .tsv, .jsonl, .json or .parquet file; may be repeated")
                     ->type_name("NAME=FILE")
                     ->take_all()
                     ->allow_extra_args(false);
  auto* data = command->add_option("--data", query.data, "Data directory of a hub that does not run, asked without a server")->type_name("DIR")->excludes(tables);
  command->add_option("--workspace", query.workspace, "Workspace to ask: its name or id")->type_name("NAME")->excludes(tables);
  command->add_option("-o,--output", query.output, "table, json, jsonl, csv or tsv")->type_name("NAME");
  command->add_option("--timespan", query.timespan, "Records of this time alone: P7D, PT1H, 2026-01-01/2026-01-02")->type_name("ISO8601");
  command->add_option("--schema", query.schema, "Tables to check against: table_name,column_name,column_type,description")->type_name("FILE.csv")->excludes(data);
  add_geo_database(*command, query.geo_database);
  command->add_flag("--check", query.check, "Read and bind the query alone; 2 where it is wrong");
  command->add_flag("--syntax-only", query.syntax_only, "Read the query alone, with no look at names and types; 2 where it is wrong");
  add_hub_target(*command, query.target);
  set_action(*command, flags, [&flags] { return run_query_command(flags.global, flags.query); });
}

void add_kql(CLI::App& root, Flags& flags) {
  auto* kql = root.add_subcommand("kql", "Work on the query language itself");
  kql->require_subcommand(1);
  auto* conformance = kql->add_subcommand("conformance",
                                          "Run cases of queries with their answers; prints each that fails, then how many passed\n"
                                          "  bulwark kql conformance cases.jsonl");
  conformance->add_option("files", flags.conformance.files, "JSON lines of cases")->required()->type_name("FILE...");
  set_action(*conformance, flags, [&flags] { return run_kql_conformance(flags.conformance); });
}

}  // namespace

void add_query_commands(CLI::App& root, Flags& flags) {
  add_query(root, flags);
  add_kql(root, flags);
}

}  // namespace cli
