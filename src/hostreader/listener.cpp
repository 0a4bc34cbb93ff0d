// SPDX-License-Identifier: Apache-2.0
#include "hostreader/listener.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/files.hpp"

namespace hostreader {

namespace {

constexpr int kFirstHandedOver = 3;  // SD_LISTEN_FDS_START
constexpr int kWaiting = 16;
constexpr time_t kConnectSeconds = 5;

base::Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!path.starts_with('/') || path.size() >= sizeof address.sun_path)
    return base::fail(base::Kind::invalid_input,
                      fmt::format("'{}' is no path of a socket: absolute, shorter than {} bytes", path, sizeof address.sun_path));
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

bool listens(int fd) {
  int listening = 0, domain = 0;
  socklen_t size = sizeof listening;
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0 &&
         ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &(size = sizeof domain)) == 0 && domain == AF_UNIX;
}

base::Result<void> make_way(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode)) return base::fail(base::Kind::conflict, fmt::format("{} is there and is no socket", path));
  if (connect_to(path)) return base::fail(base::Kind::conflict, fmt::format("another host reader listens at {}", path));
  if (::unlink(path.c_str()) != 0) return base::fail(base::errno_error(errno, "cannot remove", path));
  return {};
}

}  // namespace

base::Result<uid_t> user_id(const std::string& name) {
  std::array<char, 16384> buffer;
  passwd entry{}, *found = nullptr;
  ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (!found) return base::fail(base::Kind::not_found, fmt::format("there is no user {}", name));
  return entry.pw_uid;
}

base::Result<gid_t> group_id(const std::string& name) {
  std::array<char, 16384> buffer;
  group entry{}, *found = nullptr;
  ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (!found) return base::fail(base::Kind::not_found, fmt::format("there is no group {}", name));
  return entry.gr_gid;
}

base::Result<std::optional<Descriptor>> activated_socket() {
  const char* pid = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  if (!pid || !count || std::to_string(::getpid()) != pid) return std::nullopt;
  if (std::string_view(count) != "1")
    return base::fail(base::Kind::invalid_input, fmt::format("the service manager hands over {} sockets; one is wanted", count));
  if (!listens(kFirstHandedOver))
    return base::fail(base::Kind::invalid_input, "what the service manager hands over is no listening Unix socket");
  ::fcntl(kFirstHandedOver, F_SETFD, FD_CLOEXEC);
  ::fcntl(kFirstHandedOver, F_SETFL, O_NONBLOCK);
  return Descriptor(kFirstHandedOver);
}

base::Result<Descriptor> listen_at(const std::string& path, gid_t group) {
  const sockaddr_un address = TRY(address_of(path));
  TRY(make_way(path));
  Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const mode_t before = ::umask(0177);  // nobody but its owner until it is the group's
  const int bound = ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = errno;
  ::umask(before);
  if (bound != 0) return base::fail(base::errno_error(error, "cannot make the socket", path));
  if (::chown(path.c_str(), static_cast<uid_t>(-1), group) != 0 || ::chmod(path.c_str(), 0660) != 0)
    return base::fail(base::errno_error(errno, "cannot give the group its socket", path));
  if (::listen(listener.get(), kWaiting) != 0) return base::fail(base::errno_error(errno, "cannot listen at", path));
  return listener;
}

base::Result<Descriptor> connect_to(const std::string& path) {
  const sockaddr_un address = TRY(address_of(path));
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{kConnectSeconds, 0};  // a full queue makes connect(2) wait
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return base::fail(base::errno_error(errno, "cannot connect to", path));
  return socket;
}

std::optional<uid_t> peer_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

}  // namespace hostreader
