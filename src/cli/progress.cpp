// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace cli {

namespace {
constexpr auto kRedrawEvery = std::chrono::milliseconds(80);
constexpr std::size_t kBarWidth = 30;
}  // namespace

ProgressLine::~ProgressLine() {
  if (visible_) fmt::print(stderr, "\r\x1b[2K");
}

oci::Progress ProgressLine::callback() {
  if (!enabled_) return {};
  return [this](std::size_t layer, std::uint64_t done, std::uint64_t all) { update(layer, done, all); };
}

void ProgressLine::update(std::size_t layer, std::uint64_t done, std::uint64_t all) {
  const std::lock_guard lock(mutex_);
  layers_[layer] = {done, std::max(done, all)};
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < kRedrawEvery) return;
  drawn_ = now;
  draw();
}

void ProgressLine::draw() {
  std::uint64_t done = 0;
  std::uint64_t all = 0;
  for (const auto& [layer, bytes] : layers_) {
    done += bytes.first;
    all += bytes.second;
  }
  const double part = all == 0 ? 0.0 : static_cast<double>(done) / static_cast<double>(all);
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(kBarWidth));
  fmt::print(stderr, "\r\x1b[2Klayers {} [{}{}] {:.1f} of {:.1f} MiB", layers_.size(), std::string(filled, '#'),
             std::string(kBarWidth - std::min(filled, kBarWidth), '.'), static_cast<double>(done) / 1048576.0,
             static_cast<double>(all) / 1048576.0);
  std::fflush(stderr);
  visible_ = true;
}

}  // namespace cli
