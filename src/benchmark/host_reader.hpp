// SPDX-License-Identifier: Apache-2.0
// The seam between the collector and a host: the local one, a helper with more rights than the collector has, or a test.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace benchmark {

struct FileStatus {
  std::string type;  // "file", "dir", "socket", "other"
  std::int64_t uid = 0, gid = 0;
  std::uint32_t mode = 0;  // permission bits, 07777
  std::string real_path;   // without symbolic links
};

struct EngineAnswer {
  int status = 0;
  std::string body;
};

// Reads and never writes. Errors: Kind::not_found for what does not exist, Kind::denied for what may not be read.
class HostReader {
 public:
  virtual ~HostReader() = default;

  // The engine's socket; empty where there is none.
  virtual std::string engine_socket() const = 0;
  // GET of the Engine API, "/containers/json?all=1", bounded in time and size; any status is a success.
  virtual base::Result<EngineAnswer> get(std::string_view path) = 0;
  // GET of what does not end, or is too large to hold ("/events?…", "/images/{id}/get"): its bytes in order, as they come.
  // The sink also gets an empty piece at least once a second while nothing comes, so that it can end what is silent. Returns
  // when the sink says false or the engine ends the stream; an answer that is not 2xx is Kind::not_found or
  // Kind::unavailable, as is a stream cut short. May run beside the other calls, on a thread of its own.
  virtual base::Result<void> follow(std::string_view path, const std::function<bool(std::string_view bytes)>& sink) = 0;
  // The process at the other end of the engine's socket; nothing where that is not to be told.
  virtual std::optional<int> engine_process() = 0;

  virtual base::Result<FileStatus> stat(const std::string& path) = 0;
  virtual base::Result<std::string> read(const std::string& path, std::size_t cap) = 0;
  virtual base::Result<std::string> read_link(const std::string& path) = 0;
  virtual base::Result<std::vector<std::string>> list(const std::string& folder) = 0;  // names, unsorted
  // The rules that the kernel holds, in auditctl's words.
  virtual base::Result<std::vector<std::string>> audit_rules() = 0;

  // Kind::unavailable where, since this was asked last, something could not be asked of the host at all: what was collected
  // meanwhile has gaps that nobody sees, and is not to be judged.
  virtual base::Result<void> reached() { return {}; }
};

// The machine that this program runs on.
struct LocalHostOptions {
  std::string socket;                        // empty: DOCKER_HOST, Docker's, the user's own, podman's, the first there is
  std::chrono::milliseconds timeout{5'000};  // of one request; after three in a row none is sent for 30 s
};
std::unique_ptr<HostReader> local_host(const LocalHostOptions& options);

}  // namespace benchmark
