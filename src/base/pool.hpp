// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace base {

// Calls work(0) … work(count - 1) on at most `threads` threads (0: one per core, at least two) and returns when
// all have ended. `work` must not throw; it is called on the calling thread alone when count is 1.
void parallel_for(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work);

}  // namespace base
