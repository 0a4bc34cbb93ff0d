// SPDX-License-Identifier: Apache-2.0
#include "net/server_core.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>
#include <future>

#include "net/server_answer.hpp"
#include "net/server_connection.hpp"
#include "net/server_listener.hpp"

namespace net {

namespace {

constexpr int kAcceptsATurn = 64;
constexpr std::chrono::milliseconds kAcceptPause{100};  // where files or memory ran out
constexpr std::chrono::milliseconds kStreamEndTime{1000};

std::size_t worker_count(std::size_t wanted) {
  if (wanted > 0) return wanted;
  return std::max<std::size_t>(4, std::size_t{2} * std::thread::hardware_concurrency());
}

// Starts a thread that no signal is delivered to, SIGPIPE of a TLS write included; others have them.
template <typename Function>
std::thread quiet_thread(Function function) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread thread(std::move(function));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
}

}  // namespace

ServerCore::ServerCore(ServerOptions options, Handler handler, std::unique_ptr<TlsServer> tls, int listener)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      tls_(std::move(tls)),
      port_(port_of(listener)),
      listener_(std::make_unique<WatchedSocket>(lanes_[0].loop, listener)),
      accept_again_(std::make_unique<Deadline>(lanes_[0].loop)),
      workers_(worker_count(options_.workers), options_.limits.queued_requests),
      patient_workers_(options_.patient_workers, options_.limits.queued_requests) {}

ServerCore::~ServerCore() {
  stop(std::chrono::milliseconds(0));
  workers_.end();
  patient_workers_.end();
  for (ServerLane& lane : lanes_)
    lane.loop.release();
  for (ServerLane& lane : lanes_)
    if (lane.thread.joinable()) lane.thread.join();
}

void ServerCore::run() {
  accept_soon();
  for (ServerLane& lane : lanes_)
    lane.thread = quiet_thread([&lane] { lane.loop.run(); });
}

ServerStats ServerCore::stats() const {
  ServerStats stats;
  stats.accepted = accepted_;
  stats.requests = requests_;
  stats.refused = refused_;
  stats.bytes_held = bytes_held_;
  stats.large_bodies = large_body_ ? 1 : 0;
  const std::lock_guard lock(mutex_);
  stats.open = open_;
  return stats;
}

ServerResponse ServerCore::answer(const ServerRequest& request) {
  try {
    return handler_(request);
  } catch (...) {  // what it says may be a secret
    return refusal(500, "the request met a fault of the server");
  }
}

ServerResponse ServerCore::refusal(int status, std::string_view message) {
  ++refused_;
  try {
    if (options_.refusal) {
      ServerResponse response = options_.refusal(status, message);
      response.status = status;
      response.stream = nullptr;
      return response;
    }
  } catch (...) {  // the plain form will do
  }
  return plain_refusal(status, message);
}

void ServerCore::begin_work() {
  const std::lock_guard lock(mutex_);
  ++working_;
}

void ServerCore::end_work() {
  const std::lock_guard lock(mutex_);
  --working_;
  if (stopped_) changed_.notify_all();
}

void ServerCore::forget(const std::string& key) {
  const std::lock_guard lock(mutex_);
  --open_;
  const auto known = per_address_.find(key);
  if (known != per_address_.end() && --known->second == 0) per_address_.erase(known);
  if (stopped_) changed_.notify_all();
}

bool ServerCore::hold(std::size_t bytes) {
  std::size_t held = bytes_held_;
  while (held + bytes <= options_.limits.bytes_held)
    if (bytes_held_.compare_exchange_weak(held, held + bytes)) return true;
  return false;
}

void ServerCore::release(std::size_t bytes) { bytes_held_.fetch_sub(bytes); }

bool ServerCore::begin_large_body() { return !large_body_.exchange(true); }

bool ServerCore::admit(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (open_ >= options_.limits.connections) return false;
  if (const std::size_t cap = options_.limits.connections_per_address; cap > 0) {
    std::size_t& held = per_address_[key];
    if (held >= cap) return false;
    ++held;
  }
  ++open_;
  return true;
}

void ServerCore::accept_soon() {
  if (listener_->fd() >= 0) listener_->when_readable([this] { accept_some(); });
}

void ServerCore::accept_some() {
  for (int turn = 0; turn < kAcceptsATurn && listener_->fd() >= 0; ++turn) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int fd = ::accept4(listener_->fd(), reinterpret_cast<sockaddr*>(&address), &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      take(fd, address);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // The listener stays readable: without a pause this thread would do nothing else.
      return accept_again_->set(kAcceptPause, [this] { accept_soon(); });
    } else if (errno == EAGAIN) {
      break;
    }  // else: that connection is gone already (ECONNABORTED and the errors of its network)
  }
  accept_soon();
}

void ServerCore::take(int fd, const sockaddr_storage& address) {
  ++accepted_;
  const std::string key = address_key(address);
  if (!admit(key)) return turn_away(fd);
  tune_connection(fd);
  ServerLane& lane = lanes_[next_lane_++ % lanes_.size()];
  lane.loop.post([this, &lane, fd, peer = address_text(address), key] {
    std::shared_ptr<Connection> connection;
    try {
      connection = std::make_shared<Connection>(*this, lane, fd, peer, key);
      lane.connections.insert(connection);
      connection->start();
    } catch (const std::exception&) {  // out of memory or files; the socket is closed with its owner
      if (connection)
        connection->close();
      else
        forget(key);
    }
  });
}

// Too many connections. Says so where that can be done without waiting.
void ServerCore::turn_away(int fd) {
  ++refused_;
  if (!tls_) {
    constexpr std::string_view kAnswer =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    (void)::send(fd, kAnswer.data(), kAnswer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  ::close(fd);
}

template <typename Visit>
void ServerCore::for_all_connections(Visit visit) {
  for (ServerLane& lane : lanes_) {
    if (!lane.thread.joinable()) continue;
    std::promise<void> done;
    lane.loop.post([&] {
      const std::vector<std::shared_ptr<Connection>> all(lane.connections.begin(), lane.connections.end());
      for (const auto& connection : all)
        visit(*connection);
      done.set_value();
    });
    done.get_future().wait();
  }
}

void ServerCore::stop_listening() {
  if (!lanes_[0].thread.joinable()) return listener_->close();
  std::promise<void> done;
  lanes_[0].loop.post([&] {
    listener_->close();
    accept_again_->clear();
    done.set_value();
  });
  done.get_future().wait();
}

void ServerCore::stop(std::chrono::milliseconds grace) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopped_, true)) return;
  }
  draining_ = true;  // first: an answer that is made once nobody can connect says that the connection ends
  stop_listening();
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, grace, [this] { return working_ == 0; });
  }
  for_all_connections([](Connection& connection) { connection.close_if_idle(); });
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::min(grace, kStreamEndTime), [this] { return open_ == 0; });
  }
  for_all_connections([](Connection& connection) { connection.close(); });
}

}  // namespace net
