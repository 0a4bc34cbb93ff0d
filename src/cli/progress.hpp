// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>

#include "oci/image_source.hpp"

namespace cli {

// One line on standard error that shows how much of all layers has come; cleared at the end of its life. Thread-safe.
class ProgressLine {
 public:
  explicit ProgressLine(bool enabled) : enabled_(enabled) {}
  ~ProgressLine();

  oci::Progress callback();  // empty when not enabled; must not outlive the object

 private:
  void update(std::size_t layer, std::uint64_t done, std::uint64_t all);
  void draw();

  const bool enabled_;
  std::mutex mutex_;  // guards the members below
  std::map<std::size_t, std::pair<std::uint64_t, std::uint64_t>> layers_;
  std::chrono::steady_clock::time_point drawn_{};
  bool visible_ = false;
};

}  // namespace cli
