// SPDX-License-Identifier: Apache-2.0
// Brings what the hub itself knows into the default workspace: verdicts, the activity log, events of registries and signs of
// life; and into each workspace what its tables took in.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "hub/logs/workspace_parts.hpp"
#include "security/recommendations.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"
#include "workspace/ingest/record_sink.hpp"

namespace hub {

struct RecordFeedOptions {
  std::string workspace;      // customerId of the default workspace
  std::string subscription;   // UUID
  std::string version;        // of this program
  std::function<std::vector<TakenIn>()> usage;  // empty: nothing keeps records, and those that are queued are dropped
  std::optional<workspace::WriteGate> gate;     // passed for each step: a backup has the queue and what was taken from it alike
};

// One thread. A record is there once: what was queued goes with its id as sequence, and stays queued until the sink has
// taken it, through restarts and while the sink turns away.
class RecordFeed {
 public:
  RecordFeed(store::Database& database, const security::Recommendations& recommendations, workspace::RecordSink& sink, RecordFeedOptions options)
      : database_(database), recommendations_(recommendations), sink_(sink), options_(std::move(options)) {}
  ~RecordFeed() { stop(); }

  void start();
  void stop();

 private:
  void run();
  base::Result<void> feed(store::Millis now);
  base::Result<void> drop_all();
  base::Result<bool> feed_queued();    // false where nothing was there
  base::Result<bool> feed_activity();
  base::Result<bool> feed_resolved();
  base::Result<void> feed_heartbeat(store::Millis now);
  base::Result<void> feed_usage(store::Millis now);
  base::Result<void> write_usage(store::Millis now);
  base::Result<void> append(std::string_view table, const std::vector<std::string>& rows, workspace::RecordSource source = {});
  base::Result<void> append_to(const std::string& workspace, std::string_view table, const std::vector<std::string>& rows, workspace::RecordSource source = {});

  store::Database& database_;
  const security::Recommendations& recommendations_;
  workspace::RecordSink& sink_;
  const RecordFeedOptions options_;
  std::thread thread_;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable changed_;
  bool stopping_ = false;
  store::Millis next_heartbeat_ = 0, usage_from_ = 0;
  std::map<std::string, std::vector<TakenIn>> usage_before_;  // by workspace
};

}  // namespace hub
