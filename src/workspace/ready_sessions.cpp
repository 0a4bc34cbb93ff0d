// SPDX-License-Identifier: Apache-2.0
#include "workspace/ready_sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "workspace/sql_text.hpp"

namespace workspace {

namespace {

// One for each list of settings; queries of the hub have two or three.
constexpr std::size_t kMostKept = 4;

}  // namespace

ReadySessions::ReadySessions(const ChdbApi& api, std::filesystem::path folder)
    : api_(api), folder_(std::move(folder)), maker_([this] { make_ahead(); }) {}

ReadySessions::~ReadySessions() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  maker_.join();
}

bool ReadySessions::is_kept(const std::string& settings) const {
  return std::any_of(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.settings == settings; });
}

base::Result<ReadySession> ReadySessions::take(const std::string& settings) {
  std::optional<ReadySession> out;
  {
    const std::lock_guard lock(mutex_);
    const auto at = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.settings == settings; });
    if (at != kept_.end()) {
      out = std::move(at->ready);
      kept_.erase(at);
    }
    if (std::find(wanted_.begin(), wanted_.end(), settings) == wanted_.end()) wanted_.push_back(settings);
  }
  changed_.notify_one();
  if (out) return std::move(*out);
  return make(settings);
}

base::Result<ReadySession> ReadySessions::make(const std::string& settings) {
  std::string mark;
  {
    const std::lock_guard lock(mutex_);
    mark = fmt::format("session-{}", ++made_);
  }
  ReadySession out{TRY(ChdbSession::open(api_, folder_)), std::move(mark)};
  TRY(out.session.run(fmt::format("SET {}='{}', {}", kQueryIdSetting, out.mark, settings)));
  return out;
}

// A session that cannot be made is made by its query, which then says why.
void ReadySessions::make_ahead() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ends_ || !wanted_.empty(); });
    if (ends_) return;
    const std::string settings = std::move(wanted_.front());
    wanted_.pop_front();
    if (is_kept(settings)) continue;
    lock.unlock();
    auto made = make(settings);
    std::optional<Kept> oldest;
    lock.lock();
    if (made) kept_.push_back({settings, std::move(*made)});
    if (kept_.size() <= kMostKept) continue;
    oldest = std::move(kept_.front());
    kept_.pop_front();
    lock.unlock();
    oldest.reset();
    lock.lock();
  }
}

}  // namespace workspace
