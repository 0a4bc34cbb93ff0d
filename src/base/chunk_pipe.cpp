// SPDX-License-Identifier: Apache-2.0
#include "base/chunk_pipe.hpp"

#include <algorithm>
#include <cstring>

namespace base {

namespace {

constexpr std::size_t kPipeChunk = 256u << 10;

}  // namespace

ChunkPipe::ChunkPipe(std::size_t capacity)
    : chunk_size_(std::clamp<std::size_t>(capacity / 4, 1, kPipeChunk)),
      most_chunks_(std::max<std::size_t>(2, capacity / chunk_size_) + 1) {}  // one is in the consumer's hands

Result<void> ChunkPipe::push(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!filling_.bytes && !take_free_chunk()) return fail(Kind::cancelled, "the reader of the stream has gone");
    const std::size_t count = std::min(bytes.size(), chunk_size_ - filling_.used);
    std::memcpy(filling_.bytes.get() + filling_.used, bytes.data(), count);
    filling_.used += count;
    bytes.remove_prefix(count);
    if (filling_.used == chunk_size_ || consumer_waits_.load(std::memory_order_relaxed)) hand_over();
  }
  return {};
}

void ChunkPipe::finish(Result<void> outcome) {
  if (filling_.used > 0) hand_over();
  const std::lock_guard lock(mutex_);
  outcome_ = std::move(outcome);
  finished_ = true;
  can_pop_.notify_one();
}

Result<std::string_view> ChunkPipe::pop() {
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

void ChunkPipe::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  can_push_.notify_one();
}

bool ChunkPipe::take_free_chunk() {
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

void ChunkPipe::hand_over() {
  const std::lock_guard lock(mutex_);
  full_.push_back(std::move(filling_));
  filling_.used = 0;
  can_pop_.notify_one();
}

}  // namespace base
