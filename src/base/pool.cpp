// SPDX-License-Identifier: Apache-2.0
#include "base/pool.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace base {

void parallel_for(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work) {
  if (threads == 0) threads = std::max(2u, std::thread::hardware_concurrency());
  threads = std::min(threads, count);
  std::atomic<std::size_t> next{0};
  const auto drain = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back(drain);
  drain();
}

}  // namespace base
