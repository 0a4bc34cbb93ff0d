// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/stream.hpp"

namespace base {

// The part of a stream that a decompressor has not consumed yet.
class UnreadInput {
 public:
  explicit UnreadInput(SourcePtr source) : source_(std::move(source)) {}

  // At least one byte; an empty view at the end of the stream.
  Result<std::string_view> view() {
    if (view_.empty()) view_ = TRY(source_->next());
    return view_;
  }

  void consume(std::size_t count) { view_.remove_prefix(count); }

  // The next byte; nullopt at the end.
  Result<std::optional<std::uint8_t>> byte() {
    const std::string_view bytes = TRY(view());
    if (bytes.empty()) return std::nullopt;
    consume(1);
    return static_cast<std::uint8_t>(bytes[0]);
  }

  // Reads zero bytes to the end of the stream; false where another byte stands among them.
  Result<bool> only_zeros_left() {
    for (;;) {
      const std::string_view bytes = TRY(view());
      if (bytes.empty()) return true;
      if (bytes.find_first_not_of('\0') != std::string_view::npos) return false;
      consume(bytes.size());
    }
  }

 private:
  SourcePtr source_;
  std::string_view view_;
};

}  // namespace base
