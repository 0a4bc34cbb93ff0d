// SPDX-License-Identifier: Apache-2.0
#include "advisory/distribution.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.hpp"

namespace advisory {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 17> kDebianCodenames{{
    {"buzz", "1.1"}, {"rex", "1.2"}, {"bo", "1.3"}, {"hamm", "2.0"}, {"slink", "2.1"}, {"potato", "2.2"},
    {"woody", "3.0"}, {"sarge", "3.1"}, {"etch", "4.0"}, {"lenny", "5"}, {"squeeze", "6"}, {"wheezy", "7"},
    {"jessie", "8"}, {"stretch", "9"}, {"buster", "10"}, {"bullseye", "11"}, {"bookworm", "12"},
}};
constexpr std::array<Pair, 4> kNewerDebianCodenames{{{"trixie", "13"}, {"forky", "14"}, {"duke", "15"}, {"sid", "sid"}}};

// How the release is cut out of VERSION_ID.
enum class ReleasePart { whole, major, major_minor, none };

struct DistributionRule {
  std::string_view id;         // os-release ID
  std::string_view ecosystem;  // what stands before the release
  ReleasePart part;
  std::string_view type;
  std::string_view label;
};

constexpr std::array<DistributionRule, 25> kDistributions{{
    {"debian", "Debian:", ReleasePart::major, "deb", "Debian"},
    {"ubuntu", "Ubuntu:", ReleasePart::major_minor, "deb", "Ubuntu"},
    {"alpine", "Alpine:v", ReleasePart::major_minor, "apk", "Alpine"},
    {"wolfi", "Wolfi", ReleasePart::none, "apk", "Wolfi"},
    {"chainguard", "Chainguard", ReleasePart::none, "apk", "Chainguard"},
    {"minimos", "MinimOS", ReleasePart::none, "apk", "MinimOS"},
    {"alpaquita", "Alpaquita:", ReleasePart::whole, "apk", "Alpaquita"},
    {"almalinux", "AlmaLinux:", ReleasePart::major, "rpm", "AlmaLinux"},
    {"rocky", "Rocky Linux:", ReleasePart::major, "rpm", "Rocky Linux"},
    {"rhel", "Red Hat:", ReleasePart::major, "rpm", "Red Hat Enterprise Linux"},
    {"redhat", "Red Hat:", ReleasePart::major, "rpm", "Red Hat Enterprise Linux"},
    {"centos", "Red Hat:", ReleasePart::major, "rpm", "CentOS"},
    {"ol", "Oracle Linux:", ReleasePart::major, "rpm", "Oracle Linux"},
    {"azurelinux", "Azure Linux:", ReleasePart::major, "rpm", "Azure Linux"},
    {"mariner", "Mariner:", ReleasePart::major_minor, "rpm", "CBL-Mariner"},
    {"sles", "SUSE:", ReleasePart::whole, "rpm", "SUSE Linux Enterprise Server"},
    {"sles_sap", "SUSE:", ReleasePart::whole, "rpm", "SUSE Linux Enterprise Server for SAP"},
    {"sle_hpc", "SUSE:", ReleasePart::whole, "rpm", "SUSE Linux Enterprise HPC"},
    {"opensuse-leap", "openSUSE:Leap ", ReleasePart::major_minor, "rpm", "openSUSE Leap"},
    {"opensuse-tumbleweed", "openSUSE:Tumbleweed", ReleasePart::none, "rpm", "openSUSE Tumbleweed"},
    {"photon", "Photon OS:", ReleasePart::major_minor, "rpm", "Photon OS"},
    {"amzn", "Amazon Linux:", ReleasePart::whole, "rpm", "Amazon Linux"},
    {"openeuler", "openEuler:", ReleasePart::whole, "rpm", "openEuler"},
    {"mageia", "Mageia:", ReleasePart::major, "rpm", "Mageia"},
    {"echo", "Echo", ReleasePart::none, "deb", "Echo"},
}};

std::string cut_release(std::string_view version, ReleasePart part) {
  const auto parts = base::split(version, '.');
  switch (part) {
    case ReleasePart::none: return {};
    case ReleasePart::whole: return std::string(version);
    case ReleasePart::major: return std::string(parts[0]);
    case ReleasePart::major_minor:
      return parts.size() < 2 ? std::string(version) : std::string(parts[0]) + "." + std::string(parts[1]);
  }
  return {};
}

Release debian_release(const model::Distribution& distribution) {
  std::string release = cut_release(distribution.version, ReleasePart::major);
  // Testing and unstable have no VERSION_ID; PRETTY_NAME says "trixie/sid".
  if (release.empty()) release = std::string(debian_release_of(base::cut(distribution.codename, "/").first));
  if (release.empty() && distribution.pretty_name.find("sid") != std::string::npos) release = "sid";
  // Releases before 5 were numbered with a point.
  if (distribution.version == "3.0" || distribution.version == "3.1" || distribution.version == "4.0") release = distribution.version;
  return {"Debian:" + release, "deb", "Debian " + release};
}

// Edge calls itself by the next release: "3.20.0_alpha20240329".
Release alpine_release(const model::Distribution& distribution) {
  if (distribution.version.find("_alpha") != std::string::npos || distribution.pretty_name.find("edge") != std::string::npos)
    return {"Alpine:edge", "apk", "Alpine edge"};
  const auto release = cut_release(distribution.version, ReleasePart::major_minor);
  return {"Alpine:v" + release, "apk", "Alpine " + release};
}

constexpr std::array<Pair, 59> kEndOfLife{{
    // Debian: end of long term support (wiki.debian.org/LTS).
    {"Debian:6", "2016-02-29"}, {"Debian:7", "2018-05-31"}, {"Debian:8", "2020-06-30"}, {"Debian:9", "2022-06-30"},
    {"Debian:10", "2024-06-30"}, {"Debian:11", "2026-08-31"}, {"Debian:12", "2028-06-30"}, {"Debian:13", "2030-06-30"},
    // Ubuntu: end of standard support (wiki.ubuntu.com/Releases).
    {"Ubuntu:12.04", "2017-04-28"}, {"Ubuntu:14.04", "2019-04-25"}, {"Ubuntu:16.04", "2021-04-30"},
    {"Ubuntu:18.04", "2023-05-31"}, {"Ubuntu:20.04", "2025-05-31"}, {"Ubuntu:22.04", "2027-04-30"},
    {"Ubuntu:22.10", "2023-07-20"}, {"Ubuntu:23.04", "2024-01-25"}, {"Ubuntu:23.10", "2024-07-11"},
    {"Ubuntu:24.04", "2029-04-30"}, {"Ubuntu:24.10", "2025-07-10"}, {"Ubuntu:25.04", "2026-01-15"},
    // Alpine: alpinelinux.org/releases.
    {"Alpine:v3.3", "2017-11-01"}, {"Alpine:v3.4", "2018-05-01"}, {"Alpine:v3.5", "2018-11-01"}, {"Alpine:v3.6", "2019-05-01"},
    {"Alpine:v3.7", "2019-11-01"}, {"Alpine:v3.8", "2020-05-01"}, {"Alpine:v3.9", "2020-11-01"}, {"Alpine:v3.10", "2021-05-01"},
    {"Alpine:v3.11", "2021-11-01"}, {"Alpine:v3.12", "2022-05-01"}, {"Alpine:v3.13", "2022-11-01"}, {"Alpine:v3.14", "2023-05-01"},
    {"Alpine:v3.15", "2023-11-01"}, {"Alpine:v3.16", "2024-05-23"}, {"Alpine:v3.17", "2024-11-22"}, {"Alpine:v3.18", "2025-05-09"},
    {"Alpine:v3.19", "2025-11-01"}, {"Alpine:v3.20", "2026-04-01"}, {"Alpine:v3.21", "2026-11-01"}, {"Alpine:v3.22", "2027-05-01"},
    // Enterprise Linux: end of maintenance support.
    {"AlmaLinux:8", "2029-03-01"}, {"AlmaLinux:9", "2032-05-31"}, {"AlmaLinux:10", "2035-05-31"},
    {"Rocky Linux:8", "2029-05-31"}, {"Rocky Linux:9", "2032-05-31"}, {"Red Hat:6", "2020-11-30"}, {"Red Hat:7", "2024-06-30"},
    {"Red Hat:8", "2029-05-31"}, {"Red Hat:9", "2032-05-31"},
    // Azure Linux and CBL-Mariner: learn.microsoft.com, Azure Linux support cycle.
    {"Mariner:1.0", "2023-07-31"}, {"Mariner:2.0", "2025-07-31"},
    // openSUSE Leap: en.opensuse.org/Lifetime.
    {"openSUSE:Leap 15.3", "2022-12-31"}, {"openSUSE:Leap 15.4", "2023-12-07"}, {"openSUSE:Leap 15.5", "2024-12-31"},
    {"openSUSE:Leap 15.6", "2026-04-30"},
    // Photon OS and Amazon Linux.
    {"Photon OS:3.0", "2024-03-01"}, {"Photon OS:4.0", "2026-03-01"}, {"Amazon Linux:2018.03", "2023-12-31"},
    {"Amazon Linux:2", "2026-06-30"},
}};

}  // namespace

Release release_of(const model::Distribution& distribution) {
  if (distribution.id == "debian") return debian_release(distribution);
  if (distribution.id == "alpine") return alpine_release(distribution);
  for (const auto& rule : kDistributions) {
    if (rule.id != distribution.id) continue;
    const auto release = cut_release(distribution.version, rule.part);
    // CentOS Stream and Linux tell the release alike; both are built from the sources of that enterprise release.
    return {std::string(rule.ecosystem) + release, std::string(rule.type), std::string(rule.label) + (release.empty() ? "" : " ") + release};
  }
  return {};
}

NameUse names_in(std::string_view ecosystem) {
  const auto family = base::cut(ecosystem, ":").first;
  if (family == "Debian" || family == "Ubuntu" || family == "Echo") return {true, false};
  if (family == "AlmaLinux" || family == "Rocky Linux" || family == "Red Hat" || family == "Amazon Linux" || family == "Oracle Linux")
    return {false, true};
  return {true, true};
}

std::string_view debian_release_of(std::string_view codename) {
  for (const auto& [name, release] : kDebianCodenames)
    if (name == codename) return release;
  for (const auto& [name, release] : kNewerDebianCodenames)
    if (name == codename) return release;
  return {};
}

std::string_view end_of_life(std::string_view ecosystem) {
  for (const auto& [release, date] : kEndOfLife)
    if (release == ecosystem) return date;
  return {};
}

}  // namespace advisory
