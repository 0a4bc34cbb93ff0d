// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/stream.hpp"

namespace base {

// The content of all members of a gzip stream (RFC 1952); see decompress().
SourcePtr gzip_source(SourcePtr source);

}  // namespace base
