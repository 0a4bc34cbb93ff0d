// SPDX-License-Identifier: Apache-2.0
#include "advisory/version_schemes.hpp"
#include "advisory/version_semver.hpp"

namespace advisory {

// NuGet: four numbers, letters without case. https://learn.microsoft.com/nuget/concepts/package-versioning
std::strong_ordering compare_nuget(std::string_view a, std::string_view b) {
  return compare_semver_text(read_semver(a), read_semver(b), IdentifierCase::ignored);
}

bool is_nuget_version(std::string_view text) { return is_semver_version(text); }

}  // namespace advisory
