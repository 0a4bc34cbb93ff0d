// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "sbom/layer_facts.hpp"
#include "sbom/purl.hpp"

namespace sbom {

namespace {

// The vendor as purls write it, where it is not the ID of os-release.
std::string purl_vendor(const model::Distribution& os) {
  if (os.id == "rhel") return "redhat";
  if (os.id == "sles" || os.id == "sled" || os.id == "sle_micro") return "suse";
  if (os.id.starts_with("opensuse")) return "opensuse";
  return base::to_lower(os.id);
}

std::string purl_distro(const model::Distribution& os) {
  const std::string& release = os.version.empty() ? os.codename : os.version;
  return release.empty() ? os.id : os.id + '-' + release;
}

// "name-version-release.src.rpm": an epoch is no part of the file name.
std::string source_rpm(const model::Package& package) {
  std::string_view version = package.source_version;
  if (const auto colon = version.find(':'); colon != std::string_view::npos) version.remove_prefix(colon + 1);
  return fmt::format("{}-{}.src.rpm", package.source, version);
}

std::string purl_upstream(const model::Package& package) {
  if (package.source.empty()) return {};
  if (package.type == "rpm") return package.source_version.empty() ? package.source : source_rpm(package);
  const bool same_version = package.source_version.empty() || package.source_version == package.version;
  if (same_version) return package.source == package.name ? std::string() : package.source;
  return package.source + '@' + package.source_version;
}

void add_os_parts(const model::Package& package, const std::optional<model::Distribution>& os, Purl& purl) {
  const auto add = [&](std::string_view key, std::string value) {
    if (!value.empty()) purl.qualifiers.emplace_back(key, std::move(value));
  };
  if (os && !os->id.empty()) purl.namespace_ = purl_vendor(*os);
  add("arch", package.arch);
  if (os && !os->id.empty()) add("distro", purl_distro(*os));
  if (package.type == "rpm") {
    const auto [epoch, rest] = base::cut(package.version, ":");
    if (!rest.empty() && base::is_digits(epoch)) {
      add("epoch", std::string(epoch));
      purl.version = rest;
    }
    add("rpmmod", package.modularity);
  }
  add("upstream", purl_upstream(package));
}

}  // namespace

Purl purl_of(const model::Package& package, const std::optional<model::Distribution>& os) {
  Purl purl;
  purl.type = package.type.empty() ? "generic" : package.type;
  purl.name = package.name;
  purl.version = package.version;
  const std::string& type = purl.type;
  const bool nested_name = type == "npm" || type == "golang" || type == "composer";
  if (type == "deb" || type == "rpm" || type == "apk" || type == "opkg") add_os_parts(package, os, purl);
  const auto separator = type == "maven" ? package.name.find(':') : nested_name ? package.name.rfind('/') : std::string::npos;
  if (separator != std::string::npos) {
    purl.namespace_ = package.name.substr(0, separator);
    purl.name = package.name.substr(separator + 1);
  }
  if (type == "golang" && purl.version == "(devel)") purl.version.clear();
  if (type == "conda" && !package.arch.empty()) purl.qualifiers.emplace_back("subdir", package.arch);
  // The type's own rules (case, PyPI names) are applied by reading the text back.
  auto normalised = parse_purl(to_text(purl));
  return normalised ? std::move(*normalised) : purl;
}

void fill_purls(model::Inventory& inventory) {
  for (auto& package : inventory.packages) package.purl = to_text(purl_of(package, inventory.os));
}

}  // namespace sbom
