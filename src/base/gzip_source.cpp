// SPDX-License-Identifier: Apache-2.0
#include "base/gzip_source.hpp"

#include <fmt/format.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/compress.hpp"
#include "base/unread_input.hpp"

namespace base {

namespace {

constexpr std::size_t kGzipOutput = 256u << 10;
constexpr std::size_t kGzipHeaderCap = 1u << 20;

std::string_view inflate_error_text(int code) {
  switch (code) {
    case ISAL_INVALID_BLOCK: return "an invalid deflate block";
    case ISAL_INVALID_SYMBOL: return "an invalid deflate symbol";
    case ISAL_INVALID_LOOKBACK: return "a reference before the start of the data";
    case ISAL_INVALID_WRAPPER: return "an invalid header";
    case ISAL_UNSUPPORTED_METHOD: return "an unknown compression method";
    case ISAL_INCORRECT_CHECKSUM: return "a checksum or length that does not match the data";
    case ISAL_NEED_DICT: return "a preset dictionary";
    default: return "a damaged deflate stream";
  }
}

void give_input(inflate_state& state, std::string_view bytes) {
  // ISA-L does not write through next_in.
  state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
  state.avail_in = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), 1u << 30));
}

class GzipSource : public ByteSource {
 public:
  explicit GzipSource(SourcePtr source)
      : input_(std::move(source)),
        state_(std::make_unique_for_overwrite<inflate_state>()),
        output_(std::make_unique_for_overwrite<char[]>(kGzipOutput)) {
    isal_inflate_init(state_.get());
  }

  Result<std::string_view> next() override {
    if (error_) return fail(*error_);
    std::size_t filled = 0;
    while (filled < kGzipOutput && !ended_) {
      auto produced = in_member_ ? inflate_some(filled) : begin_member();
      if (!produced) {
        error_ = produced.error();
        return fail(*error_);
      }
      filled += *produced;
    }
    return std::string_view(output_.get(), filled);
  }

 private:
  // Reads a member's header (RFC 1952 section 2.3), or finds the end of the stream. Done here and not by ISA-L,
  // which forgets the flags of a header that is cut over two inputs.
  Result<std::size_t> begin_member() {
    const auto first = TRY(input_.byte());
    if (members_ > 0 && (!first || *first == 0)) {
      if (!TRY(input_.only_zeros_left())) return fail(Kind::corrupt, "gzip: bytes other than zero padding after the end");
      ended_ = true;
      return 0;
    }
    if (!first) return cut();
    const auto second = TRY(header_byte());
    if (*first != 0x1f || second != 0x8b) return fail(Kind::corrupt, "gzip: bytes after the end start no gzip member");
    if (TRY(header_byte()) != 8) return fail(Kind::corrupt, "gzip: the header names an unknown compression method");
    const std::uint8_t flags = TRY(header_byte());
    TRY(skip_header_bytes(6));  // time, extra flags, operating system
    if (flags & 4) {
      const std::size_t low = TRY(header_byte());
      const std::size_t high = TRY(header_byte());
      TRY(skip_header_bytes(high << 8 | low));
    }
    if (flags & 8) TRY(skip_header_text());   // name
    if (flags & 16) TRY(skip_header_text());  // comment
    if (flags & 2) TRY(skip_header_bytes(2));
    isal_inflate_reset(state_.get());
    state_->crc_flag = ISAL_GZIP_NO_HDR_VER;
    in_member_ = true;
    ++members_;
    return 0;
  }

  Result<std::size_t> inflate_some(std::size_t filled) {
    const std::string_view bytes = TRY(input_.view());
    give_input(*state_, bytes);
    const std::uint32_t given = state_->avail_in;
    const auto room = static_cast<std::uint32_t>(kGzipOutput - filled);
    state_->next_out = reinterpret_cast<std::uint8_t*>(output_.get() + filled);
    state_->avail_out = room;
    const int code = isal_inflate(state_.get());
    if (code != ISAL_DECOMP_OK)
      return fail(Kind::corrupt, fmt::format("gzip: {}", inflate_error_text(code)));
    input_.consume(given - state_->avail_in);
    const std::size_t produced = room - state_->avail_out;
    if (state_->block_state == ISAL_BLOCK_FINISH)
      in_member_ = false;
    else if (produced == 0 && given == state_->avail_in)
      return cut();  // nothing came and nothing went: the input has ended
    return produced;
  }

  Result<std::uint8_t> header_byte() {
    const auto byte = TRY(input_.byte());
    if (!byte) return cut();
    return *byte;
  }

  Result<void> skip_header_bytes(std::size_t count) {
    for (; count > 0; --count) TRY(header_byte());
    return {};
  }

  Result<void> skip_header_text() {
    for (std::size_t length = 0; length < kGzipHeaderCap; ++length)
      if (TRY(header_byte()) == 0) return {};
    return fail(Kind::too_large, "gzip: a header with a name of more than 1 MiB");
  }

  static tl::unexpected<Error> cut() { return fail(Kind::corrupt, "gzip: the stream ends early"); }

  UnreadInput input_;
  std::unique_ptr<inflate_state> state_;
  std::unique_ptr<char[]> output_;
  std::uint64_t members_ = 0;
  bool in_member_ = false;
  bool ended_ = false;
  std::optional<Error> error_;
};

Result<std::string> inflate_held(std::string_view data, std::size_t cap, std::uint32_t format, std::string_view name) {
  const auto state = std::make_unique_for_overwrite<inflate_state>();
  isal_inflate_init(state.get());
  state->crc_flag = format;
  std::string out(std::min(cap, std::max<std::size_t>(4096, data.size() * 4)), '\0');
  std::size_t filled = 0;
  for (;;) {
    give_input(*state, data);
    const auto room = static_cast<std::uint32_t>(std::min<std::size_t>(out.size() - filled, 1u << 30));
    const std::uint32_t given = state->avail_in;
    state->next_out = reinterpret_cast<std::uint8_t*>(out.data() + filled);
    state->avail_out = room;
    const int code = isal_inflate(state.get());
    if (code != ISAL_DECOMP_OK) return fail(Kind::corrupt, fmt::format("{}: {}", name, inflate_error_text(code)));
    const std::uint32_t produced = room - state->avail_out;
    const std::uint32_t consumed = given - state->avail_in;
    filled += produced;
    data.remove_prefix(consumed);
    if (state->block_state == ISAL_BLOCK_FINISH) {
      out.resize(filled);
      return out;
    }
    if (filled == out.size()) {
      if (filled >= cap) return fail(Kind::too_large, fmt::format("{}: more than the {} bytes allowed", name, cap));
      out.resize(out.size() > cap / 2 ? cap : out.size() * 2);
    } else if (produced == 0 && consumed == 0) {
      return fail(Kind::corrupt, fmt::format("{}: the data end early", name));
    }
  }
}

}  // namespace

SourcePtr gzip_source(SourcePtr source) { return std::make_unique<GzipSource>(std::move(source)); }

Result<std::string> inflate_zlib(std::string_view data, std::size_t cap) {
  return inflate_held(data, cap, ISAL_ZLIB, "zlib");
}

Result<std::string> inflate_raw(std::string_view data, std::size_t cap) {
  return inflate_held(data, cap, ISAL_DEFLATE, "deflate");
}

}  // namespace base
