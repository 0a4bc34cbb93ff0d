// SPDX-License-Identifier: Apache-2.0
// How the command tree is put together: one file a family of commands adds its own. Those files and app.cpp are the only
// ones that include the command-line library.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/hub_options.hpp"
#include "cli/options.hpp"
#include "cli/query_options.hpp"

namespace CLI {
class App;
}

namespace cli {

// What the words of the command line are read into.
struct Flags {
  GlobalOptions global;
  ScanFlags scan;
  AuditFlags audit;
  AgentFlags agent;
  HostReaderFlags host_reader;
  SbomFlags sbom;
  DbFlags db;
  VersionsFlags versions;
  HubFlags hub;
  HubArchiveFlags archive;
  HubLinkFlags link;
  ApplyFlags apply;
  LoginFlags login;
  ContextFlags context;
  WhoamiFlags whoami;
  RegistryFlags registry;
  HostFlags host;
  RecommendationFlags recommendation;
  FindingFlags finding;
  ImageFlags image;
  GateFlags gate;
  QueryFlags query;
  ConformanceFlags conformance;
  std::string shell;
  std::string topic;
  std::function<int()> action;  // of the command that was named; its result is the exit code
};

void add_local_commands(CLI::App& root, Flags& flags);  // scan, audit, host-reader, sbom, db, versions: no hub
void add_hub_commands(CLI::App& root, Flags& flags);    // hub, login, logout, whoami, context
void add_query_commands(CLI::App& root, Flags& flags);  // query, kql
void add_host_commands(CLI::App& root, Flags& flags);   // host
void add_view_commands(CLI::App& root, Flags& flags);   // registry, image, finding, recommendation, gate

// The command, when named, does this. Of a command and its subcommand the subcommand counts.
void set_action(CLI::App& command, Flags& flags, std::function<int()> action);

void add_hub_target(CLI::App& command, HubTarget& target);
void add_geo_database(CLI::App& command, std::string& file);
void add_list_flags(CLI::App& command, ListFlags& flags);
void add_detail_format(CLI::App& command, std::vector<std::string>& formats);

}  // namespace cli
