// SPDX-License-Identifier: Apache-2.0
#include "base/zstd_source.hpp"

#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <optional>

#include "base/unread_input.hpp"

namespace base {

namespace {

constexpr int kZstdWindowLog = 27;  // 128 MiB
constexpr std::size_t kZstdOutput = 256u << 10;

struct FreeZstdContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Error zstd_error(std::size_t code) {
  const std::string text = fmt::format("zstd: {}", ZSTD_getErrorName(code));
  switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_frameParameter_windowTooLarge:
      return {Kind::too_large, "zstd: a frame asks for a window of more than 128 MiB"};
    case ZSTD_error_memory_allocation: return {Kind::unavailable, text};
    case ZSTD_error_dictionary_wrong: return {Kind::unsupported, text};
    default: return {Kind::corrupt, text};
  }
}

class ZstdSource : public ByteSource {
 public:
  explicit ZstdSource(SourcePtr source)
      : input_(std::move(source)),
        context_(ZSTD_createDCtx()),
        output_(std::make_unique_for_overwrite<char[]>(kZstdOutput)) {
    if (!context_)
      error_ = Error{Kind::unavailable, "zstd: no memory for a decoder"};
    else
      ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
  }

  Result<std::string_view> next() override {
    std::size_t filled = 0;
    while (!error_ && filled < kZstdOutput && !ended_) {
      auto produced = decompress_some(filled);
      if (produced)
        filled += *produced;
      else
        error_ = produced.error();
    }
    if (error_) return fail(*error_);
    return std::string_view(output_.get(), filled);
  }

 private:
  Result<std::size_t> decompress_some(std::size_t filled) {
    const std::string_view bytes = TRY(input_.view());
    // Output may still wait inside the decoder when the input has ended.
    if (between_frames_ && (bytes.empty() || (frames_ > 0 && bytes[0] == 0))) {
      if (frames_ == 0) return fail(Kind::corrupt, "zstd: the stream is empty");
      if (!TRY(input_.only_zeros_left())) return fail(Kind::corrupt, "zstd: bytes other than zero padding after the end");
      ended_ = true;
      return 0;
    }
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    ZSTD_outBuffer out{output_.get() + filled, kZstdOutput - filled, 0};
    const std::size_t code = ZSTD_decompressStream(context_.get(), &out, &in);
    if (ZSTD_isError(code)) return fail(zstd_error(code));
    input_.consume(in.pos);
    between_frames_ = code == 0;
    if (between_frames_) ++frames_;
    if (!between_frames_ && in.pos == 0 && out.pos == 0)
      return fail(Kind::corrupt, "zstd: the stream ends early");
    return out.pos;
  }

  UnreadInput input_;
  std::unique_ptr<ZSTD_DCtx, FreeZstdContext> context_;
  std::unique_ptr<char[]> output_;
  std::uint64_t frames_ = 0;
  bool between_frames_ = true;
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace

SourcePtr zstd_source(SourcePtr source) { return std::make_unique<ZstdSource>(std::move(source)); }

}  // namespace base
