// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace base {

// A bounded queue of bytes in recycled buffers between one producer thread and one consumer thread. Small pieces are
// gathered into whole buffers unless the consumer waits.
class ChunkPipe {
 public:
  explicit ChunkPipe(std::size_t capacity);

  // The producer's side. push() blocks while `capacity` bytes wait; Kind::cancelled once the consumer has gone.
  Result<void> push(std::string_view bytes);
  void finish(Result<void> outcome);

  // The consumer's side: as ByteSource::next(), the outcome of finish() after the last byte.
  Result<std::string_view> pop();
  void cancel();

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t used = 0;
  };

  bool take_free_chunk();
  void hand_over();

  const std::size_t chunk_size_;
  const std::size_t most_chunks_;
  Chunk filling_;  // the producer's
  Chunk reading_;  // the consumer's
  std::atomic<bool> consumer_waits_{false};

  std::mutex mutex_;  // guards everything below
  std::condition_variable can_push_, can_pop_;
  std::vector<Chunk> free_;
  std::deque<Chunk> full_;
  std::size_t chunks_ = 0;
  bool finished_ = false;
  bool cancelled_ = false;
  Result<void> outcome_;
};

}  // namespace base
