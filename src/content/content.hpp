// SPDX-License-Identifier: Apache-2.0
// The data files under content/ of the source tree (all but content/demo), embedded in the executable, and under "web/"
// the files of the folder that the CMake variable BULWARK_WEB_DIST names. Paths are relative to content/ and use '/':
// "secrets/aws.yaml", "web/index.html". The views live as long as the program; any thread may call.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace content {

// The bytes of one file; nothing where there is no such file.
std::optional<std::string_view> file(std::string_view path);

// Paths of all files that begin with `folder_prefix` ("secrets/"), sorted by bytes.
std::vector<std::string_view> list(std::string_view folder_prefix);

}  // namespace content
