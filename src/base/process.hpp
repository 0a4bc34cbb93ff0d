// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace base {

struct ProcessOutput {
  int exit_code = -1;  // 128 + signal number where a signal ended it
  std::string out;
  std::string err;
};

// Runs argv[0] (looked up in PATH, no shell) with `input` on standard input. Kind::not_found when there is no
// such program, Kind::unavailable past the timeout (the process is killed), Kind::too_large past `cap` bytes.
Result<ProcessOutput> run_process(const std::vector<std::string>& argv, std::string_view input = {},
                                  std::chrono::milliseconds timeout = std::chrono::seconds(30),
                                  std::size_t cap = 16u << 20);

}  // namespace base
