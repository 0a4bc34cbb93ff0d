// SPDX-License-Identifier: Apache-2.0
#include "advisory/version.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

struct Order {
  std::strong_ordering (*compare)(std::string_view, std::string_view);
  bool (*is_valid)(std::string_view);
};

const Order& order_of(Scheme scheme) {
  static constexpr Order kSemver = {compare_semver, is_semver_version};
  static constexpr std::array<Order, 14> kOrders = {{
      {compare_dpkg, is_dpkg_version},            // debian
      {compare_rpm, is_rpm_version},              // rpm
      {compare_apk, is_apk_version},              // alpine
      kSemver,                                    // semver
      {compare_golang, is_golang_version},        // golang
      {compare_pypi, is_pypi_version},            // pypi
      {compare_maven, is_maven_version},          // maven
      {compare_gem, is_gem_version},              // rubygems
      {compare_nuget, is_nuget_version},          // nuget
      {compare_packagist, is_packagist_version},  // packagist
      {compare_pub, is_pub_version},              // pub
      kSemver,                                    // hex
      {compare_cran, is_cran_version},            // cran
      {compare_hackage, is_hackage_version},      // hackage
  }};
  return kOrders[static_cast<std::size_t>(scheme)];
}

struct EcosystemScheme {
  std::string_view ecosystem;  // lower case, no suffix
  Scheme scheme;
};

constexpr std::array kEcosystems = std::to_array<EcosystemScheme>({
    {"debian", Scheme::debian},
    {"ubuntu", Scheme::debian},
    {"echo", Scheme::debian},
    {"deb", Scheme::debian},
    {"dpkg", Scheme::debian},
    {"opkg", Scheme::debian},
    {"rpm", Scheme::rpm},
    {"red hat", Scheme::rpm},
    {"redhat", Scheme::rpm},
    {"rhel", Scheme::rpm},
    {"centos", Scheme::rpm},
    {"fedora", Scheme::rpm},
    {"almalinux", Scheme::rpm},
    {"rocky linux", Scheme::rpm},
    {"rocky", Scheme::rpm},
    {"oracle linux", Scheme::rpm},
    {"amazon linux", Scheme::rpm},
    {"azure linux", Scheme::rpm},
    {"azurelinux", Scheme::rpm},
    {"mariner", Scheme::rpm},
    {"cbl-mariner", Scheme::rpm},
    {"photon os", Scheme::rpm},
    {"photon", Scheme::rpm},
    {"suse", Scheme::rpm},
    {"opensuse", Scheme::rpm},
    {"openeuler", Scheme::rpm},
    {"mageia", Scheme::rpm},
    {"alpine", Scheme::alpine},
    {"apk", Scheme::alpine},
    {"wolfi", Scheme::alpine},
    {"chainguard", Scheme::alpine},
    {"alpaquita", Scheme::alpine},
    {"minimos", Scheme::alpine},
    {"bellsoft hardened containers", Scheme::alpine},
    {"semver", Scheme::semver},
    {"npm", Scheme::semver},
    {"crates.io", Scheme::semver},
    {"cargo", Scheme::semver},
    {"swifturl", Scheme::semver},
    {"swift", Scheme::semver},
    {"bitnami", Scheme::semver},
    {"bioconductor", Scheme::semver},
    {"conancenter", Scheme::semver},
    {"conan", Scheme::semver},
    {"julia", Scheme::semver},
    {"ghc", Scheme::semver},
    {"github actions", Scheme::semver},
    {"docker hardened images", Scheme::semver},
    {"go", Scheme::golang},
    {"golang", Scheme::golang},
    {"pypi", Scheme::pypi},
    {"maven", Scheme::maven},
    {"rubygems", Scheme::rubygems},
    {"gem", Scheme::rubygems},
    {"nuget", Scheme::nuget},
    {"packagist", Scheme::packagist},
    {"composer", Scheme::packagist},
    {"pub", Scheme::pub},
    {"hex", Scheme::hex},
    {"cran", Scheme::cran},
    {"hackage", Scheme::hackage},
});

}  // namespace

std::optional<Scheme> scheme_of(std::string_view ecosystem) {
  const std::string_view name = trim_ascii(ecosystem.substr(0, ecosystem.find(':')));
  for (const EcosystemScheme& known : kEcosystems) {
    if (name.size() == known.ecosystem.size() && starts_with_ignoring_case(name, known.ecosystem)) return known.scheme;
  }
  return std::nullopt;
}

std::strong_ordering compare_versions(Scheme scheme, std::string_view a, std::string_view b) {
  if (a == b) return std::strong_ordering::equal;
  return order_of(scheme).compare(a, b);
}

bool is_valid_version(Scheme scheme, std::string_view version) { return order_of(scheme).is_valid(version); }

}  // namespace advisory
