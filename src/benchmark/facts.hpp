// SPDX-License-Identifier: Apache-2.0
// What is known of one container host, as one JSON document: the answers of its Engine API (cut down to what checks read,
// values of variables masked), the daemon's arguments and daemon.json, owners and modes of files, audit rules, mounts,
// groups, kernel. docs/cis-docker.md lists its members. Collected on the host (collect.hpp), saved, sent and judged again
// anywhere. The document is hostile input: what is missing or wrong makes errors of the controls that read it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "benchmark/audit_rules.hpp"
#include "benchmark/daemon_options.hpp"
#include "benchmark/verdict.hpp"

namespace benchmark {

inline constexpr int kFactsSchemaVersion = 1;
inline constexpr std::size_t kFactsBytes = 512u << 20;  // of a saved document

// One source that was read: {"value": …}, or {"error": "…"}; null where there is no such thing on the host.
struct Reading {
  const base::Json* value = nullptr;
  std::string_view error;  // why it could not be read; empty where it was, or where it does not exist

  bool absent() const { return !value && error.empty(); }
};
Reading reading_of(const base::Json& parent, std::string_view member);

struct FileFacts {
  std::string path;
  bool exists = false;
  std::string error;      // why it could not be looked at; `exists` says nothing then
  std::string type;       // "file", "dir", "socket", "other"
  std::string real_path;  // without symbolic links; empty where it was not recorded
  std::int64_t uid = -1, gid = -1;
  std::string user, group;  // names of both; empty where not known
  std::uint32_t mode = 0;   // permission bits, 07777

  Evidence evidence(std::string message = {}) const;
};

struct ContainerFacts {
  std::string id, name;          // name without its '/'; the id where there is none
  Reading inspect;               // GET /containers/{id}/json
  Reading process;               // of its first process in the host's /proc; absent where it does not run
  Reading commands;              // names of the programs that run in it
  Reading execs;                 // GET /exec/{id}/json of each
  bool running = false;
};

struct ImageFacts {
  std::string id, name;  // its first tag, else the id
  Reading inspect;       // GET /images/{id}/json
  Reading history;       // GET /images/{id}/history
};

enum class EngineKind { none, docker, podman, unreachable };

// One host. Not copied: parts point into the document. Read by any number of threads while none changes it.
class HostFacts {
 public:
  // Takes any document: members that are missing or wrong are absent. Kind::unsupported for a schema version that this
  // program does not know, Kind::invalid_input where it is no object, Kind::too_large past 50,000 containers or images.
  static base::Result<std::unique_ptr<HostFacts>> from_json(base::Json document);
  static base::Result<std::unique_ptr<const HostFacts>> parse(std::string_view text, std::string_view what);
  HostFacts(const HostFacts&) = delete;
  HostFacts& operator=(const HostFacts&) = delete;

  const base::Json& document() const { return document_; }

  // For agents, which keep the facts of a host up to date. Whatever was pointed to in these facts is gone afterwards, also
  // where it fails, with the kinds of from_json(): the facts are then to be collected anew.
  base::Result<void> replace(std::string_view member, base::Json value);
  // One entry of the list "containers" or "images", as it stands there; null where it is gone. Kind::not_found where the
  // facts have no such list.
  base::Result<void> replace_in(std::string_view list, std::string_view id, base::Json entry);

  EngineKind engine_kind() const { return kind_; }
  std::string_view engine_error() const { return engine_error_; }  // where it is unreachable
  bool rootless() const { return rootless_; }
  bool userns_remap() const { return userns_remap_; }

  Reading engine(std::string_view answer) const;   // "version", "info", "networks", "swarm", "nodes", "secrets"
  Reading host(std::string_view member) const;     // "daemon", "daemonConfig", "mounts", "groups", "environment", "execs"
  std::string_view host_text(std::string_view member) const;  // of "host": "name", "os", "kernel", "seLinux"

  Reading container_list() const { return container_list_; }
  Reading image_list() const { return image_list_; }
  const std::vector<ContainerFacts>& containers() const { return containers_; }
  const std::vector<ImageFacts>& images() const { return images_; }

  const DaemonOptions& options() const { return options_; }
  std::string_view options_error() const { return options_error_; }  // why arguments or daemon.json are not known; else empty

  // Null where nobody looked at the path.
  const FileFacts* file(std::string_view path) const;
  std::vector<const FileFacts*> files_below(std::string_view folder) const;

  Reading audit() const { return host("auditRules"); }
  const std::vector<AuditRule>& audit_rules() const { return audit_rules_; }

  // The path with the host's symbolic links of top folders resolved ("/lib" → "/usr/lib", "/var/run" → "/run").
  std::string canonical(std::string_view path) const;

 private:
  HostFacts() = default;
  base::Result<void> read();
  void read_engine();
  void read_daemon();
  void read_files();
  void read_audit();
  base::Result<void> read_containers();
  base::Result<void> read_images();

  base::Json document_;
  EngineKind kind_ = EngineKind::none;
  std::string engine_error_, options_error_;
  bool rootless_ = false, userns_remap_ = false;
  Reading container_list_, image_list_;
  std::vector<ContainerFacts> containers_;
  std::vector<ImageFacts> images_;
  DaemonOptions options_;
  std::map<std::string, FileFacts, std::less<>> files_;
  std::vector<AuditRule> audit_rules_;
  std::vector<std::pair<std::string, std::string>> links_;
};

}  // namespace benchmark
