// SPDX-License-Identifier: Apache-2.0
// Sessions of the embedded engine.
#pragma once

#include <signal.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "workspace/chdb_api.hpp"

namespace workspace {

// Turning the library's own signal handlers off, and each connect after that, sets these to their defaults.
inline constexpr std::array kChdbSignals{SIGABRT, SIGSEGV, SIGILL, SIGBUS, SIGSYS, SIGFPE, SIGTSTP, SIGTRAP};

// Puts the process's signal handlers back at the end of its life.
class SignalKeeper {
 public:
  SignalKeeper();
  SignalKeeper(const SignalKeeper&) = delete;
  SignalKeeper& operator=(const SignalKeeper&) = delete;
  ~SignalKeeper();

 private:
  std::array<struct sigaction, kChdbSignals.size()> before_{};
};

struct ChdbResultFree {
  const ChdbApi* api;
  void operator()(ChdbResult* result) const { api->free_result(result); }
};
using ChdbResultPtr = std::unique_ptr<ChdbResult, ChdbResultFree>;

// One session of the engine; used by one thread at a time. Statements of one session take turns, those of several run
// beside one another.
class ChdbSession {
 public:
  // `folder`: of the workspace, with its configuration file. Kind::unavailable where the engine cannot open it.
  static base::Result<ChdbSession> open(const ChdbApi& api, const std::filesystem::path& folder);
  ChdbSession(ChdbSession&& other) noexcept : api_(other.api_), connection_(std::exchange(other.connection_, nullptr)) {}
  ChdbSession& operator=(ChdbSession&& other) noexcept {
    std::swap(api_, other.api_);
    std::swap(connection_, other.connection_);
    return *this;
  }
  ~ChdbSession();

  // Failures as SqlEngine has them.
  base::Result<ChdbResultPtr> run(std::string_view sql, std::string_view format = "Null");

 private:
  ChdbSession(const ChdbApi* api, ChdbConnection connection) : api_(api), connection_(connection) {}

  const ChdbApi* api_;
  ChdbConnection connection_;
};

std::filesystem::path chdb_configuration_file(const std::filesystem::path& folder);

}  // namespace workspace
