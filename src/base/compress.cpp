// SPDX-License-Identifier: Apache-2.0
#include "base/compress.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <cstdint>

#include "base/gzip_source.hpp"
#include "base/zstd_source.hpp"

namespace base {

namespace {

// Bytes already taken from a stream, put back in front of it.
class PrefixedSource : public ByteSource {
 public:
  PrefixedSource(std::string prefix, SourcePtr source) : prefix_(std::move(prefix)), source_(std::move(source)) {}

  Result<std::string_view> next() override {
    if (!std::exchange(prefix_given_, true) && !prefix_.empty()) return std::string_view(prefix_);
    return source_->next();
  }

 private:
  std::string prefix_;
  SourcePtr source_;
  bool prefix_given_ = false;
};

class SniffingSource : public ByteSource {
 public:
  explicit SniffingSource(SourcePtr source) : source_(std::move(source)) {}

  Result<std::string_view> next() override {
    if (!sniffed_) {
      auto head = read_head();
      if (!head) return fail(head.error());  // the source repeats its error
      sniffed_ = true;
      const Compression compression = sniff_compression(*head);
      source_ = decompress(std::make_unique<PrefixedSource>(std::move(*head), std::move(source_)), compression);
    }
    return source_->next();
  }

 private:
  Result<std::string> read_head() {
    std::string head;
    while (head.size() < 4) {
      const std::string_view chunk = TRY(source_->next());
      if (chunk.empty()) break;
      head += chunk;
    }
    return head;
  }

  SourcePtr source_;
  bool sniffed_ = false;
};

}  // namespace

Compression sniff_compression(std::string_view head) {
  if (head.substr(0, 2) == "\x1f\x8b") return Compression::gzip;
  if (head.substr(0, 4) == "\x28\xb5\x2f\xfd") return Compression::zstd;
  const bool skippable_frame =
      head.size() >= 4 && (static_cast<std::uint8_t>(head[0]) & 0xf0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18";
  return skippable_frame ? Compression::zstd : Compression::none;
}

SourcePtr decompress(SourcePtr source, Compression compression) {
  switch (compression) {
    case Compression::none: return source;
    case Compression::gzip: return gzip_source(std::move(source));
    case Compression::zstd: return zstd_source(std::move(source));
  }
  return source;
}

SourcePtr decompress_any(SourcePtr source) { return std::make_unique<SniffingSource>(std::move(source)); }

Result<std::string> decompress_whole(std::string_view data, std::size_t cap, std::string_view what) {
  const SourcePtr source = decompress(memory_source(data), sniff_compression(data));
  auto whole = read_all(*source, cap, what);
  if (!whole && whole.error().kind == Kind::corrupt) return fail(whole.error().with_context(what));
  return whole;
}

std::string compress_zstd(std::string_view data) {
  std::string out(ZSTD_compressBound(data.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), data.data(), data.size(), ZSTD_CLEVEL_DEFAULT);
  if (ZSTD_isError(size)) return std::string(data);  // out of memory; plain bytes are read back just the same
  out.resize(size);
  return out;
}

}  // namespace base
