// SPDX-License-Identifier: Apache-2.0
// Streams that run on a thread of their own, joined to their reader by a bounded queue of recycled buffers.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/stream.hpp"

namespace base {

namespace {

constexpr std::size_t kPipeChunk = 256u << 10;

struct PipeChunk {
  std::unique_ptr<char[]> bytes;
  std::size_t used = 0;
};

// One producer thread, one consumer thread. Small pieces are gathered into whole buffers unless the consumer waits.
class ChunkPipe {
 public:
  explicit ChunkPipe(std::size_t capacity)
      : chunk_size_(std::clamp<std::size_t>(capacity / 4, 1, kPipeChunk)),
        most_chunks_(std::max<std::size_t>(2, capacity / chunk_size_) + 1) {}  // one is in the consumer's hands

  Result<void> push(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!filling_.bytes && !take_free_chunk())
        return fail(Kind::cancelled, "the reader of the stream has gone");
      const std::size_t count = std::min(bytes.size(), chunk_size_ - filling_.used);
      std::memcpy(filling_.bytes.get() + filling_.used, bytes.data(), count);
      filling_.used += count;
      bytes.remove_prefix(count);
      if (filling_.used == chunk_size_ || consumer_waits_.load(std::memory_order_relaxed)) hand_over();
    }
    return {};
  }

  void finish(Result<void> outcome) {
    if (filling_.used > 0) hand_over();
    const std::lock_guard lock(mutex_);
    outcome_ = std::move(outcome);
    finished_ = true;
    can_pop_.notify_one();
  }

  Result<std::string_view> pop() {
    std::unique_lock lock(mutex_);
    if (reading_.bytes) {
      free_.push_back(std::move(reading_));
      can_push_.notify_one();
    }
    consumer_waits_ = full_.empty();
    can_pop_.wait(lock, [&] { return !full_.empty() || finished_; });
    consumer_waits_ = false;
    if (full_.empty()) return outcome_ ? Result<std::string_view>() : fail(outcome_.error());
    reading_ = std::move(full_.front());
    full_.pop_front();
    return std::string_view(reading_.bytes.get(), reading_.used);
  }

  void cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    can_push_.notify_one();
  }

 private:
  bool take_free_chunk() {
    std::unique_lock lock(mutex_);
    can_push_.wait(lock, [&] { return cancelled_ || !free_.empty() || chunks_ < most_chunks_; });
    if (cancelled_) return false;
    if (free_.empty()) {
      filling_.bytes = std::make_unique_for_overwrite<char[]>(chunk_size_);
      ++chunks_;
    } else {
      filling_ = std::move(free_.back());
      free_.pop_back();
    }
    filling_.used = 0;
    return true;
  }

  void hand_over() {
    const std::lock_guard lock(mutex_);
    full_.push_back(std::move(filling_));
    filling_.used = 0;
    can_pop_.notify_one();
  }

  const std::size_t chunk_size_;
  const std::size_t most_chunks_;
  PipeChunk filling_;  // the producer's
  PipeChunk reading_;  // the consumer's
  std::atomic<bool> consumer_waits_{false};

  std::mutex mutex_;  // guards everything below
  std::condition_variable can_push_, can_pop_;
  std::vector<PipeChunk> free_;
  std::deque<PipeChunk> full_;
  std::size_t chunks_ = 0;
  bool finished_ = false;
  bool cancelled_ = false;
  Result<void> outcome_;
};

class PipeSource : public ByteSource {
 public:
  PipeSource(std::function<Result<void>(const ByteSink&)> produce, std::size_t capacity)
      : pipe_(capacity), produce_(std::move(produce)) {
    try {
      thread_ = std::thread([this] { pipe_.finish(run()); });
    } catch (const std::system_error& error) {
      pipe_.finish(fail(Kind::unavailable, fmt::format("cannot start a thread: {}", error.what())));
    }
  }
  PipeSource(const PipeSource&) = delete;
  PipeSource& operator=(const PipeSource&) = delete;
  ~PipeSource() override {
    pipe_.cancel();
    if (thread_.joinable()) thread_.join();
  }

  Result<std::string_view> next() override { return pipe_.pop(); }

 private:
  Result<void> run() {
    try {
      return produce_([this](std::string_view bytes) { return pipe_.push(bytes); });
    } catch (const std::exception& error) {
      return fail(Kind::internal, fmt::format("the producer of a stream failed: {}", error.what()));
    }
  }

  ChunkPipe pipe_;
  std::function<Result<void>(const ByteSink&)> produce_;
  std::thread thread_;
};

}  // namespace

SourcePtr pipe_source(std::function<Result<void>(const ByteSink&)> produce, std::size_t capacity) {
  return std::make_unique<PipeSource>(std::move(produce), capacity);
}

SourcePtr read_ahead(SourcePtr source, std::size_t capacity) {
  // std::function asks for a copyable callable.
  const std::shared_ptr<ByteSource> shared = std::move(source);
  const auto produce = [shared](const ByteSink& sink) -> Result<void> {
    for (;;) {
      const std::string_view chunk = TRY(shared->next());
      if (chunk.empty()) return {};
      TRY(sink(chunk));
    }
  };
  return pipe_source(produce, capacity);
}

}  // namespace base
