// SPDX-License-Identifier: Apache-2.0
#include "base/gzip_writer.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>

namespace base {

struct GzipWriter::State {
  isal_zstream stream;
  std::unique_ptr<std::uint8_t[]> level_buffer = std::make_unique_for_overwrite<std::uint8_t[]>(ISAL_DEF_LVL1_DEFAULT);
  std::string out;

  // Lets the stream take `bytes`, all of them; the last time with `end`.
  void deflate(std::string_view bytes, bool end) {
    constexpr std::size_t kChunk = 64u << 10;
    constexpr std::size_t kMostAtOnce = 1u << 30;
    do {
      const std::string_view part = bytes.substr(0, kMostAtOnce);
      bytes.remove_prefix(part.size());
      stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(part.data()));  // ISA-L does not write through it
      stream.avail_in = static_cast<std::uint32_t>(part.size());
      stream.end_of_stream = end && bytes.empty();
      do {
        const std::size_t before = out.size();
        out.resize(before + kChunk);
        stream.next_out = reinterpret_cast<std::uint8_t*>(out.data() + before);
        stream.avail_out = kChunk;
        isal_deflate(&stream);
        out.resize(before + kChunk - stream.avail_out);
      } while (stream.avail_out == 0);
    } while (!bytes.empty());
  }
};

GzipWriter::GzipWriter() : state_(std::make_unique<State>()) {
  isal_deflate_init(&state_->stream);
  state_->stream.level = 1;
  state_->stream.level_buf = state_->level_buffer.get();
  state_->stream.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
  state_->stream.gzip_flag = IGZIP_GZIP;
  state_->stream.flush = NO_FLUSH;
}

GzipWriter::~GzipWriter() = default;

void GzipWriter::write(std::string_view bytes) {
  if (!bytes.empty()) state_->deflate(bytes, false);
}

std::string GzipWriter::finish() {
  state_->deflate({}, true);
  return std::move(state_->out);
}

std::size_t GzipWriter::written() const { return state_->out.size(); }

}  // namespace base
