// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "benchmark/host_reader.hpp"

namespace hostreader {

inline constexpr const char* kDefaultSocket = "/run/bulwark/host-reader.sock";

struct RemoteOptions {
  std::string socket = kDefaultSocket;
  std::chrono::milliseconds timeout{30'000};  // of one answer; of a stream between two pieces, its heartbeats among them
};

// This machine through `bulwark host-reader`, for a process that may read neither Docker's socket nor root's files. Connects
// when first asked, and anew when the reader went away. What it does not give out is Kind::denied; while it is not there,
// everything is Kind::unavailable, and reached() says so once more.
std::unique_ptr<benchmark::HostReader> remote_host(const RemoteOptions& options);

}  // namespace hostreader
