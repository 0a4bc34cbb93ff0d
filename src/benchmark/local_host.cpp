// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "base/files.hpp"
#include "base/text.hpp"
#include "benchmark/audit_netlink.hpp"
#include "benchmark/host_reader.hpp"
#include "net/http.hpp"

namespace benchmark {

namespace {

constexpr std::size_t kMostNames = 200'000;
constexpr std::size_t kAnswerBytes = 64u << 20;
constexpr int kTimeoutsInARow = 3;
constexpr auto kLeftAlone = std::chrono::seconds(30);  // an engine that timed out that often; then it is tried once more

bool is_socket(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

std::string find_socket() {
  const char* told = std::getenv("DOCKER_HOST");
  if (told && std::string_view(told).starts_with("unix://")) return std::string(told).substr(7);
  const std::string uid = std::to_string(::getuid());
  for (const std::string& path :
       {std::string("/var/run/docker.sock"), std::string("/run/docker.sock"), "/run/user/" + uid + "/docker.sock",
        std::string("/run/podman/podman.sock"), "/run/user/" + uid + "/podman/podman.sock"})
    if (is_socket(path)) return path;
  return {};
}

class LocalHost : public HostReader {
 public:
  explicit LocalHost(const LocalHostOptions& options)
      : options_(options), socket_(options.socket), transport_(net::curl_transport({})) {}

  // Where none was named and none was there, one may have come since.
  std::string engine_socket() const override {
    const std::lock_guard lock(mutex_);
    if (socket_.empty()) socket_ = find_socket();
    return socket_;
  }

  base::Result<EngineAnswer> get(std::string_view path) override {
    if (timeouts_ >= kTimeoutsInARow && std::chrono::steady_clock::now() < ask_again_at_)
      return base::fail(base::Kind::unavailable, fmt::format("the engine at {} stopped answering", engine_socket()));
    net::HttpRequest request = TRY(request_to(path));
    request.total_timeout = options_.timeout;
    auto response = transport_->send(request);
    const bool silent = !response && response.error().kind == base::Kind::unavailable;
    timeouts_ = silent ? timeouts_ + 1 : 0;
    ask_again_at_ = std::chrono::steady_clock::now() + kLeftAlone;
    if (!response) return base::fail(no_answer(path, response.error()));
    return EngineAnswer{response->status, std::move(response->body)};
  }

  base::Result<void> follow(std::string_view path, const std::function<bool(std::string_view bytes)>& sink) override {
    net::HttpRequest request = TRY(request_to(path));
    request.stall_timeout = std::chrono::milliseconds(0);
    bool wanted = true;
    request.go_on = [&] { return wanted = wanted && sink({}); };
    const auto response = transport_->send(request, [&](std::string_view bytes) -> base::Result<void> {
      wanted = wanted && sink(bytes);
      if (!wanted) return base::fail(base::Kind::cancelled, "enough was read");
      return {};
    });
    if (!wanted) return {};
    if (!response) return base::fail(no_answer(path, response.error()));
    if (response->status / 100 == 2) return {};
    return base::fail(response->status == 404 ? base::Kind::not_found : base::Kind::unavailable,
                      fmt::format("the engine at {} answered {} to GET {}: {}", engine_socket(), response->status, path,
                                  base::printable(response->body.substr(0, 200))));
  }

  std::optional<int> engine_process() override {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string socket = engine_socket();
    if (fd < 0 || socket.empty() || socket.size() >= sizeof address.sun_path) {
      if (fd >= 0) ::close(fd);
      return std::nullopt;
    }
    std::memcpy(address.sun_path, socket.data(), socket.size());
    ucred peer{};
    socklen_t size = sizeof peer;
    const bool known = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                       ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid > 0;
    ::close(fd);
    return known ? std::optional<int>(peer.pid) : std::nullopt;
  }

  base::Result<FileStatus> stat(const std::string& path) override {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return base::fail(base::errno_error(errno, "cannot look at", path));
    FileStatus out;
    out.type = S_ISREG(status.st_mode) ? "file" : S_ISDIR(status.st_mode) ? "dir" : S_ISSOCK(status.st_mode) ? "socket" : "other";
    out.uid = status.st_uid;
    out.gid = status.st_gid;
    out.mode = status.st_mode & 07777;
    std::array<char, PATH_MAX> real{};
    if (::realpath(path.c_str(), real.data())) out.real_path = real.data();
    return out;
  }

  // A pipe, which whoever runs a daemon of their own may have in a file's place, would be waited for.
  base::Result<std::string> read(const std::string& path, std::size_t cap) override {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) return base::fail(base::Kind::denied, path + " is no regular file");
    return base::read_file(path, cap);
  }

  base::Result<std::string> read_link(const std::string& path) override {
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    if (size < 0) return base::fail(base::errno_error(errno, "cannot read the link", path));
    return std::string(target.data(), static_cast<std::size_t>(size));
  }

  base::Result<std::vector<std::string>> list(const std::string& folder) override {
    DIR* directory = ::opendir(folder.c_str());
    if (!directory) return base::fail(base::errno_error(errno, "cannot list", folder));
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(directory)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != ".." && names.size() < kMostNames) names.emplace_back(name);
    }
    ::closedir(directory);
    return names;
  }

  base::Result<std::vector<std::string>> audit_rules() override { return kernel_audit_rules(); }

 private:
  base::Result<net::HttpRequest> request_to(std::string_view path) const {
    net::HttpRequest request;
    request.url = fmt::format("http://localhost{}", path);
    request.unix_socket = engine_socket();
    if (request.unix_socket.empty()) return base::fail(base::Kind::not_found, "this host has no socket of an engine");
    request.body_cap = kAnswerBytes;
    request.connect_timeout = options_.timeout;
    return request;
  }

  base::Error no_answer(std::string_view path, const base::Error& why) const {
    return {why.kind, fmt::format("the engine at {} does not answer GET {}: {}", engine_socket(), path, why.message)};
  }

  const LocalHostOptions options_;
  mutable std::mutex mutex_;  // guards socket_
  mutable std::string socket_;
  std::unique_ptr<net::HttpTransport> transport_;
  int timeouts_ = 0;  // in a row
  std::chrono::steady_clock::time_point ask_again_at_;
};

}  // namespace

std::unique_ptr<HostReader> local_host(const LocalHostOptions& options) { return std::make_unique<LocalHost>(options); }

}  // namespace benchmark
