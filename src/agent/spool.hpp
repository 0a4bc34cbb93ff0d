// SPDX-License-Identifier: Apache-2.0
// What waits to be sent, on disk: messages in order, in files of a bounded size altogether. What append() returned for survives
// kill -9 and a power cut. When the bound is reached the oldest go, and are counted as lost for ever (docs/agent.md).
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/spool_segment.hpp"
#include "base/result.hpp"
#include "uplink/messages.hpp"

namespace agent {

// Thread-safe. One process at a time (agent_folder.hpp has the lock).
class Spool {
 public:
  struct Options {
    std::filesystem::path folder;        // made where there is none, mode 0700
    std::uint64_t bytes = 64ull << 20;   // of all files, at least 1 MiB
  };
  // Takes up what is there. A file with another stream than the others, or whose head is broken, is put aside as NAME.broken.
  static base::Result<std::unique_ptr<Spool>> open(Options options);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // All of them or none, synced; `at` is ms since 1970. Kind::unavailable: the disk is full or broken; those that were not
  // taken count as lost then, and the next ones are tried anew. Kind::too_large likewise, for a message past its cap.
  base::Result<void> append(const std::vector<uplink::Body>& bodies, std::int64_t at);

  struct Pending {
    std::vector<std::string> lines;  // messages as JSON, oldest first
    std::uint64_t first = 0, last = 0;
  };
  // Those that were not acknowledged: as many as fit, but at least one where there is one.
  base::Result<Pending> peek(std::size_t bytes, std::size_t most);
  // All up to this one were taken by the hub. What is already acknowledged is passed over.
  void acknowledge(std::uint64_t sequence);
  // The oldest up to this one will never be sent: they count as lost.
  void give_up(std::uint64_t sequence);

  struct Totals {
    std::string stream;
    std::int64_t messages = 0, bytes = 0;  // that wait
    std::int64_t lost = 0;                 // of the stream, ever
    std::uint64_t last = 0;                // sequence given out last
  };
  Totals totals() const;

 private:
  struct Segment {
    std::filesystem::path path;
    std::uint64_t first = 0;   // sequence of its first record, also where it has none yet
    std::uint64_t last = 0;    // of its last record; first - 1 where it has none
    std::uint64_t size = 0;    // bytes with head
    std::int64_t waiting = 0;  // records that are not acknowledged
  };

  explicit Spool(Options options) : options_(std::move(options)) {}
  base::Result<void> load();
  base::Result<void> load_segment(const std::filesystem::path& path);
  base::Result<std::uint64_t> good_bytes(Segment& segment) const;
  base::Result<void> put_aside(const std::filesystem::path& path) const;
  base::Result<void> resume();
  void read_marks();
  base::Result<void> write_losses() const;
  void write_acknowledged() const;
  base::Result<void> begin_segment();
  base::Result<void> write_records(const std::string& bytes);
  base::Result<void> make_room(std::uint64_t bytes);
  base::Result<void> drop_oldest();
  base::Result<void> refuse(std::size_t count, base::Error why);
  base::Result<void> collect(const Segment& segment, std::uint64_t offset, std::size_t bytes, std::size_t most, Pending& out) const;
  void advance(std::uint64_t sequence);
  void pop_front();
  std::uint64_t total_bytes() const;

  const Options options_;
  mutable std::mutex mutex_;  // guards all below
  std::string stream_;
  std::deque<Segment> segments_;      // oldest first, never empty; the last is written to
  int writing_ = -1;                  // of the last segment
  std::uint64_t acknowledged_ = 0;    // or lost
  std::uint64_t gaps_counted_ = 0;    // gaps between files up to this sequence are in lost_
  std::int64_t lost_ = 0;
  std::uint64_t read_offset_ = kSegmentHeadBytes;  // in the first segment: of the first record that is not acknowledged
};

}  // namespace agent
