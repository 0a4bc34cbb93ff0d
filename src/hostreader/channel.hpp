// SPDX-License-Identifier: Apache-2.0
// Bytes over a connected Unix socket, never waiting past a time.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hostreader/descriptor.hpp"

namespace hostreader {

using Clock = std::chrono::steady_clock;

enum class Ready { yes, no, interrupted };

// Waits until `fd` can be read (or written), until `when`, or until `interrupt` (-1: nothing) can be read.
Ready wait_until(int fd, short events, Clock::time_point when, int interrupt);

class Channel {
 public:
  // `interrupt`: where this can be read, waiting ends with Kind::cancelled.
  explicit Channel(Descriptor socket, int interrupt = -1) : socket_(std::move(socket)), interrupt_(interrupt) {}

  // Kind::unavailable where the peer is gone or took nothing for `patience`.
  base::Result<void> send(std::string_view bytes, Clock::duration patience);
  // Adds what comes to `received`. True: something came; false: nothing until `when`. Kind::not_found at the end.
  base::Result<bool> receive(std::string& received, Clock::time_point when);
  // Whether the peer hung up, or sent what nobody waits for.
  bool is_disturbed() const;

  int get() const { return socket_.get(); }

 private:
  Descriptor socket_;
  int interrupt_;
};

}  // namespace hostreader
