// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace oci {

struct LocalReference {
  std::string path;
  std::string tag;  // empty: none given
};

// "PATH" or "PATH:TAG", cut at the first colon before which a path exists. Kind::not_found where none does.
base::Result<LocalReference> parse_local_reference(std::string_view text);

// Whether a name stored in an archive ("nginx:1.25", "docker.io/library/nginx:1.25", "1.25") is what the user asked for:
// equal, the tag alone, without ":latest", or one of both with more folders in front.
bool names_image(std::string_view stored, std::string_view asked);

}  // namespace oci
