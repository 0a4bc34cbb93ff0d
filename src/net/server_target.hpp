// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "net/server.hpp"

namespace net {

// Reads a request target (RFC 9112 section 3.2) into target, path and query. Of an absolute target the authority takes
// the place of the Host header; "*" stands for OPTIONS alone. Kind::invalid_input for bytes that belong in no target,
// malformed escapes in the path, and NUL anywhere, escaped or not.
base::Result<void> read_target(std::string_view target, ServerRequest& request);

}  // namespace net
