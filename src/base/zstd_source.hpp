// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/stream.hpp"

namespace base {

// The content of all frames of a zstd stream (RFC 8878), windows up to 128 MiB; see decompress().
SourcePtr zstd_source(SourcePtr source);

}  // namespace base
