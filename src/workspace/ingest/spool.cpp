// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/files.hpp"
#include "workspace/ingest/spool_files.hpp"

namespace workspace {

Spool::Spool(SpoolOptions options) : options_(std::move(options)) {}

Spool::~Spool() {
  if (open_.fd >= 0) ::close(open_.fd);
}

base::Result<void> Spool::append(const SpoolFrame& frame) {
  Waiting mine{encode_frame(frame), &frame, {}};
  if (mine.bytes.size() > options_.capacity_bytes)
    return base::fail(base::Kind::too_large, fmt::format("a batch of {} bytes is more than the spool of the workspace may ever hold, {} bytes",
                                                         mine.bytes.size(), options_.capacity_bytes));
  std::unique_lock lock(mutex_);
  if (bytes_ + pending_bytes_ + mine.bytes.size() > options_.capacity_bytes)
    return base::fail(base::Kind::unavailable,
                      fmt::format("the spool of the workspace holds {} bytes that are not in the tables yet and takes no more than {}; send again later",
                                  bytes_ + pending_bytes_, options_.capacity_bytes));
  pending_bytes_ += mine.bytes.size();
  waiting_.push_back(&mine);
  while (!mine.outcome) {
    if (leading_) changed_.wait(lock);
    else lead(lock);
  }
  return std::move(*mine.outcome);
}

// Writes what waits, in one go, and tells those who wait how it went.
void Spool::lead(std::unique_lock<std::mutex>& lock) {
  leading_ = true;
  const std::vector<Waiting*> group = std::exchange(waiting_, {});
  lock.unlock();
  std::uint64_t written = 0;
  base::Result<void> outcome = write_group(group, written);
  // Whatever the file system says: it is not the batch's fault, which is to be sent again.
  if (!outcome) outcome = base::fail(base::Kind::unavailable, outcome.error().message);
  lock.lock();
  leading_ = false;
  for (Waiting* waiting : group) pending_bytes_ -= waiting->bytes.size();
  if (outcome) count_group(group, written);
  for (Waiting* waiting : group) waiting->outcome = outcome;
  if (is_due()) close_segment();
  changed_.notify_all();
}

base::Result<void> Spool::write_group(const std::vector<Waiting*>& group, std::uint64_t& written) {
  if (open_.fd < 0) TRY(begin_segment());
  base::Result<void> done;
  for (std::size_t i = 0; i < group.size() && done; ++i) {
    done = write_at(open_.fd, group[i]->bytes, open_.segment.bytes + written, open_.segment.path);
    if (done) written += group[i]->bytes.size();
  }
  if (done && ::fdatasync(open_.fd) != 0) done = base::fail(base::errno_error(errno, "cannot sync", open_.segment.path));
  // Where this fails, too, frames that were not acknowledged may be found at the next start, which is allowed.
  if (!done && ::ftruncate(open_.fd, static_cast<off_t>(open_.segment.bytes)) != 0) return done;
  return done;
}

base::Result<void> Spool::begin_segment() {
  OpenSegment next;
  next.segment.number = next_number_;
  next.segment.path = segment_path(options_.folder, next_number_);
  const std::string head = segment_head(new_segment_id());
  next.fd = ::open(next.segment.path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (next.fd < 0) return base::fail(base::errno_error(errno, "cannot make", next.segment.path));
  base::Result<void> done = write_at(next.fd, head, 0, next.segment.path);
  if (done) done = sync_folder(options_.folder);
  if (!done) {
    ::close(next.fd);
    ::unlink(next.segment.path.c_str());
    return done;
  }
  next.segment.bytes = head.size();
  const std::lock_guard lock(mutex_);
  ++next_number_;
  bytes_ += head.size();
  open_ = next;
  return {};
}

void Spool::count_group(const std::vector<Waiting*>& group, std::uint64_t written) {
  if (open_.segment.rows == 0) open_.since = std::chrono::steady_clock::now();
  if (open_.segment.oldest_ms == 0) open_.segment.oldest_ms = group.front()->frame->appended_ms;
  for (const Waiting* waiting : group) {
    open_.segment.rows += waiting->frame->row_count();
    open_.row_bytes += waiting->frame->rows.size();
  }
  open_.segment.bytes += written;
  bytes_ += written;
  ++syncs_;
}

// Under the lock, nobody leading.
bool Spool::is_due() const {
  if (open_.fd < 0 || open_.segment.rows == 0) return false;
  if (flush_ || open_.row_bytes >= options_.segment_bytes) return true;
  if (!reader_waits_ || !closed_.empty()) return false;
  return open_.segment.rows >= options_.enough_rows || std::chrono::steady_clock::now() >= open_.since + options_.deadline;
}

void Spool::close_segment() {
  ::close(open_.fd);
  closed_.push_back(open_.segment);
  open_ = OpenSegment();
  flush_ = false;
}

std::optional<SpoolSegment> Spool::next() {
  std::unique_lock lock(mutex_);
  reader_waits_ = true;
  while (!stop_ && closed_.empty()) {
    if (!leading_ && is_due()) close_segment();
    else if (open_.segment.rows > 0 && !leading_) changed_.wait_until(lock, open_.since + options_.deadline);
    else changed_.wait(lock);
  }
  reader_waits_ = false;
  if (stop_) return std::nullopt;
  return closed_.front();
}

base::Result<void> Spool::retire(const SpoolSegment& segment) {
  if (::unlink(segment.path.c_str()) != 0) return base::fail(base::errno_error(errno, "cannot remove", segment.path));
  const std::lock_guard lock(mutex_);
  const auto at = std::find_if(closed_.begin(), closed_.end(), [&](const SpoolSegment& closed) { return closed.path == segment.path; });
  if (at == closed_.end()) return {};
  bytes_ -= std::min(bytes_, at->bytes);
  closed_.erase(at);
  changed_.notify_all();
  return {};
}

bool Spool::flush(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  const auto until = std::chrono::steady_clock::now() + most;
  const std::uint64_t end = next_number_;
  flush_ = open_.segment.rows > 0;
  changed_.notify_all();
  return changed_.wait_until(lock, until, [&] {
    const bool open_is_old = open_.segment.rows > 0 && open_.segment.number < end;
    return !open_is_old && (closed_.empty() || closed_.front().number >= end);
  });
}

void Spool::stop() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  changed_.notify_all();
}

bool Spool::wait_for_stop(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, most, [this] { return stop_; });
}

SpoolStatistics Spool::statistics() const {
  const std::lock_guard lock(mutex_);
  SpoolStatistics out;
  out.bytes = bytes_;
  out.syncs = syncs_;
  out.rows = open_.segment.rows;
  out.segments = closed_.size() + (open_.fd >= 0 ? 1 : 0);
  for (const SpoolSegment& segment : closed_) out.rows += segment.rows;
  out.oldest_ms = closed_.empty() ? open_.segment.oldest_ms : closed_.front().oldest_ms;
  return out;
}

}  // namespace workspace
