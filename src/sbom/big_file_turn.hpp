// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <semaphore>

namespace sbom {

// The right to hold one big file in memory; there is one for each semaphore in the process. A semaphore, since a visitor
// may be destroyed on another thread than the one that fed it. Whoever takes two turns takes them in one order everywhere.
class BigFileTurn {
 public:
  explicit BigFileTurn(std::binary_semaphore& turn) : turn_(turn) {}
  BigFileTurn(const BigFileTurn&) = delete;
  BigFileTurn& operator=(const BigFileTurn&) = delete;
  ~BigFileTurn() { release(); }

  void take() {
    if (!held_) turn_.acquire();
    held_ = true;
  }
  void release() {
    if (held_) turn_.release();
    held_ = false;
  }

 private:
  std::binary_semaphore& turn_;
  bool held_ = false;
};

}  // namespace sbom
