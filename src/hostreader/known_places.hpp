// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "benchmark/host_reader.hpp"

namespace hostreader {

// The files that controls speak of on this host: all of benchmark/places.hpp, which depends on how the daemon is set up, found
// out by the functions of the collector itself and looked up again when it may have changed. One thread at a time.
class KnownPlaces {
 public:
  explicit KnownPlaces(benchmark::HostReader& host) : host_(host) {}

  bool shows(const std::string& path);  // owner and mode of a place, or of what lies in a folder whose files count
  bool lists(const std::string& path);  // such a folder

  // Whether the file is the daemon's daemon.json, and who the daemon runs as (0 where none runs).
  bool is_daemon_config(const std::string& path);
  std::int64_t daemon_uid() const { return daemon_uid_; }

 private:
  using Clock = std::chrono::steady_clock;
  void look(Clock::duration oldest);
  bool lies_below(const std::string& path, std::size_t names) const;
  template <typename Found>
  bool found_now_or_anew(const Found& found);

  benchmark::HostReader& host_;
  std::set<std::string, std::less<>> places_, folders_;
  std::string config_;
  std::int64_t daemon_uid_ = 0;
  bool looked_ = false;
  Clock::time_point looked_at_;
};

}  // namespace hostreader
