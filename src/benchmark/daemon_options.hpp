// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "benchmark/verdict.hpp"

namespace benchmark {

// What dockerd was told: arguments and daemon.json. The daemon refuses to start when both name an option, so either
// counts. Options go by their name in daemon.json ("hosts", "log-level").
class DaemonOptions {
 public:
  DaemonOptions() = default;
  // `config` is the object of daemon.json, null where there is no such file; it outlives this.
  DaemonOptions(const std::vector<std::string>& argv, const base::Json* config);

  // The value, and where it stands. Nothing where the option is not given. Flags that say no value are "true"; a list in
  // daemon.json is given one by one.
  std::vector<std::string> values(std::string_view name) const;
  std::optional<std::string> value(std::string_view name) const;  // of several the last
  Evidence evidence(std::string_view name, std::string message = {}) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> flags_;
  const base::Json* config_ = nullptr;
};

}  // namespace benchmark
