// SPDX-License-Identifier: Apache-2.0
#include "identity/caller_cache.hpp"

#include <mutex>

namespace identity {

namespace {

constexpr std::size_t kMostEntries = 10'000;
constexpr store::Millis kEntryLife = 10'000;

}  // namespace

CallerCache::Entry CallerCache::find(const std::string& hash, store::Millis now) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(hash);
  if (found == entries_.end()) return nullptr;
  const AcceptedCredential& entry = *found->second;
  const bool fresh = now >= entry.loaded_at && now - entry.loaded_at < kEntryLife;
  return fresh && (entry.expires_at == 0 || now < entry.expires_at) ? found->second : nullptr;
}

void CallerCache::add(const std::string& hash, Entry entry, std::uint64_t generation) {
  const std::unique_lock lock(mutex_);
  if (generation != generation_.load()) return;
  if (entries_.size() >= kMostEntries) entries_.clear();
  entries_.insert_or_assign(hash, std::move(entry));
}

void CallerCache::forget_all() {
  const std::unique_lock lock(mutex_);
  ++generation_;
  entries_.clear();
}

}  // namespace identity
