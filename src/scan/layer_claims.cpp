// SPDX-License-Identifier: Apache-2.0
#include "scan/layer_claims.hpp"

#include <algorithm>

namespace scan {

std::vector<std::string> LayerClaims::claim(const std::vector<std::string>& diff_ids) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> mine;
  for (const auto& diff_id : diff_ids)
    if (held_.insert(diff_id).second) mine.push_back(diff_id);
  return mine;
}

void LayerClaims::release(const std::vector<std::string>& diff_ids) {
  const std::lock_guard lock(mutex_);
  for (const auto& diff_id : diff_ids) held_.erase(diff_id);
  released_.notify_all();
}

void LayerClaims::wait(const std::vector<std::string>& diff_ids) {
  std::unique_lock lock(mutex_);
  released_.wait(lock, [&] {
    return std::none_of(diff_ids.begin(), diff_ids.end(), [this](const std::string& diff_id) { return held_.count(diff_id) != 0; });
  });
}

}  // namespace scan
