// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/stream.hpp"
#include "oci/tar_header.hpp"

namespace oci {

// The bytes of a tar archive, counted, in the pieces that its structure asks for. Kind::corrupt where the archive is
// cut, Kind::too_large past `limit` bytes.
class TarStream {
 public:
  TarStream(base::ByteSource& source, std::uint64_t limit) : source_(source), limit_(limit) {}

  std::uint64_t offset() const { return offset_; }

  // The next 512 bytes, valid until the next call; nullopt at the end of the stream.
  base::Result<std::optional<std::string_view>> block();

  base::Result<std::string> take(std::size_t count);
  base::Result<void> skip(std::uint64_t count);
  base::Result<void> forward(std::uint64_t count, const base::ByteSink& sink);

  // What fills the last block of `size` bytes of data. It may be missing at the end of the stream: some writers
  // leave it out.
  base::Result<void> skip_padding(std::uint64_t size);

  base::Result<void> drain();

 private:
  // At least one byte, at most `most`; empty at the end.
  base::Result<std::string_view> some(std::uint64_t most);
  base::Result<void> count_received(std::uint64_t count);
  base::Error cut() const;

  base::ByteSource& source_;
  const std::uint64_t limit_;
  std::uint64_t offset_ = 0;    // of the first byte of view_
  std::uint64_t received_ = 0;  // from the source
  std::string_view view_;
  std::string assembled_;  // a block that lies across two views
};

// The decimal lines in front of the data of a sparse file in PAX format 1.0.
class SparseMapText {
 public:
  SparseMapText(TarStream& stream, std::uint64_t stored) : stream_(stream), left_(stored) {}

  base::Result<std::uint64_t> number();
  std::uint64_t consumed() const { return consumed_; }  // whole blocks

 private:
  TarStream& stream_;
  std::uint64_t left_;  // stored bytes not read yet
  std::uint64_t consumed_ = 0;
  std::string block_;
  std::size_t at_ = 0;
};

}  // namespace oci
