// SPDX-License-Identifier: Apache-2.0
// The inside of HttpServer: what its connections share.
#pragma once

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "net/server.hpp"
#include "net/server_link.hpp"
#include "net/server_loop.hpp"
#include "net/server_workers.hpp"

namespace net {

class Connection;

// An I/O thread with the connections it owns; the set is touched on that thread alone.
struct ServerLane {
  IoLoop loop;
  std::unordered_set<std::shared_ptr<Connection>> connections;
  std::thread thread;
};

class ServerCore {
 public:
  ServerCore(ServerOptions options, Handler handler, std::unique_ptr<TlsServer> tls, int listener);
  ServerCore(const ServerCore&) = delete;
  ServerCore& operator=(const ServerCore&) = delete;
  ~ServerCore();

  void run();  // starts the threads
  void stop(std::chrono::milliseconds grace);
  std::uint16_t port() const { return port_; }
  ServerStats stats() const;

  // For connections. All thread-safe.
  const ServerOptions& options() const { return options_; }
  TlsServer* tls() { return tls_.get(); }
  WorkerPool& workers_for(std::string_view path) { return options_.is_patient && options_.is_patient(path) ? patient_workers_ : workers_; }
  bool is_draining() const { return draining_; }
  ServerResponse answer(const ServerRequest& request);               // by the handler; never throws
  ServerResponse refusal(int status, std::string_view message);     // counted; never throws
  void count_request() { ++requests_; }
  void begin_work();  // between begin and end a connection is not to be cut by a graceful stop
  void end_work();
  void forget(const std::string& address_key);  // of a connection that ended
  bool hold(std::size_t bytes);     // false: too many are held, and these are not
  void release(std::size_t bytes);
  bool begin_large_body();          // false: there is one already
  void end_large_body() { large_body_ = false; }

 private:
  void accept_soon();
  void accept_some();
  void take(int fd, const sockaddr_storage& address);
  bool admit(const std::string& address_key);
  void turn_away(int fd);
  void stop_listening();
  template <typename Visit>
  void for_all_connections(Visit visit);

  const ServerOptions options_;
  const Handler handler_;
  const std::unique_ptr<TlsServer> tls_;
  const std::uint16_t port_;
  std::array<ServerLane, 2> lanes_;
  std::size_t next_lane_ = 0;                // on the first lane's thread, as are the three below
  std::unique_ptr<WatchedSocket> listener_;
  std::unique_ptr<Deadline> accept_again_;

  std::atomic<std::uint64_t> accepted_{0}, requests_{0}, refused_{0};
  std::atomic<bool> draining_{false};
  std::atomic<std::size_t> bytes_held_{0};
  std::atomic<bool> large_body_{false};

  mutable std::mutex mutex_;  // guards those below
  std::condition_variable changed_;
  std::size_t open_ = 0;
  std::size_t working_ = 0;
  std::map<std::string, std::size_t> per_address_;  // where there is such a cap
  bool stopped_ = false;

  WorkerPool workers_, patient_workers_;  // last: their tasks use all of the above
};

}  // namespace net
