// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <csignal>

namespace cli {

// While one lives, Ctrl-C ends what runs and not the program: it raises a flag, which whoever runs something looks at.
class Interrupts {
 public:
  Interrupts() {
    struct sigaction action {};
    action.sa_handler = [](int) { raised_.store(true); };
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, &before_);
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts() { sigaction(SIGINT, &before_, nullptr); }

  static const std::atomic<bool>& raised() { return raised_; }
  static void clear() { raised_.store(false); }

 private:
  static inline std::atomic<bool> raised_ = false;
  struct sigaction before_ {};
};

}  // namespace cli
