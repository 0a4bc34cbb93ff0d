// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace agent {

// What does not work now, a sentence for each part of the agent. Thread-safe.
class Problems {
 public:
  // Told what is new, and what has ended, as lines of a log.
  explicit Problems(std::function<void(const std::string&)> log) : log_(std::move(log)) {}

  // An empty sentence: it works (again).
  void set(const std::string& part, const std::string& sentence) {
    {
      const std::lock_guard lock(mutex_);
      const auto known = sentences_.find(part);
      if (sentence.empty() ? known == sentences_.end() : known != sentences_.end() && known->second == sentence) return;
      if (sentence.empty()) sentences_.erase(known);
      else sentences_[part] = sentence;
    }
    log_(sentence.empty() ? "no more trouble with " + part : part + ": " + sentence);
  }

  std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [part, sentence] : sentences_) out.push_back(sentence);
    return out;
  }

 private:
  const std::function<void(const std::string&)> log_;
  mutable std::mutex mutex_;  // guards the one below
  std::map<std::string, std::string> sentences_;
};

}  // namespace agent
