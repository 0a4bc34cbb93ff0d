// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace agent {

std::int64_t resident_bytes();  // of this process, by /proc/self/statm; 0 where that is not to be read
double cpu_seconds();           // that it has used, user and system
void give_memory_back();        // after work that needed much, to the system

}  // namespace agent
