// SPDX-License-Identifier: Apache-2.0
// What an agent last knew of itself, for `bulwark agent status`.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace agent {

struct AgentReport {
  std::string hub, version, state, message;  // state: connected, unreachable, busy, denied, starting, stopped
  std::int64_t pid = 0;
  std::int64_t written_at = 0, taken_at = 0;  // ms since 1970; the last batch that the hub took, 0: none yet
  std::int64_t spool_messages = 0, spool_bytes = 0, lost_messages = 0, refused_messages = 0;
  std::vector<std::string> problems;
};

// Thread-safe.
class StatusFile {
 public:
  explicit StatusFile(std::filesystem::path path) : path_(std::move(path)) {}
  base::Result<void> write(const AgentReport& report);
  // Kind::not_found where no agent ran there yet.
  static base::Result<AgentReport> read(const std::filesystem::path& path);

 private:
  const std::filesystem::path path_;
  std::mutex mutex_;
};

}  // namespace agent
