// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace scan {

// Keeps scans that run at once from reading the same layer twice: who claims a layer reads it, the others wait and then find
// it in the cache. One for all scans of a process. Thread-safe.
class LayerClaims {
 public:
  // What of the layers (diff ids) nobody else holds; it is the caller's until it is released.
  std::vector<std::string> claim(const std::vector<std::string>& diff_ids);
  void release(const std::vector<std::string>& diff_ids);

  // Until nobody holds any of them. Never call it while holding claims: two scans would wait for each other.
  void wait(const std::vector<std::string>& diff_ids);

 private:
  std::mutex mutex_;  // guards held_
  std::condition_variable released_;
  std::set<std::string> held_;
};

}  // namespace scan
