// SPDX-License-Identifier: Apache-2.0
#include "base/stream.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/files.hpp"

namespace base {

namespace {

constexpr std::size_t kFileChunk = 256u << 10;

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  Result<std::string_view> next() override { return std::exchange(bytes_, {}); }

  std::uint64_t skip(std::uint64_t count) override {
    const auto skipped = std::min<std::uint64_t>(count, bytes_.size());
    bytes_.remove_prefix(static_cast<std::size_t>(skipped));
    return skipped;
  }

 private:
  std::string_view bytes_;
};

class FileSource : public ByteSource {
 public:
  FileSource(int fd, std::string path, std::uint64_t offset, std::uint64_t length)
      : fd_(fd), path_(std::move(path)), offset_(offset), left_(length) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { ::close(fd_); }

  Result<std::string_view> next() override {
    if (left_ == 0) return std::string_view();
    if (buffer_.empty()) buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kFileChunk, left_)));
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size(), left_));
    ssize_t got = 0;
    do got = ::pread(fd_, buffer_.data(), want, static_cast<off_t>(offset_));
    while (got < 0 && errno == EINTR);
    if (got < 0) return fail(errno_error(errno, "cannot read", path_));
    const auto count = static_cast<std::size_t>(got);
    offset_ += count;
    left_ = count == 0 ? 0 : left_ - count;
    return std::string_view(buffer_.data(), count);
  }

  std::uint64_t skip(std::uint64_t count) override {
    const std::uint64_t skipped = std::min(count, left_);
    offset_ += skipped;
    left_ -= skipped;
    return skipped;
  }

 private:
  int fd_;
  std::string path_;
  std::uint64_t offset_;
  std::uint64_t left_;
  std::string buffer_;
};

class TeeSource : public ByteSource {
 public:
  TeeSource(SourcePtr source, std::function<void(std::string_view)> observer)
      : source_(std::move(source)), observer_(std::move(observer)) {}

  Result<std::string_view> next() override {
    auto chunk = source_->next();
    if (chunk && !chunk->empty()) observer_(*chunk);
    return chunk;
  }

 private:
  SourcePtr source_;
  std::function<void(std::string_view)> observer_;
};

}  // namespace

SourcePtr memory_source(std::string_view bytes) { return std::make_unique<MemorySource>(bytes); }

Result<SourcePtr> file_source(const std::string& path, std::uint64_t offset, std::uint64_t length) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return fail(errno_error(errno, "cannot open", path));
  struct stat status{};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(fd);
    return fail(Kind::invalid_input, path + " is not a regular file");
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  length = std::min(length, size - std::min(size, offset));
  return std::make_unique<FileSource>(fd, path, offset, length);
}

SourcePtr tee_source(SourcePtr source, std::function<void(std::string_view)> observer) {
  return std::make_unique<TeeSource>(std::move(source), std::move(observer));
}

Result<std::string> read_all(ByteSource& source, std::size_t cap, std::string_view what) {
  std::string out;
  for (;;) {
    const std::string_view chunk = TRY(source.next());
    if (chunk.empty()) return out;
    if (chunk.size() > cap - out.size())
      return fail(Kind::too_large, fmt::format("{} is larger than the {} bytes allowed", what, cap));
    out += chunk;
  }
}

}  // namespace base
