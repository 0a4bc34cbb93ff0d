// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "benchmark/host_reader.hpp"

namespace benchmark {

// Which processes are in which container, by the control groups in the host's /proc, read once. A container that shares
// the host's process namespace is not blamed for the host's processes so, and no ps has to be run.
class ContainerProcesses {
 public:
  explicit ContainerProcesses(HostReader& host);

  // {"value": ["/usr/sbin/nginx", "/bin/sh /start"]}: program and, where it is a path, first argument of each. Where no
  // process is known to be in the container, the engine is asked (GET /containers/{id}/top).
  base::Json commands(HostReader& host, const std::string& id) const;

 private:
  std::map<std::string, std::vector<int>, std::less<>> pids_;
};

// {"value": {uid, containerUid, capEff, seccomp, noNewPrivs}} of /proc/PID/status; containerUid is the user inside the
// process's user namespace.
base::Json first_process(HostReader& host, std::int64_t pid);

}  // namespace benchmark
