// SPDX-License-Identifier: Apache-2.0
#include "oci/tar_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace oci {

using base::Kind;
using base::Result;

Result<std::string_view> TarStream::some(std::uint64_t most) {
  if (view_.empty()) {
    view_ = TRY(source_.next());
    TRY(count_received(view_.size()));
  }
  const std::string_view part = view_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(most, view_.size())));
  view_.remove_prefix(part.size());
  offset_ += part.size();
  return part;
}

Result<void> TarStream::count_received(std::uint64_t count) {
  received_ += count;
  if (received_ > limit_)
    return base::fail(Kind::too_large, fmt::format("tar: larger than the {} bytes allowed", limit_));
  return {};
}

base::Error TarStream::cut() const {
  return {Kind::corrupt, fmt::format("tar: the archive ends early, at byte {}", offset_)};
}

Result<std::optional<std::string_view>> TarStream::block() {
  std::string_view part = TRY(some(kTarBlock));
  if (part.empty()) return std::nullopt;
  if (part.size() == kTarBlock) return part;
  assembled_.clear();
  while (!part.empty()) {
    assembled_ += part;
    if (assembled_.size() == kTarBlock) return std::string_view(assembled_);
    part = TRY(some(kTarBlock - assembled_.size()));
  }
  return base::fail(cut());
}

Result<std::string> TarStream::take(std::size_t count) {
  std::string out;
  while (out.size() < count) {
    const std::string_view part = TRY(some(count - out.size()));
    if (part.empty()) return base::fail(cut());
    out += part;
  }
  return out;
}

Result<void> TarStream::skip(std::uint64_t count) {
  while (count > 0) {
    if (view_.empty()) {
      const std::uint64_t passed = source_.skip(count);
      TRY(count_received(passed));
      offset_ += passed;
      count -= passed;
      if (count == 0) break;
    }
    const std::string_view part = TRY(some(count));
    if (part.empty()) return base::fail(cut());
    count -= part.size();
  }
  return {};
}

Result<void> TarStream::forward(std::uint64_t count, const base::ByteSink& sink) {
  while (count > 0) {
    const std::string_view part = TRY(some(count));
    if (part.empty()) return base::fail(cut());
    TRY(sink(part));
    count -= part.size();
  }
  return {};
}

Result<void> TarStream::skip_padding(std::uint64_t size) {
  for (std::uint64_t left = (kTarBlock - size % kTarBlock) % kTarBlock; left > 0;) {
    const std::string_view part = TRY(some(left));
    if (part.empty()) return {};
    left -= part.size();
  }
  return {};
}

Result<void> TarStream::drain() {
  while (!TRY(some(base::kToEnd)).empty()) {
  }
  return {};
}

Result<std::uint64_t> SparseMapText::number() {
  const auto bad = [] { return base::fail(Kind::corrupt, "tar: the map of a sparse file is invalid"); };
  std::uint64_t value = 0;
  for (int digits = 0;; ++digits) {
    if (at_ == block_.size()) {
      if (left_ < kTarBlock) return bad();
      block_ = TRY(stream_.take(kTarBlock));
      at_ = 0;
      left_ -= kTarBlock;
      consumed_ += kTarBlock;
    }
    const char c = block_[at_++];
    if (c == '\n' && digits > 0) return value;
    if (c < '0' || c > '9' || digits >= 18) return bad();
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
}

}  // namespace oci
