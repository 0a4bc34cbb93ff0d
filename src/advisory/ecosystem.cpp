// SPDX-License-Identifier: Apache-2.0
#include "advisory/ecosystem.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace advisory {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kTypeEcosystems{{
    {"npm", "npm"},
    {"pypi", "PyPI"},
    {"golang", "Go"},
    {"maven", "Maven"},
    {"cargo", "crates.io"},
    {"gem", "RubyGems"},
    {"composer", "Packagist"},
    {"nuget", "NuGet"},
    {"pub", "Pub"},
    {"hex", "Hex"},
    {"cran", "CRAN"},
}};

constexpr std::array<std::string_view, 23> kDistributionEcosystems{
    "Debian",   "Ubuntu",   "Alpine",     "Alpaquita", "Wolfi",       "Chainguard",  "AlmaLinux", "Rocky Linux",
    "Red Hat",  "SUSE",     "openSUSE",   "openEuler", "Azure Linux", "Mariner",     "Photon OS", "Mageia",
    "Amazon Linux", "Oracle Linux", "MinimOS", "Echo", "Bottlerocket", "BellSoft Hardened Containers", "CleanStart"};

// "enterprise_linux:9::appstream" → "9". Other products (extended update support, middleware) have versions of
// their own and stay apart.
std::string red_hat_release(std::string_view cpe_tail) {
  constexpr std::string_view kProduct = "enterprise_linux:";
  if (cpe_tail.substr(0, kProduct.size()) != kProduct) return std::string(cpe_tail);
  const auto version = base::cut(cpe_tail.substr(kProduct.size()), ":").first;
  return std::string(base::cut(version, ".").first);
}

// "Linux Enterprise Module for Basesystem 15 SP5" → "15.5". Live patching and long term support are bought apart
// and stay under their full name.
std::string suse_release(std::string_view product) {
  constexpr std::string_view kServer = "Linux Enterprise Server ";
  constexpr std::string_view kModule = "Linux Enterprise Module for ";
  const bool is_module = product.substr(0, kModule.size()) == kModule && product.find("Live Patching") == std::string_view::npos;
  const bool is_server = product.substr(0, kServer.size()) == kServer;
  const auto digit = product.find_first_of("0123456789");
  if ((!is_module && !is_server) || digit == std::string_view::npos) return std::string(product);
  const std::string_view version = product.substr(digit);
  const auto [major, pack] = base::cut(version, " SP");
  if (base::is_digits(major) && base::is_digits(pack)) return std::string(major) + "." + std::string(pack);
  return base::is_digits(version) ? std::string(version) : std::string(product);
}

std::string pep503_name(std::string_view name) {
  std::string out;
  for (const char c : base::to_lower(name)) {
    const bool separator = c == '-' || c == '_' || c == '.';
    if (!separator)
      out += c;
    else if (out.empty() || out.back() != '-')
      out += '-';
  }
  return out;
}

std::string ubuntu_release(std::string_view release) {
  constexpr std::string_view kLongTerm = ":LTS";
  if (release.size() > kLongTerm.size() && release.substr(release.size() - kLongTerm.size()) == kLongTerm)
    release.remove_suffix(kLongTerm.size());
  return std::string(release);
}

}  // namespace

std::string canonical_ecosystem(std::string_view ecosystem) {
  const auto [family, release] = base::cut(ecosystem, ":");
  if (family == "Ubuntu") return "Ubuntu:" + ubuntu_release(release);
  if (family == "Red Hat") return "Red Hat:" + red_hat_release(release);
  if (family == "SUSE") return "SUSE:" + suse_release(release);
  if (ecosystem == "Azure Linux:1" || ecosystem == "Azure Linux:2") return "Mariner:" + std::string(release) + ".0";
  if (!is_distribution_ecosystem(ecosystem)) return std::string(family);
  return std::string(ecosystem);
}

std::string normalize_name(std::string_view ecosystem, std::string_view name) {
  if (ecosystem == "PyPI") return pep503_name(name);
  if (ecosystem == "NuGet" || ecosystem == "Packagist") return base::to_lower(name);
  return std::string(name);
}

std::string_view ecosystem_of_type(std::string_view purl_type) {
  for (const auto& [type, ecosystem] : kTypeEcosystems)
    if (type == purl_type) return ecosystem;
  return {};
}

bool is_distribution_ecosystem(std::string_view ecosystem) {
  const auto family = base::cut(ecosystem, ":").first;
  return std::find(kDistributionEcosystems.begin(), kDistributionEcosystems.end(), family) != kDistributionEcosystems.end();
}

}  // namespace advisory
