// SPDX-License-Identifier: Apache-2.0
// A streaming reader of tar archives: ustar, PAX (POSIX.1-2001), GNU long names and sparse files, v7.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/stream.hpp"

namespace oci {

struct TarEntry {
  enum class Type { file, hard_link, symlink, directory, other };
  Type type = Type::file;
  std::string path;        // normalised: no leading "/" or "./", no empty, "." or ".." part; "" is the root itself.
                           // ".." never climbs above the root
  std::string link;        // target: of a symlink as written, of a hard link normalised like path
  std::uint64_t size = 0;  // bytes that data() will deliver in all; sparse files: their real, expanded size
  std::uint64_t data_offset = 0;  // where in the stream the data stand; of no use for sparse files
  std::uint32_t mode = 0;  // permission bits
  std::int64_t mtime = 0;
};

// Called front to back, on one thread. An error ends the walk and is its result.
class TarVisitor {
 public:
  virtual ~TarVisitor() = default;

  // Returns true where the data are wanted; else they are skipped and neither data() nor end() follows.
  virtual base::Result<bool> begin(const TarEntry& entry) = 0;
  virtual base::Result<void> data(std::string_view chunk) = 0;
  virtual base::Result<void> end() = 0;

  // The walk ended with an error; nothing more follows. Time to give back what other walks wait for.
  virtual void abandoned() {}
};

struct TarLimits {
  std::uint64_t entries = 20'000'000;
  std::uint64_t expanded_bytes = std::uint64_t{1} << 40;  // of the stream itself, padding included
  std::size_t path_bytes = 64u << 10;
  std::size_t header_bytes = 1u << 20;                    // of one PAX or GNU extension record
};

// Reads to the two zero blocks or to the end of the stream, then drains the stream, so that a digest taken on the
// way covers all of it. Kind::corrupt names the offset of a header that is no header or of a cut archive. Holes of
// sparse files are not delivered as bytes beyond `kSparseHoleCap`: such an entry is skipped (never wanted).
base::Result<void> read_tar(base::ByteSource& source, TarVisitor& visitor, const TarLimits& limits = {});

// Largest expansion of a sparse file that is delivered; begin() is told size and type, and larger ones have type
// `other`.
inline constexpr std::uint64_t kSparseHoleCap = 256u << 20;

// The path rules of TarEntry::path for any text.
std::string normalise_path(std::string_view path);

}  // namespace oci
