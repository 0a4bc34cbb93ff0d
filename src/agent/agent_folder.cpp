// SPDX-License-Identifier: Apache-2.0
#include "agent/agent_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/files.hpp"

namespace agent {

namespace {

constexpr std::int64_t kIdentityFormat = 1;
constexpr std::string_view kIdentityFile = "agent.json";

}  // namespace

base::Result<AgentFolder> AgentFolder::open(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return base::fail(base::errno_error(errno, "cannot make", path));
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return base::fail(base::errno_error(errno, "cannot look at", path));
  if ((status.st_mode & 0027) != 0)
    return base::fail(base::Kind::denied, fmt::format("{} holds the agent's credential and is open to others; run chmod 0700 {}",
                                                      path.string(), path.string()));
  const std::filesystem::path file = path / "lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return base::fail(base::errno_error(errno, "cannot open", file));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    ::close(lock);
    if (error == EWOULDBLOCK)
      return base::fail(base::Kind::conflict, fmt::format("another agent runs with {}; stop it first", path.string()));
    return base::fail(base::errno_error(error, "cannot lock", file));
  }
  return AgentFolder(path, lock);
}

AgentFolder::AgentFolder(AgentFolder&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

AgentFolder::~AgentFolder() {
  if (lock_ >= 0) ::close(lock_);
}

base::Result<std::optional<Identity>> AgentFolder::identity() const {
  const std::filesystem::path file = path_ / kIdentityFile;
  const auto text = base::read_file(file, 1u << 20);
  if (!text && text.error().kind == base::Kind::not_found) return std::optional<Identity>();
  if (!text) return base::fail(text.error());
  const auto json = base::parse_json(*text, file.string());
  Identity out;
  if (json && base::get_int(*json, "format") == kIdentityFormat) {
    out.hub = base::get_string(*json, "hub");
    out.fingerprint = base::get_string(*json, "fingerprint");
    out.ca_file = base::get_string(*json, "caFile");
    out.resource_id = base::get_string(*json, "resourceId");
    out.credential = base::get_string(*json, "credential");
    out.token_id = base::get_string(*json, "tokenId");
  }
  if (out.hub.empty() || out.credential.empty())
    return base::fail(base::Kind::corrupt,
                      fmt::format("{} is no identity of an agent; remove it and enrol with a new token", file.string()));
  return std::optional<Identity>(std::move(out));
}

base::Result<void> AgentFolder::keep(const Identity& identity) const {
  const base::Json json = base::JsonObject{{"format", kIdentityFormat},
                                           {"hub", identity.hub},
                                           {"fingerprint", identity.fingerprint},
                                           {"caFile", identity.ca_file},
                                           {"resourceId", identity.resource_id},
                                           {"credential", identity.credential},
                                           {"tokenId", identity.token_id}};
  return base::write_file_atomically(path_ / kIdentityFile, base::to_pretty_text(json), 0600);
}

}  // namespace agent
