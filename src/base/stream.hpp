// SPDX-License-Identifier: Apache-2.0
// Pull streams of bytes. Bytes are std::string_view and std::string throughout the project, text or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace base {

// A stream that is read once, front to back. Not thread-safe; one reader.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // The next bytes, at least one; an empty view at the end. The view is valid until the next call.
  // After an error or the end every further call gives the same again.
  virtual Result<std::string_view> next() = 0;

  // Passes over up to `count` bytes without reading them; returns how many. 0: there is no other way than next().
  virtual std::uint64_t skip(std::uint64_t /*count*/) { return 0; }
};

using SourcePtr = std::unique_ptr<ByteSource>;

// Where a push producer delivers bytes; an error ends the production and is handed on.
using ByteSink = std::function<Result<void>(std::string_view)>;

// Bytes that the caller keeps alive.
SourcePtr memory_source(std::string_view bytes);

// A file, read in chunks of 256 KiB from `offset` for at most `length` bytes (kToEnd: to its end).
inline constexpr std::uint64_t kToEnd = ~std::uint64_t{0};
Result<SourcePtr> file_source(const std::string& path, std::uint64_t offset = 0, std::uint64_t length = kToEnd);

// Turns a push producer into a pull stream: runs `produce` on a thread of its own, which blocks when
// `capacity` bytes wait. Destroying the source makes the producer's sink answer Kind::cancelled, then joins.
SourcePtr pipe_source(std::function<Result<void>(const ByteSink&)> produce, std::size_t capacity = 4u << 20);

// Reads `source` ahead on a thread of its own, so that the stages of a stream run on several cores.
SourcePtr read_ahead(SourcePtr source, std::size_t capacity = 4u << 20);

// Passes bytes on and shows each chunk to `observer` on its way (hashing, counting).
SourcePtr tee_source(SourcePtr source, std::function<void(std::string_view)> observer);

// Reads to the end; Kind::too_large when more than `cap` bytes come. `what` names the thing in errors.
Result<std::string> read_all(ByteSource& source, std::size_t cap, std::string_view what);

}  // namespace base
