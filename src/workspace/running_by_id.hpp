// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace workspace {

// What is kept of each query that runs, by the query's id; several may have the same. Thread-safe.
template <typename Value>
class RunningById {
 public:
  // Keeps a value while it lives.
  class Entry {
   public:
    template <typename... Arguments>
    Entry(RunningById& owner, const std::string& id, Arguments&&... arguments) : owner_(owner) {
      const std::lock_guard lock(owner_.mutex_);
      at_ = owner_.values_.emplace(std::piecewise_construct, std::forward_as_tuple(id), std::forward_as_tuple(std::forward<Arguments>(arguments)...));
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() {
      const std::lock_guard lock(owner_.mutex_);
      owner_.values_.erase(at_);
    }
    const Value& value() const { return at_->second; }

   private:
    RunningById& owner_;
    typename std::multimap<std::string, Value, std::less<>>::iterator at_;
  };

  // Calls take(value) of each query of this id; none ends meanwhile.
  template <typename Take>
  void each(std::string_view id, Take&& take) {
    const std::lock_guard lock(mutex_);
    const auto [begin, end] = values_.equal_range(id);
    for (auto at = begin; at != end; ++at) take(at->second);
  }

 private:
  std::mutex mutex_;  // guards values_
  std::multimap<std::string, Value, std::less<>> values_;
};

}  // namespace workspace
