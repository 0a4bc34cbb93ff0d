// SPDX-License-Identifier: Apache-2.0
// The flags of `bulwark query` and `bulwark kql`, as plain values.
#pragma once

#include <string>
#include <vector>

#include "cli/hub_options.hpp"

namespace cli {

struct QueryFlags {
  HubTarget target;
  std::string text;                  // the query; empty: from `file`, or a prompt
  std::string file;                  // "-": standard input
  std::string data;                  // a hub's data directory that no hub has open
  std::string workspace;             // empty: the hub's default one; in a data directory the only one
  std::vector<std::string> tables;   // Name=FILE
  std::string schema;                // FILE.csv
  std::string output = "table";      // table, json, jsonl, csv, tsv
  std::string timespan;              // ISO 8601
  std::string geo_database;          // FILE.mmdb
  bool check = false;
  bool syntax_only = false;
};

struct ConformanceFlags {
  std::vector<std::string> files;
};

int run_query_command(const GlobalOptions& global, const QueryFlags& flags);
int run_kql_conformance(const ConformanceFlags& flags);

}  // namespace cli
