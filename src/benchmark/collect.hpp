// SPDX-License-Identifier: Apache-2.0
// host → facts. Everything that cannot be read stands in the document as an error of its own; collecting never fails.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "benchmark/host_reader.hpp"

namespace benchmark {

struct CollectOptions {
  std::string collector;  // "bulwark 1.0.0"
  base::Seconds now;
  std::size_t most_containers = 10'000;  // and images; more are an error of the list
};

// The whole document (facts.hpp).
base::Json collect(HostReader& host, const CollectOptions& options);

// One container anew, as it stands in the list "containers"; null where it is gone. For agents that follow events.
base::Json collect_container(HostReader& host, std::string_view id);
base::Json collect_image(HostReader& host, std::string_view id);  // likewise, of "images"
base::Json collect_networks(HostReader& host);                    // likewise, "networks" of "engine"

// The parts that collect() puts together.
base::Json collect_host(HostReader& host);                                     // "host": name, os, kernel, seLinux
base::JsonObject collect_engine(HostReader& host);                             // "engine"
base::Json collect_containers(HostReader& host, std::size_t most);             // "containers"
base::Json collect_images(HostReader& host, std::size_t most);                 // "images"
base::Json collect_daemon(HostReader& host);                                   // "daemon"
base::Json collect_daemon_config(HostReader& host, const base::Json& daemon);  // "daemonConfig"
base::Json collect_audit(HostReader& host);                                    // "auditRules"
base::Json collect_mounts(HostReader& host, const base::Json& daemon);         // "mounts"
base::Json collect_groups(HostReader& host);                                   // "groups"
base::Json collect_environment(HostReader& host);                              // "environment"
base::Json collect_containerd(HostReader& host);                               // "containerd"
base::JsonObject collect_links(HostReader& host);                              // "links"
base::JsonObject collect_files(HostReader& host, const base::Json& document);  // "files": of the places that the rest names

// Where the daemon (as collect_daemon tells it) has its daemon.json, and the address that containerd's config.toml names;
// empty where it names none.
std::string daemon_config_path(HostReader& host, const base::Json& daemon);
std::string containerd_address(std::string_view config_toml);

// {"value": …} and {"error": "…"}.
base::Json value_json(base::Json value);
base::Json error_json(std::string_view message);

}  // namespace benchmark
