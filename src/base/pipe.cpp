// SPDX-License-Identifier: Apache-2.0
// Streams that run on a thread of their own.
#include <fmt/format.h>

#include <exception>
#include <system_error>
#include <thread>

#include "base/chunk_pipe.hpp"
#include "base/stream.hpp"

namespace base {

namespace {

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
