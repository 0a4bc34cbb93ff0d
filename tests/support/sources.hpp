// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/stream.hpp"

namespace test {

// Held bytes handed out in pieces of `piece` bytes, then an error if one is given.
class PieceSource : public base::ByteSource {
 public:
  PieceSource(std::string bytes, std::size_t piece, std::optional<base::Error> error = std::nullopt)
      : bytes_(std::move(bytes)), piece_(piece), error_(std::move(error)) {}

  base::Result<std::string_view> next() override {
    const auto part = std::string_view(bytes_).substr(at_, piece_);
    at_ += part.size();
    if (part.empty() && error_) return base::fail(*error_);
    return part;
  }

 private:
  std::string bytes_;
  std::size_t piece_;
  std::optional<base::Error> error_;
  std::size_t at_ = 0;
};

inline base::SourcePtr in_pieces(std::string bytes, std::size_t piece) {
  return std::make_unique<PieceSource>(std::move(bytes), piece);
}

// Text that compresses neither badly nor perfectly; the same for the same seed.
inline std::string sample_text(std::size_t size, unsigned seed = 1) {
  std::string out;
  std::uint64_t state = seed;
  while (out.size() < size) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    out += "word";
    out += std::to_string(state >> 54);
    out += (state >> 20) % 7 == 0 ? '\n' : ' ';
  }
  out.resize(size);
  return out;
}

}  // namespace test
