// SPDX-License-Identifier: Apache-2.0
#include "agent/file_watch.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/files.hpp"

namespace agent {

namespace {

constexpr std::uint32_t kWatched = IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE_SELF |
                                   IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::size_t kMostWatchedPaths = 10'000;

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

bool is_above(std::string_view folder, std::string_view path) {
  return folder == "/" || (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

}  // namespace

base::Result<std::unique_ptr<FileWatch>> FileWatch::start(std::function<void(const std::string&)> on_change) {
  const int watches = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (watches < 0)
    return base::fail(base::Kind::unavailable, fmt::format("changes of files cannot be watched: {}; they are looked for from time to time",
                                                           std::strerror(errno)));
  const int stop = ::eventfd(0, EFD_CLOEXEC);
  if (stop < 0) {
    const int error = errno;
    ::close(watches);
    return base::fail(base::Kind::unavailable, fmt::format("changes of files cannot be watched: {}", std::strerror(error)));
  }
  return std::unique_ptr<FileWatch>(new FileWatch(std::move(on_change), watches, stop));
}

FileWatch::FileWatch(std::function<void(const std::string&)> on_change, int watches, int stop)
    : on_change_(std::move(on_change)), watches_(watches), stop_(stop), thread_([this] { run(); }) {}

FileWatch::~FileWatch() {
  const std::uint64_t one = 1;
  while (::write(stop_, &one, sizeof one) < 0 && errno == EINTR) {
  }
  thread_.join();
  ::close(watches_);
  ::close(stop_);
}

void FileWatch::watch(const std::vector<std::string>& paths) {
  const std::lock_guard lock(mutex_);
  std::set<std::string> wanted;
  for (const std::string& path : paths)
    if (path.starts_with('/') && path.size() > 1 && wanted.size() < kMostWatchedPaths) wanted.insert(path);
  if (wanted == paths_) return;
  paths_ = std::move(wanted);
  renew();
}

// The folder of the path, or the nearest above it that exists; and the path itself where it is a folder.
void FileWatch::add(const std::string& path) {
  std::string folder = parent_of(path);
  int watch = ::inotify_add_watch(watches_, folder.c_str(), kWatched);
  while (watch < 0 && (errno == ENOENT || errno == ENOTDIR) && folder != "/") {
    folder = parent_of(folder);
    watch = ::inotify_add_watch(watches_, folder.c_str(), kWatched);
  }
  if (watch >= 0) folders_[watch].insert(folder);
  if (const int inside = ::inotify_add_watch(watches_, path.c_str(), kWatched); inside >= 0) folders_[inside].insert(path);
}

void FileWatch::renew() {
  const auto before = std::exchange(folders_, {});
  for (const std::string& path : paths_) add(path);
  for (const auto& [watch, names] : before)
    if (!folders_.contains(watch)) ::inotify_rm_watch(watches_, watch);
}

void FileWatch::event(const std::set<std::string>& folders, std::string_view name) {
  for (const std::string& folder : folders) {
    const std::string path = name.empty() ? folder : folder == "/" ? "/" + std::string(name) : folder + "/" + std::string(name);
    if (paths_.contains(path)) {
      found_.insert(path);
      renew_ = true;  // it may be a folder, and another one than before
    } else if (!name.empty() && paths_.contains(folder)) {
      found_.insert(folder);
    }
    const auto below = paths_.lower_bound(path + "/");
    if (below == paths_.end() || !is_above(path, *below)) continue;
    found_.insert(*below);
    renew_ = true;
  }
}

void FileWatch::read_events() {
  alignas(inotify_event) std::array<char, 64u << 10> buffer{};
  for (;;) {
    const ssize_t size = ::read(watches_, buffer.data(), buffer.size());
    if (size <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event head{};
      std::memcpy(&head, buffer.data() + at, sizeof head);
      const char* name = buffer.data() + at + sizeof head;
      at += sizeof head + head.len;
      if ((head.mask & IN_Q_OVERFLOW) != 0) {
        found_.insert(paths_.begin(), paths_.end());
        renew_ = true;
      }
      if (const auto folder = folders_.find(head.wd); folder != folders_.end())
        event(folder->second, head.len == 0 ? std::string_view() : std::string_view(name, ::strnlen(name, head.len)));
    }
  }
}

void FileWatch::run() {
  std::array<pollfd, 2> wanted{pollfd{watches_, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
  for (;;) {
    const int ready = ::poll(wanted.data(), wanted.size(), -1);
    if (ready < 0 && errno != EINTR) return;
    if (ready > 0 && wanted[1].revents != 0) return;
    if (ready <= 0) continue;
    std::set<std::string> found;
    {
      const std::lock_guard lock(mutex_);
      read_events();
      if (std::exchange(renew_, false)) renew();
      found = std::exchange(found_, {});
    }
    for (const std::string& path : found) on_change_(path);
  }
}

}  // namespace agent
