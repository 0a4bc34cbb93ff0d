// SPDX-License-Identifier: Apache-2.0
// What the Go linker writes into every program: toolchain version and module list (Go source, debug/buildinfo and
// runtime/debug).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/package.hpp"
#include "sbom/object_image.hpp"

namespace sbom {

struct GoBuildInfo {
  std::string toolchain;  // "go1.22.0", as written
  std::string modules;    // lines "path\t…", "mod\t…", "dep\t…", "=>\t…", "build\t…"; may be empty
};

// Both forms: strings inline (Go 1.18 and later) and behind pointers (Go 1.13 to 1.17).
std::optional<GoBuildInfo> find_go_build_info(const ObjectImage& image);

// The toolchain as "stdlib", the main module, and every dependency, each as what replaced it. A module replaced by a
// folder keeps its own name, with the version "(devel)": nobody can say what it holds.
std::vector<model::Package> go_packages(const GoBuildInfo& info);

// "go1.22.0" → "1.22.0", "go1.22rc1" → "1.22.0-rc.1" (as OSV writes it), "go1.24.3 X:boringcrypto" → "1.24.3",
// "devel go1.23-…" → "(devel)".
std::string go_stdlib_version(std::string_view toolchain);

}  // namespace sbom
