// SPDX-License-Identifier: Apache-2.0
// The flags of each verb as plain values. Filled by app.cpp, the only file that knows the command-line library.
#pragma once

#include <string>
#include <vector>

namespace cli {

enum ExitCode { kDone = 0, kFailed = 1, kThresholdCrossed = 2, kUsage = 3, kPartial = 4 };

struct GlobalOptions {
  bool quiet = false;
  bool no_progress = false;
  std::string color = "auto";  // auto, always, never
  std::string cache_dir;       // empty: base::cache_dir()
};

struct SourceFlags {
  std::string platform;
  bool insecure = false;
  bool offline = false;
  bool no_cache = false;
  std::string ca_file;
  std::string username;
  bool password_stdin = false;
};

struct OutputFlags {
  std::vector<std::string> formats;  // NAME[=FILE]
  std::string output;                // file of the first format that names none
};

struct ScanFlags {
  std::string reference;
  SourceFlags source;
  OutputFlags output;
  std::string database;
  std::vector<std::string> severities;  // each possibly a comma list
  bool only_fixed = false;
  std::string fail_on;
  std::vector<std::string> vex;
  std::string ignore_file;
  bool show_suppressed = false;
  bool allow_partial = false;
  std::vector<std::string> scanners;  // each possibly a comma list; empty: all
  std::string secret_rules;           // folder
  std::string yara_rules;             // folder
};

struct SbomFlags {
  std::string reference;
  SourceFlags source;
  OutputFlags output;
  bool allow_partial = false;
};

struct DbFlags {
  std::string database;
  std::vector<std::string> inputs;      // import
  std::vector<std::string> ecosystems;  // update
  std::string url;                      // update
  std::string ca_file;
  bool json = false;                    // status
};

struct VersionsFlags {
  std::string ecosystem, a, b;     // compare
  std::vector<std::string> files;  // check
};

struct AuditFlags {
  std::string benchmark;               // "docker"
  std::string host;                    // unix:// address or path of the engine's socket
  std::string reader;                  // socket of a host reader to look through
  std::string facts;                   // file to judge in place of this host
  std::string save_facts;              // file
  std::vector<std::string> checks;     // each possibly a comma list, as the three below
  std::vector<std::string> skipped;
  std::vector<std::string> sections;
  std::vector<std::string> trusted_users;
  std::vector<std::string> trusted_images;
  int level = 2;
  std::string fail_on;
  bool allow_partial = false;
  OutputFlags output;
};

struct HostReaderFlags {
  std::string socket;                             // empty: what the service manager hands over
  std::string engine;                             // empty: the one that is found
  std::string group = "bulwark-agent";            // of the socket
  std::vector<std::string> users;                 // who is answered; those that do not exist are left out
};

struct AgentFlags {
  std::string data;       // empty: the service manager's, else /var/lib/bulwark-agent
  std::string hub, token; // to enrol; empty: as before
  std::string ca_file;
  std::string reader, docker;  // sockets of a host reader, of the engine
  std::string spool_size = "64M";
  bool enroll_only = false;
  bool no_packages = false;
};

int run_scan(const GlobalOptions& global, const ScanFlags& flags);
int run_audit(const GlobalOptions& global, const AuditFlags& flags);
int run_host_reader(const HostReaderFlags& flags);
int run_agent(const GlobalOptions& global, const AgentFlags& flags);
int run_agent_status(const AgentFlags& flags);
int run_sbom(const GlobalOptions& global, const SbomFlags& flags);
int run_db_import(const GlobalOptions& global, const DbFlags& flags);
int run_db_update(const GlobalOptions& global, const DbFlags& flags);
int run_db_status(const GlobalOptions& global, const DbFlags& flags);
int run_versions_compare(const VersionsFlags& flags);
int run_versions_check(const VersionsFlags& flags);

}  // namespace cli
