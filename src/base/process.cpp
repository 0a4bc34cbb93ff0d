// SPDX-License-Identifier: Apache-2.0
#include "base/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace base {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

class OwnedFd {
 public:
  OwnedFd() = default;
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  ~OwnedFd() { reset(); }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

struct Pipe {
  OwnedFd read_end, write_end;

  Result<void> open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      return fail(Kind::unavailable, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
    return {};
  }
};

// A write to a pipe that nobody reads raises SIGPIPE; held back on this thread, and taken away if it came.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_only_);
    sigaddset(&pipe_only_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only_, &before_);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;
  ~SigpipeGuard() {
    const timespec now{};
    if (!was_pending_)
      while (sigtimedwait(&pipe_only_, nullptr, &now) < 0 && errno == EINTR) {}
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_only_, before_;
  bool was_pending_ = false;
};

struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
};

// The child: killed and reaped at the end of its life if it still runs.
class Child {
 public:
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    reap();
  }

  Result<void> start(const std::vector<std::string>& argv, const Pipe& in, const Pipe& out, const Pipe& err);
  int fd() const { return fd_.get(); }

  int reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
    pid_ = -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t pid_ = -1;
  OwnedFd fd_;
};

Result<void> Child::start(const std::vector<std::string>& argv, const Pipe& in, const Pipe& out, const Pipe& err) {
  SpawnPlan plan;
  posix_spawn_file_actions_adddup2(&plan.actions, in.read_end.get(), 0);
  posix_spawn_file_actions_adddup2(&plan.actions, out.write_end.get(), 1);
  posix_spawn_file_actions_adddup2(&plan.actions, err.write_end.get(), 2);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &defaults);
  posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<std::string> words = argv;
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int error = ::posix_spawnp(&pid_, arguments[0], &plan.actions, &plan.attributes, arguments.data(), environ);
  if (error != 0) {
    pid_ = -1;
    const Kind kind = error == ENOENT || error == ENOTDIR ? Kind::not_found
                      : error == EACCES                   ? Kind::denied
                                                          : Kind::unavailable;
    return fail(kind, fmt::format("cannot run {}: {}", argv[0], std::strerror(error)));
  }
  // <sys/pidfd.h> of glibc 2.36 cannot be linked from C++.
  fd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!fd_.open()) return fail(Kind::unavailable, fmt::format("cannot watch {}: {}", argv[0], std::strerror(errno)));
  return {};
}

void set_nonblocking(const OwnedFd& fd) { ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK); }

// Moves bytes between the child's pipes and memory until it has ended.
class Conversation {
 public:
  Conversation(std::string_view name, std::string_view input, SteadyTime deadline, std::size_t cap)
      : name_(name), input_(input), deadline_(deadline), cap_(cap) {}

  Result<ProcessOutput> run(const std::vector<std::string>& argv);

 private:
  Result<bool> step();  // true when the child has ended
  Result<void> receive(OwnedFd& fd, std::string& into);
  void send();

  std::string_view name_, input_;
  SteadyTime deadline_;
  std::size_t cap_;
  Pipe in_, out_, err_;
  Child child_;
  ProcessOutput output_;
};

// Reads what is there now; closes at the end of the stream.
Result<void> Conversation::receive(OwnedFd& fd, std::string& into) {
  char buffer[1 << 14];
  while (fd.open()) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return {};
    if (got <= 0) {
      fd.reset();
      return {};
    }
    const auto count = static_cast<std::size_t>(got);
    if (count > cap_ - output_.out.size() - output_.err.size())
      return fail(Kind::too_large, fmt::format("{} wrote more than {} bytes", name_, cap_));
    into.append(buffer, count);
  }
  return {};
}

void Conversation::send() {
  const ssize_t written = ::write(in_.write_end.get(), input_.data(), input_.size());
  if (written > 0) input_.remove_prefix(static_cast<std::size_t>(written));
  const bool broken = written < 0 && errno != EAGAIN && errno != EINTR;
  if (broken || input_.empty()) in_.write_end.reset();
}

Result<bool> Conversation::step() {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now()).count();
  if (left <= 0) return fail(Kind::unavailable, fmt::format("{} did not end in time and was killed", name_));
  std::array<pollfd, 4> watched{pollfd{child_.fd(), POLLIN, 0}, pollfd{out_.read_end.get(), POLLIN, 0},
                                pollfd{err_.read_end.get(), POLLIN, 0}, pollfd{in_.write_end.get(), POLLOUT, 0}};
  const int wait = static_cast<int>(std::min<long long>(left, 60'000));
  if (::poll(watched.data(), watched.size(), wait) < 0 && errno != EINTR)
    return fail(Kind::unavailable, fmt::format("cannot wait for {}: {}", name_, std::strerror(errno)));
  // The order matters: a child seen as ended has written all it will, so one more read gets everything. Its own
  // children may hold the pipes open for ever, hence no waiting for the end of the stream.
  TRY(receive(out_.read_end, output_.out));
  TRY(receive(err_.read_end, output_.err));
  if (in_.write_end.open() && watched[3].revents != 0) send();
  return (watched[0].revents & POLLIN) != 0;
}

Result<ProcessOutput> Conversation::run(const std::vector<std::string>& argv) {
  TRY(in_.open());
  TRY(out_.open());
  TRY(err_.open());
  TRY(child_.start(argv, in_, out_, err_));
  in_.read_end.reset();
  out_.write_end.reset();
  err_.write_end.reset();
  set_nonblocking(in_.write_end);
  set_nonblocking(out_.read_end);
  set_nonblocking(err_.read_end);
  if (input_.empty()) in_.write_end.reset();
  const SigpipeGuard guard;
  while (!TRY(step())) {}
  output_.exit_code = child_.reap();
  return std::move(output_);
}

}  // namespace

Result<ProcessOutput> run_process(const std::vector<std::string>& argv, std::string_view input,
                                  std::chrono::milliseconds timeout, std::size_t cap) {
  if (argv.empty() || argv[0].empty()) return fail(Kind::invalid_input, "no program to run was named");
  Conversation conversation(argv[0], input, std::chrono::steady_clock::now() + timeout, cap);
  return conversation.run(argv);
}

}  // namespace base
