// SPDX-License-Identifier: Apache-2.0
// Turns what a document says of a package into ours: our own fields first, then those of Syft and Trivy, then what the
// package URL carries.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.hpp"
#include "sbom/document_parts.hpp"
#include "sbom/purl.hpp"
#include "sbom/rpm_header.hpp"

namespace sbom {

namespace {

bool is_os_type(std::string_view type) { return type == "deb" || type == "apk" || type == "rpm" || type == "opkg"; }

std::string own_field(const DocumentProperties& properties, std::string_view key) {
  return std::string(property(properties, std::string(kFieldPrefix).append(key)));
}

std::string trivy_field(const DocumentProperties& properties, std::string_view key) {
  return std::string(property(properties, std::string("aquasecurity:trivy:").append(key)));
}

std::string first_of(std::string first, std::string_view second) { return first.empty() ? std::string(second) : std::move(first); }

// "group:artifact", "@scope/name", "vendor/name", however the document splits it.
std::string qualified_name(const DocumentPackage& entry, const Purl& purl) {
  if (is_os_type(purl.type) || entry.name.empty()) return first_of(entry.name, purl.name);
  const bool grouped = purl.type == "maven" || purl.type == "npm" || purl.type == "composer" || purl.type == "golang";
  const char separator = purl.type == "maven" ? ':' : '/';
  const std::string& group = entry.group.empty() && grouped && entry.name == purl.name ? purl.namespace_ : entry.group;
  if (group.empty() || entry.name.starts_with(group + separator)) return entry.name;
  return group + separator + entry.name;
}

// rpm writes no epoch 0; some tools keep the epoch in the package URL alone.
std::string normalised_version(const DocumentPackage& entry, const Purl& purl) {
  std::string version = first_of(entry.version, purl.version);
  const std::string_view epoch = purl.qualifier("epoch");
  const bool has_epoch = version.find(':') != std::string::npos;
  if ((purl.type == "rpm" || purl.type == "deb") && !has_epoch && base::is_digits(epoch) && epoch != "0" && !version.empty())
    version = fmt::format("{}:{}", epoch, version);
  if (purl.type == "rpm" && version.starts_with("0:")) version.erase(0, 2);
  return version;
}

void set_source_rpm(std::string_view file, model::Package& package) {
  const RpmSource source = split_source_rpm(file);
  if (source.name.empty()) return;
  package.source = source.name;
  package.source_version = source.version;
}

// Trivy: SrcName, SrcEpoch, SrcVersion, SrcRelease.
void set_trivy_source(const DocumentProperties& properties, model::Package& package) {
  package.source = trivy_field(properties, "SrcName");
  package.source_version = trivy_field(properties, "SrcVersion");
  if (package.source_version.empty()) return;
  if (const auto release = trivy_field(properties, "SrcRelease"); !release.empty()) package.source_version += '-' + release;
  const auto epoch = trivy_field(properties, "SrcEpoch");
  if (package.type != "rpm" && !epoch.empty() && epoch != "0") package.source_version = epoch + ':' + package.source_version;
}

// Trivy in SPDX: "built package from: openssl 3.0.11-1~deb12u2".
void set_source_info(std::string_view info, model::Package& package) {
  constexpr std::string_view kPrefix = "built package from: ";
  if (!info.starts_with(kPrefix)) return;
  const auto [name, version] = base::cut(info.substr(kPrefix.size()), " ");
  package.source = name;
  package.source_version = version;
  if (package.type != "rpm") return;
  const auto [epoch, rest] = base::cut(package.source_version, ":");
  if (base::is_digits(epoch) && !rest.empty()) package.source_version = std::string(rest);
}

void set_upstream(std::string_view upstream, model::Package& package) {
  if (package.type == "rpm") return set_source_rpm(upstream, package);
  const auto [name, version] = base::cut(upstream, "@");
  package.source = name;
  package.source_version = version;
}

// The source package of an OS package, from whoever names it; a deb or apk without one is its own source.
void set_source(const DocumentPackage& entry, const Purl& purl, model::Package& package) {
  const DocumentProperties& properties = entry.properties;
  set_trivy_source(properties, package);
  if (package.source.empty()) {
    package.source = first_of(std::string(property(properties, "syft:metadata:source")), property(properties, "syft:metadata:originPackage"));
    package.source_version = property(properties, "syft:metadata:sourceVersion");
  }
  if (package.source.empty()) set_source_rpm(property(properties, "syft:metadata:sourceRpm"), package);
  if (package.source.empty()) set_source_info(entry.source_info, package);
  if (package.source.empty()) set_upstream(purl.qualifier("upstream"), package);
  if (package.type == "rpm") return;
  if (package.source.empty()) package.source = package.name;
  if (package.source_version.empty()) package.source_version = package.version;
}

// A path relative to the root.
std::string document_path(std::string path) {
  path.erase(0, std::min(path.find_first_not_of('/'), path.size()));
  return path;
}

void set_from_others(const DocumentPackage& entry, const Purl& purl, model::Package& package) {
  const DocumentProperties& properties = entry.properties;
  package.type = purl.type;
  if (is_os_type(package.type)) {
    set_source(entry, purl, package);
    package.arch = first_of(std::string(purl.qualifier("arch")), property(properties, "syft:metadata:architecture"));
    package.vendor = entry.supplier;
  }
  if (package.type == "conda") package.arch = purl.qualifier("subdir");
  package.layer = first_of(trivy_field(properties, "LayerDiffID"), property(properties, "syft:location:0:layerID"));
  package.path = document_path(first_of(trivy_field(properties, "FilePath"), property(properties, "syft:location:0:path")));
  package.modularity = first_of(trivy_field(properties, "Modularitylabel"), property(properties, "syft:metadata:modularityLabel"));
  if (package.modularity.empty()) package.modularity = purl.qualifier("rpmmod");
  package.dev = entry.development || property(properties, "cdx:npm:package:development") == "true";
}

// Names that other tools give distributions, and what os-release calls them.
std::string distribution_id(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kNames{{
      {"redhat", "rhel"},
      {"alma", "almalinux"},
      {"rockylinux", "rocky"},
      {"amazon", "amzn"},
      {"amazonlinux", "amzn"},
      {"oracle", "ol"},
      {"oraclelinux", "ol"},
      {"cbl-mariner", "mariner"},
      {"opensuse.leap", "opensuse-leap"},
      {"opensuse.tumbleweed", "opensuse-tumbleweed"},
      {"suse linux enterprise server", "sles"},
      {"suse", "sles"},
  }};
  const std::string lower = base::to_lower(name);
  for (const auto& [theirs, ours] : kNames)
    if (lower == theirs) return std::string(ours);
  return lower;
}

// From "distro=debian-12", "distro=3.19.1", "distro=bookworm" or Docker Scout's os_name and os_version.
std::optional<model::Distribution> distribution_of(const Purl& purl) {
  model::Distribution os;
  if (const auto name = purl.qualifier("os_name"); !name.empty()) {
    os.id = distribution_id(name);
    os.version = purl.qualifier("os_version");
    os.codename = purl.qualifier("os_distro");
    return os;
  }
  const std::string_view distro = purl.qualifier("distro");
  if (distro.empty()) return std::nullopt;
  const auto starts_with_digit = [](std::string_view text) { return !text.empty() && text[0] >= '0' && text[0] <= '9'; };
  os.id = distribution_id(purl.namespace_);
  if (const auto [name, version] = base::cut_last(distro, "-"); starts_with_digit(version)) {
    os.id = distribution_id(name);
    os.version = version;
  } else if (starts_with_digit(distro)) {
    os.version = distro;
  } else if (base::equals_ignoring_case(distro, purl.namespace_)) {
    // rolling: no version
  } else {
    os.codename = distro;
  }
  if (os.id.empty()) return std::nullopt;
  return os;
}

}  // namespace

DocumentReader::DocumentReader(std::string_view document_name) : document_name_(base::printable(document_name)) {
  inventory_.artifact.name = document_name_;
  inventory_.artifact.type = "sbom";
}

void DocumentReader::set_artifact(std::string_view name, std::string_view digest, const DocumentProperties& properties) {
  model::Artifact& artifact = inventory_.artifact;
  if (!name.empty()) artifact.name = document_text(name);
  artifact.digest = first_of(own_field(properties, "artifact:digest"), digest);
  artifact.platform = own_field(properties, "artifact:platform");
  artifact.layers = property_values(properties, "bulwark:artifact:layer");
  if (artifact.layers.empty()) artifact.layers = property_values(properties, "aquasecurity:trivy:DiffID");
  inventory_.partial = own_field(properties, "partial") == "true";
  inventory_.warnings = property_values(properties, "bulwark:warning");
}

void DocumentReader::set_os(std::string_view name, std::string_view version, std::string_view description,
                            const DocumentProperties& properties) {
  if (name.empty() || inventory_.os) return;
  model::Distribution os;
  os.id = distribution_id(first_of(std::string(property(properties, "syft:distro:id")), name));
  os.version = first_of(std::string(property(properties, "syft:distro:versionID")), version);
  // "2 (Karoo)": Trivy keeps Amazon's code name in the version.
  if (os.id == "amzn") os.version = std::string(base::cut(os.version, " ").first);
  os.codename = first_of(own_field(properties, "os:codename"), property(properties, "syft:distro:versionCodename"));
  os.pretty_name = first_of(own_field(properties, "os:pretty_name"), property(properties, "syft:distro:prettyName"));
  if (os.pretty_name.empty()) os.pretty_name = document_text(description);
  os.like = property_values(properties, "bulwark:os:like");
  for (std::size_t i = 0; i < 10; ++i)
    if (const auto like = property(properties, fmt::format("syft:distro:idLike:{}", i)); !like.empty()) os.like.emplace_back(like);
  inventory_.os = std::move(os);
}

void DocumentReader::add(const DocumentPackage& entry) {
  const auto parsed = parse_purl(entry.purl);
  Purl purl = parsed ? *parsed : Purl();
  const std::string own_type = own_field(entry.properties, "type");
  if (!own_type.empty()) purl.type = own_type;
  // Images and whole products are no packages of an ecosystem.
  if (purl.type == "oci" || purl.type == "docker" || purl.type == "swid") return;
  if (purl.type.empty() || (entry.name.empty() && purl.name.empty())) {
    ++untyped_;
    return;
  }
  model::Package package;
  package.purl = entry.purl;
  package.name = qualified_name(entry, purl);
  if (!own_type.empty()) {
    package.version = entry.version;
    for (const PackageField& field : kPackageFields) package.*field.member = own_field(entry.properties, field.key);
    package.dev = own_field(entry.properties, "dev") == "true";
  } else {
    package.version = normalised_version(entry, purl);
    set_from_others(entry, purl, package);
    if (!inventory_.os && is_os_type(package.type)) inventory_.os = distribution_of(purl);
  }
  inventory_.packages.push_back(std::move(package));
}

model::Inventory DocumentReader::finish() {
  if (untyped_ > 0)
    inventory_.warnings.push_back(
        fmt::format("{}: {} packages have no package URL and are left out: their ecosystem is not known", document_name_, untyped_));
  for (auto& package : inventory_.packages)
    if (package.purl.empty()) package.purl = to_text(purl_of(package, inventory_.os));
  std::stable_sort(inventory_.packages.begin(), inventory_.packages.end(), [](const model::Package& a, const model::Package& b) {
    return std::tie(a.type, a.name, a.version, a.path) < std::tie(b.type, b.name, b.version, b.path);
  });
  return std::move(inventory_);
}

}  // namespace sbom
