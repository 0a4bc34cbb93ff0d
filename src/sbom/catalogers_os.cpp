// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers_os.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "sbom/rpm.hpp"

namespace sbom {

std::span<const Cataloger> os_catalogers() {
  static const Cataloger catalogers[] = {
      kDpkgCataloger, kDpkgFilesCataloger, kOpkgCataloger, kApkCataloger, kOsReleaseCataloger,
      kRpmSqliteCataloger, kRpmBdbCataloger, kRpmNdbCataloger, kRpmManifestCataloger,
  };
  return catalogers;
}

bool ends_with_path(std::string_view path, std::string_view suffix) {
  if (!path.ends_with(suffix)) return false;
  return path.size() == suffix.size() || path[path.size() - suffix.size() - 1] == '/';
}

std::string_view parent_path(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

void sort_unique(std::vector<std::uint64_t>& fingerprints) {
  std::sort(fingerprints.begin(), fingerprints.end());
  fingerprints.erase(std::unique(fingerprints.begin(), fingerprints.end()), fingerprints.end());
  fingerprints.shrink_to_fit();
}

void add_os_package(model::Package package, FileFacts& facts) {
  std::string fault;
  if (package.name.empty() || package.version.empty())
    fault = package.name.empty() ? "has no name" : "has no version";
  else if (std::max({package.name.size(), package.version.size(), package.arch.size(), package.source.size(),
                     package.source_version.size(), package.vendor.size()}) > kFieldBytes)
    fault = fmt::format("has a field longer than {} bytes", kFieldBytes);
  else if (facts.packages.size() >= kPackagesPerFile)
    fault = fmt::format("is one more than the {} that one database may have", kPackagesPerFile);
  if (fault.empty()) {
    facts.packages.push_back(std::move(package));
  } else if (facts.warnings.size() < kWarningsPerFile) {
    facts.warnings.push_back(fmt::format("{}: package \"{}\" {}; it is left out", base::printable(facts.path),
                                         base::printable(std::string_view(package.name).substr(0, 100)), fault));
  }
}

}  // namespace sbom
