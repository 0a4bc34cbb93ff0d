// SPDX-License-Identifier: Apache-2.0
// Pieces of the texts below /proc (proc(5)).
#pragma once

#include <cstddef>
#include <string_view>

namespace benchmark {

// The word number n, from 0, of a text with blanks or tabs between them; empty where there are fewer.
std::string_view nth_word(std::string_view text, std::size_t n);

// A member of /proc/PID/status: "Uid" → "0\t0\t0\t0"; empty where it is missing.
std::string_view status_member(std::string_view status, std::string_view name);

}  // namespace benchmark
