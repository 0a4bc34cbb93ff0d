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

}  // namespace oci
