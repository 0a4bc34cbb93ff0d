// SPDX-License-Identifier: Apache-2.0
// var/lib/rpmmanifest/container-manifest-2 of Azure Linux (CBL-Mariner) images without an rpm database: the output of
// rpm --query with one line a package (Azure Linux toolkit, docs/how_it_works/5_misc.md, "RPM Manifest File").
#include <fmt/format.h>

#include "base/text.hpp"
#include "sbom/rpm.hpp"
#include "sbom/rpm_header.hpp"

namespace sbom {

namespace {

enum RpmManifestColumn : std::size_t {
  kColumnName,
  kColumnVersionRelease,
  kColumnInstallTime,
  kColumnBuildTime,
  kColumnVendor,
  kColumnEpoch,
  kColumnSize,
  kColumnArch,
  kColumnEpochNumber,
  kColumnSourceRpm,
  kColumnCount,
};

}  // namespace

std::vector<model::Package> parse_rpm_manifest(std::string_view text, std::vector<std::string>& warnings) {
  std::vector<model::Package> packages;
  std::size_t wrong = 0;
  for (const std::string_view line : base::split_lines(text)) {
    if (base::trim(line).empty()) continue;
    const auto columns = base::split(line, '\t');
    // rpm writes "(none)" for a tag that the package has not.
    const auto column = [&](std::size_t index) {
      const std::string_view value = index < columns.size() ? base::trim(columns[index]) : std::string_view();
      return base::printable(value == "(none)" ? std::string_view() : value);
    };
    if (columns.size() <= kColumnArch || column(kColumnName).empty() || column(kColumnVersionRelease).empty()) {
      ++wrong;
      continue;
    }
    if (column(kColumnName) == "gpg-pubkey") continue;
    model::Package package;
    package.type = "rpm";
    package.name = column(kColumnName);
    const std::string epoch = column(kColumnEpoch);
    if (base::is_digits(epoch) && epoch.find_first_not_of('0') != std::string::npos) package.version = epoch + ':';
    package.version += column(kColumnVersionRelease);
    package.vendor = column(kColumnVendor);
    package.arch = column(kColumnArch);
    const RpmSource source = split_source_rpm(column(kColumnSourceRpm));
    package.source = source.name;
    package.source_version = source.version;
    packages.push_back(std::move(package));
  }
  if (wrong > 0) warnings.push_back(fmt::format("{} lines of the rpm manifest have not {} columns", wrong, std::size_t{kColumnCount}));
  return packages;
}

}  // namespace sbom
