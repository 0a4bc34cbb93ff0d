// SPDX-License-Identifier: Apache-2.0
#include "oci/layer_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/compress.hpp"
#include "base/hash.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

constexpr std::size_t kStageCapacity = 1u << 20;

std::string layer_name(const Layer& layer) {
  if (!layer.digest.empty()) return "layer " + layer.digest.text();
  return layer.diff_id.empty() ? "layer" : "layer with diff id " + layer.diff_id.text();
}

base::Hasher::Algorithm hash_algorithm(const Digest& digest) {
  return digest.algorithm() == "sha512" ? base::Hasher::Algorithm::sha512 : base::Hasher::Algorithm::sha256;
}

// Hashes what passes, when there is a digest to compare with, and refuses more bytes than announced.
class CheckedSource : public base::ByteSource {
 public:
  CheckedSource(base::SourcePtr source, const Digest& expected, std::uint64_t most)
      : source_(std::move(source)), hashes_(!expected.empty()), most_(most), hasher_(hash_algorithm(expected)) {}

  Result<std::string_view> next() override {
    auto chunk = source_->next();
    if (!chunk) return chunk;
    bytes_ += chunk->size();
    ended_ = chunk->empty();
    if (bytes_ > most_) return base::fail(Kind::corrupt, fmt::format("more than the {} bytes announced", most_));
    if (hashes_) hasher_.update(*chunk);
    return chunk;
  }

  std::uint64_t bytes() const { return bytes_; }
  bool ended() const { return ended_; }
  std::string hex() { return hasher_.hex(); }

 private:
  base::SourcePtr source_;
  const bool hashes_;
  const std::uint64_t most_;
  base::Hasher hasher_;
  std::uint64_t bytes_ = 0;
  bool ended_ = false;
};

// Lends a source whose owner outlives the borrower.
class BorrowedSource : public base::ByteSource {
 public:
  explicit BorrowedSource(base::ByteSource& source) : source_(source) {}
  Result<std::string_view> next() override { return source_.next(); }

 private:
  base::ByteSource& source_;
};

// Stops a stream that grows out of all proportion to what was read for it.
class ExpansionGuard : public base::ByteSource {
 public:
  ExpansionGuard(base::SourcePtr compressed, const LayerLimits& limits) : limits_(limits) {
    auto counted = base::tee_source(std::move(compressed), [this](std::string_view chunk) { in_ += chunk.size(); });
    source_ = base::decompress_any(std::move(counted));
  }

  Result<std::string_view> next() override {
    auto chunk = source_->next();
    if (!chunk) return chunk;
    out_ += chunk->size();
    if (out_ > limits_.uncompressed_bytes)
      return base::fail(Kind::too_large, fmt::format("more than the {} bytes allowed uncompressed", limits_.uncompressed_bytes));
    if (out_ > limits_.ratio_from && out_ / std::max<std::uint64_t>(1, limits_.ratio) > in_)
      return base::fail(Kind::too_large,
                        fmt::format("{} bytes expand to more than {}: a decompression bomb", in_, out_));
    return chunk;
  }

 private:
  const LayerLimits& limits_;
  base::SourcePtr source_;
  std::uint64_t in_ = 0;
  std::uint64_t out_ = 0;
};

Result<void> check_blob(CheckedSource& blob, const Layer& layer) {
  if (layer.digest.empty()) return {};
  if (blob.bytes() != layer.size)
    return base::fail(Kind::corrupt, fmt::format("{} is {} bytes shorter than its manifest says; pull it again",
                                                 layer_name(layer), layer.size - blob.bytes()));
  if (const std::string hex = blob.hex(); hex != layer.digest.hex())
    return base::fail(Kind::corrupt, fmt::format("{} has the digest {}:{} instead; pull it again", layer_name(layer),
                                                 layer.digest.algorithm(), hex));
  return {};
}

Result<void> check_tar(CheckedSource& tar, const Layer& layer) {
  if (layer.diff_id.empty()) return {};
  if (const std::string hex = tar.hex(); hex != layer.diff_id.hex())
    return base::fail(Kind::corrupt,
                      fmt::format("{} unpacks to {}:{}, but the image's configuration says {}; the image was built wrong "
                                  "or tampered with", layer_name(layer), layer.diff_id.algorithm(), hex, layer.diff_id.text()));
  return {};
}

}  // namespace

// Three threads: read and hash the blob; decompress; hash the tar and walk it (the caller's).
Result<void> read_layer(base::SourcePtr blob, const Layer& layer, TarVisitor& visitor, const LayerLimits& limits) {
  const std::uint64_t announced = layer.digest.empty() ? base::kToEnd : layer.size;
  CheckedSource checked_blob(std::move(blob), layer.digest, announced);
  Result<void> walked;
  Result<void> tar_agrees;
  {
    auto compressed = base::read_ahead(std::make_unique<BorrowedSource>(checked_blob), kStageCapacity);
    auto expanded = base::read_ahead(std::make_unique<ExpansionGuard>(std::move(compressed), limits), kStageCapacity);
    CheckedSource tar(std::move(expanded), layer.diff_id, base::kToEnd);
    walked = read_tar(tar, visitor, limits.tar);
    if (walked) tar_agrees = check_tar(tar, layer);
  }  // the threads have ended: checked_blob is ours again
  if (walked) {
    TRY(check_blob(checked_blob, layer));
    return tar_agrees;
  }
  // A cut download shows as a cut archive first; the shorter blob is the cause to name.
  if (walked.error().kind == Kind::corrupt && !layer.digest.empty() && checked_blob.ended() &&
      checked_blob.bytes() < layer.size)
    return check_blob(checked_blob, layer);
  return base::fail(walked.error().with_context(layer_name(layer)));
}

}  // namespace oci
