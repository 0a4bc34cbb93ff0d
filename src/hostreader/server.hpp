// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "hostreader/channel.hpp"
#include "hostreader/gate.hpp"

namespace hostreader {

struct ServerOptions {
  std::vector<uid_t> users;                   // who is answered, besides root
  unsigned connections = 8;                   // at a time; more wait
  unsigned streams = 4;                       // among them
  std::chrono::milliseconds idle{60'000};     // a connection without a request is closed
  std::chrono::milliseconds request{5'000};   // for a request to come whole
  std::chrono::milliseconds patience{30'000}; // for a piece of an answer to be taken
  std::chrono::seconds longest_stream{3'600 * 24};
  std::uint64_t largest_stream = std::uint64_t{64} << 30;  // bytes
};

// Answers on a listening socket, a connection a thread of a fixed number, until the end of its life. One peer that sends
// half a request, reads nothing or opens many connections keeps a thread for the times above and nothing else.
class Server {
 public:
  // `gate` outlives this. Kind::unavailable where threads or descriptors are used up.
  static base::Result<std::unique_ptr<Server>> start(Descriptor listener, Gate& gate, const ServerOptions& options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

 private:
  Server(Descriptor listener, Descriptor stop, Gate& gate, const ServerOptions& options)
      : listener_(std::move(listener)), stop_(std::move(stop)), gate_(gate), options_(options) {}
  void work();
  void serve(Descriptor socket);
  base::Result<void> answer(Channel& channel, std::string_view json);
  base::Result<void> send_stream(Channel& channel, const std::string& path);
  bool is_stopping() const;

  const Descriptor listener_, stop_;
  Gate& gate_;
  const ServerOptions options_;
  std::atomic<unsigned> streams_{0};
  std::vector<std::thread> workers_;
};

}  // namespace hostreader
