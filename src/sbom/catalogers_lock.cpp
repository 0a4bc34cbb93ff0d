// SPDX-License-Identifier: Apache-2.0
// The table of lock file catalogers: an addition is one line here (docs/add-a-cataloger.md).
#include "sbom/cataloger.hpp"
#include "sbom/lock_files.hpp"

namespace sbom {

namespace {

constexpr std::size_t kLockCap = 32u << 20;  // the largest seen in public monorepos are near 10 MB
constexpr std::size_t kYamlLockCap = 16u << 20;  // the YAML parser takes a second for some 5 MB
constexpr bool kAlone = false;

// name, version, cap, grouped, wants, catalog
constexpr Cataloger kLockFileCatalogers[] = {
    {"npm-lock", 1, kLockCap, kAlone, wants_npm_lock, catalog_npm_lock},
    {"yarn-lock", 1, kYamlLockCap, kAlone, wants_yarn_lock, catalog_yarn_lock},
    {"pnpm-lock", 1, kYamlLockCap, kAlone, wants_pnpm_lock, catalog_pnpm_lock},
    {"cargo-lock", 1, kLockCap, kAlone, wants_cargo_lock, catalog_cargo_lock},
    {"gemfile-lock", 1, kLockCap, kAlone, wants_gemfile_lock, catalog_gemfile_lock},
    {"composer-lock", 1, kLockCap, kAlone, wants_composer_lock, catalog_composer_lock},
    {"poetry-lock", 1, kLockCap, kAlone, wants_poetry_lock, catalog_poetry_lock},
    {"uv-lock", 1, kLockCap, kAlone, wants_uv_lock, catalog_uv_lock},
    {"pylock", 1, kLockCap, kAlone, wants_pylock, catalog_pylock},
    {"pipfile-lock", 1, kLockCap, kAlone, wants_pipfile_lock, catalog_pipfile_lock},
    {"requirements", 1, kLockCap, kAlone, wants_requirements, catalog_requirements},
    {"nuget-lock", 1, kLockCap, kAlone, wants_nuget_lock, catalog_nuget_lock},
    {"go-mod", 1, kLockCap, kAlone, wants_go_mod, catalog_go_mod},
};

}  // namespace

std::span<const Cataloger> lock_file_catalogers() { return kLockFileCatalogers; }

}  // namespace sbom
