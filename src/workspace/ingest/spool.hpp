// SPDX-License-Identifier: Apache-2.0
// The write-ahead spool: what was acknowledged is here until the engine has it. A folder of segments
// ("00000000000000000042.seg"), of which the last is appended to. A segment that is closed never changes again, so that
// inserts made of it are the same, with the same tokens, however often they are made.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "workspace/ingest/spool_files.hpp"
#include "workspace/ingest/spool_frame.hpp"

namespace workspace {

using LogLine = std::function<void(const std::string& line)>;  // called from any thread

struct SpoolOptions {
  std::filesystem::path folder;                           // made where missing, 0700
  std::uint64_t capacity_bytes = std::uint64_t{1} << 30;  // on disk; past it nothing is taken
  std::uint64_t segment_bytes = std::uint64_t{16} << 20;  // of rows, uncompressed; a segment has at least one frame
  // The open segment is closed for a waiting reader once it has this many rows, or is this old.
  std::uint64_t enough_rows = 20'000;
  std::chrono::milliseconds deadline{1'000};
  LogLine log;
};

// A closed segment.
struct SpoolSegment {
  std::filesystem::path path;
  std::uint64_t bytes = 0;      // of the file
  std::uint64_t number = 0;     // rises
  std::uint64_t rows = 0;
  std::int64_t oldest_ms = 0;   // when its first frame was appended, since 1970
};

struct SpoolStatistics {
  std::uint64_t bytes = 0, rows = 0, segments = 0;  // that are not retired
  std::uint64_t syncs = 0;
  std::int64_t oldest_ms = 0;  // of the oldest frame, since 1970; 0: there is none
};

// Thread-safe; `mutex_` guards what changes. Appends at the same time are written and synced together by the thread of
// one of them.
class Spool {
 public:
  // Reads what is there: `seen` is called for every frame. A torn end is cut off, a damaged segment kept aside with the
  // ending ".damaged", both with a line in the log.
  static base::Result<std::unique_ptr<Spool>> open(SpoolOptions options, const std::function<void(const SpoolFrame&)>& seen);
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  // Durable when it returns. Kind::unavailable: the spool or the disk is full; nothing was stored.
  base::Result<void> append(const SpoolFrame& frame);

  // The oldest closed segment; waits for one. Nothing once stop() was called. The same one again until it is retired.
  // For one reader.
  std::optional<SpoolSegment> next();
  base::Result<void> retire(const SpoolSegment& segment);  // its rows are in the engine: the file goes

  // Closes the open segment for the reader at once, and waits until all that is there now is retired; false where that
  // took longer.
  bool flush(std::chrono::milliseconds most);
  void stop();
  bool wait_for_stop(std::chrono::milliseconds most);  // whether stop() was called by then
  SpoolStatistics statistics() const;

 private:
  struct Waiting {
    std::string bytes;
    const SpoolFrame* frame;
    std::optional<base::Result<void>> outcome;
  };
  struct OpenSegment {
    int fd = -1;
    SpoolSegment segment;
    std::uint64_t row_bytes = 0;
    std::chrono::steady_clock::time_point since;
  };

  explicit Spool(SpoolOptions options);
  base::Result<void> recover(const std::function<void(const SpoolFrame&)>& seen);
  base::Result<void> recover_segment(const SegmentFile& file, bool is_last, const std::function<void(const SpoolFrame&)>& seen);
  void lead(std::unique_lock<std::mutex>& lock);
  base::Result<void> write_group(const std::vector<Waiting*>& group, std::uint64_t& written);
  base::Result<void> begin_segment();
  void count_group(const std::vector<Waiting*>& group, std::uint64_t written);
  bool is_due() const;
  void close_segment();

  const SpoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting*> waiting_;  // not written yet
  bool leading_ = false;           // a thread writes to the open segment; only it touches open_.fd then
  bool reader_waits_ = false, flush_ = false, stop_ = false;
  OpenSegment open_;
  std::deque<SpoolSegment> closed_;  // oldest first
  std::uint64_t next_number_ = 1;
  std::uint64_t bytes_ = 0, pending_bytes_ = 0, syncs_ = 0;
};

}  // namespace workspace
