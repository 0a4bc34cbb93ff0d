// SPDX-License-Identifier: Apache-2.0
// The catalogers of OS package databases and what they share.
#pragma once

#include <string>
#include <string_view>

#include "sbom/cataloger.hpp"

namespace sbom {

extern const Cataloger kDpkgCataloger;
extern const Cataloger kDpkgFilesCataloger;
extern const Cataloger kOpkgCataloger;
extern const Cataloger kApkCataloger;
extern const Cataloger kOsReleaseCataloger;

// Limits that hold for each database file, far above any real one.
inline constexpr std::size_t kPackagesPerFile = 200'000;
inline constexpr std::size_t kFieldBytes = 1024;     // of a name, version, architecture
inline constexpr std::size_t kWarningsPerFile = 20;

// True where `path` is `suffix` or ends with "/" + suffix.
bool ends_with_path(std::string_view path, std::string_view suffix);

// The part of a path before its last '/'; empty where there is none.
std::string_view parent_path(std::string_view path);

// Sorts and removes what stands twice.
void sort_unique(std::vector<std::uint64_t>& fingerprints);

// How much a file that names the distribution is to be believed, 0 the most; by path.
int os_release_rank(std::string_view path);

// Fills version from codename or codename from version where Debian testing and unstable leave one out.
void complete_debian_release(model::Distribution& os);

// Adds `package` unless the file holds too much already or a field of it is missing or oversized, which leaves a
// warning that names file and package.
void add_os_package(model::Package package, FileFacts& facts);

}  // namespace sbom
