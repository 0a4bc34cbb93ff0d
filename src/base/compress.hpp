// SPDX-License-Identifier: Apache-2.0
// Decompression: gzip through ISA-L, zstd through libzstd, both streaming. Compression of whole documents with zstd.
#pragma once

#include <string>
#include <string_view>

#include "base/stream.hpp"

namespace base {

enum class Compression { none, gzip, zstd };

// Recognises gzip and zstd by their magic numbers (RFC 1952 section 2.3.1, RFC 8878 section 3.1.1).
Compression sniff_compression(std::string_view head);

// Concatenated gzip members and zstd frames are one stream; bytes after the last member that start no
// member are Kind::corrupt, except zero padding. A truncated stream is Kind::corrupt, never a short success.
SourcePtr decompress(SourcePtr source, Compression compression);

// Looks at the first bytes and decompresses when they say so.
SourcePtr decompress_any(SourcePtr source);

// A zlib stream (RFC 1950) or raw deflate data (RFC 1951) held whole; Kind::too_large past `cap` output bytes.
Result<std::string> inflate_zlib(std::string_view data, std::size_t cap);
Result<std::string> inflate_raw(std::string_view data, std::size_t cap);

// A whole gzip or zstd document, or the same bytes where it is neither; Kind::too_large past `cap`.
Result<std::string> decompress_whole(std::string_view data, std::size_t cap, std::string_view what);

// A gzip member (RFC 1952) or a zlib stream (RFC 1950) of these bytes, written fast rather than small; "" past 4 GB.
std::string compress_gzip(std::string_view data);
std::string compress_zlib(std::string_view data);

// One zstd frame with its content size; read again with decompress_whole.
std::string compress_zstd(std::string_view data);

}  // namespace base
