// SPDX-License-Identifier: Apache-2.0
// What anybody on the machine may read, which a reader with an allow-list of its own need not serve.
#pragma once

#include <string>

#include "benchmark/host_reader.hpp"

namespace agent {

// Empty where it cannot be read; `cap` in bytes.
std::string text_of(benchmark::HostReader& host, const std::string& path, std::size_t cap = 1u << 20);
bool exists_on(benchmark::HostReader& host, const std::string& path);

}  // namespace agent
