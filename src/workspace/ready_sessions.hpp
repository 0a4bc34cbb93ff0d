// SPDX-License-Identifier: Apache-2.0
// Sessions of the embedded engine that are opened before a query asks for one.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "workspace/chdb_session.hpp"

namespace workspace {

// A session with its settings made and read-only, for one query.
struct ReadySession {
  ChdbSession session;
  std::string mark;  // its log_comment: no other session's
};

// Opening a session and making its settings takes as long as a short query. So whenever one is taken, a thread makes the
// next with the same settings. Thread-safe.
class ReadySessions {
 public:
  // `folder` as of ChdbSession::open.
  ReadySessions(const ChdbApi& api, std::filesystem::path folder);
  ReadySessions(const ReadySessions&) = delete;
  ReadySessions& operator=(const ReadySessions&) = delete;
  ~ReadySessions();

  // `settings`: a list for SET, the last of it readonly.
  base::Result<ReadySession> take(const std::string& settings);

 private:
  struct Kept {
    std::string settings;
    ReadySession ready;
  };

  base::Result<ReadySession> make(const std::string& settings);
  void make_ahead();
  bool is_kept(const std::string& settings) const;

  const ChdbApi& api_;
  const std::filesystem::path folder_;
  std::mutex mutex_;  // guards the members below but the thread
  std::condition_variable changed_;
  std::deque<Kept> kept_;           // the newest last
  std::deque<std::string> wanted_;  // settings of the next
  std::uint64_t made_ = 0;
  bool ends_ = false;
  std::thread maker_;
};

}  // namespace workspace
