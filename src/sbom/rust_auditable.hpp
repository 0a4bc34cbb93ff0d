// SPDX-License-Identifier: Apache-2.0
// The dependency list that `cargo auditable` links into a program (rust-secure-code/cargo-auditable, PARSING.md).
#pragma once

#include <vector>

#include "base/result.hpp"
#include "model/package.hpp"
#include "sbom/object_image.hpp"

namespace sbom {

// The crates of section ".dep-v0", none where there is no such section. Crates needed by the build alone (build
// scripts, procedural macros' own tools) are marked `dev`: their code is not in the program.
base::Result<std::vector<model::Package>> rust_audit_packages(const ObjectImage& image);

}  // namespace sbom
