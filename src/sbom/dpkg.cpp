// SPDX-License-Identifier: Apache-2.0
// The status database of dpkg (deb-control(5), dpkg(1) "Package states") and of opkg, which has the same shape.
#include <algorithm>

#include "base/text.hpp"
#include "sbom/catalogers_os.hpp"

namespace sbom {

namespace {

struct DpkgStanza {
  std::string_view package, status, version, architecture, source, maintainer, origin;
  bool has_status = false;
};

void read_dpkg_field(std::string_view line, DpkgStanza& stanza) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = base::trim(line.substr(0, colon));
  const std::string_view value = base::trim(line.substr(colon + 1)).substr(0, kFieldBytes + 1);
  const auto is = [&](std::string_view wanted) { return base::equals_ignoring_case(name, wanted); };
  if (is("Package")) stanza.package = value;
  else if (is("Version")) stanza.version = value;
  else if (is("Architecture")) stanza.architecture = value;
  else if (is("Source")) stanza.source = value;
  else if (is("Maintainer")) stanza.maintainer = value;
  else if (is("Origin")) stanza.origin = value;
  else if (is("Status")) {
    stanza.status = value;
    stanza.has_status = true;
  }
}

// Takes the next stanza off the front of `rest`; false at the end. Continuation lines are of no interest here.
bool next_dpkg_stanza(std::string_view& rest, DpkgStanza& stanza) {
  stanza = {};
  bool any = false;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (base::trim(line).empty()) {
      if (any) return true;
    } else {
      any = true;
      if (line[0] != ' ' && line[0] != '\t' && line[0] != '#') read_dpkg_field(line, stanza);
    }
  }
  return any;
}

// The third word of Status is what is on the disk; the first is only a wish. Packages whose files are unpacked count.
// Without the field (status.d) the package is installed.
bool has_installed_files(const DpkgStanza& stanza) {
  if (!stanza.has_status) return true;
  constexpr std::string_view kPresent[] = {"installed", "unpacked", "half-configured", "triggers-awaited",
                                           "triggers-pending"};
  const auto [want, rest] = base::cut(stanza.status, " ");
  const auto [flag, state] = base::cut(base::trim(rest), " ");
  return std::find(std::begin(kPresent), std::end(kPresent), base::trim(state)) != std::end(kPresent);
}

// "name" or "name (version)"; the package's own where the field does not say.
void set_dpkg_source(const DpkgStanza& stanza, model::Package& package) {
  auto [name, version] = base::cut(stanza.source, "(");
  version = version.substr(0, version.find(')'));
  package.source = base::trim(name).empty() ? package.name : std::string(base::trim(name));
  package.source_version = base::trim(version).empty() ? package.version : std::string(base::trim(version));
}

base::Result<FileFacts> read_dpkg_status(const File& file, std::string_view type, std::string_view manager) {
  FileFacts facts;
  facts.path = file.path;
  std::string_view rest = file.content;
  DpkgStanza stanza;
  while (next_dpkg_stanza(rest, stanza)) {
    if (stanza.package.empty() || !has_installed_files(stanza)) continue;
    model::Package package;
    package.type = type;
    package.name = stanza.package;
    package.version = stanza.version;
    package.arch = stanza.architecture;
    package.vendor = (stanza.origin.empty() ? stanza.maintainer : stanza.origin).substr(0, kFieldBytes);
    set_dpkg_source(stanza, package);
    add_os_package(std::move(package), facts);
  }
  if (!facts.packages.empty()) facts.manager = manager;
  return facts;
}

bool wants_dpkg(const FileHead& file) {
  if (ends_with_path(file.path, "lib/dpkg/status")) return true;
  return ends_with_path(parent_path(file.path), "lib/dpkg/status.d") && !file.path.ends_with(".md5sums");
}

bool wants_opkg(const FileHead& file) { return ends_with_path(file.path, "lib/opkg/status"); }

base::Result<FileFacts> catalog_dpkg(std::span<const File> files) { return read_dpkg_status(files[0], "deb", "dpkg"); }
base::Result<FileFacts> catalog_opkg(std::span<const File> files) { return read_dpkg_status(files[0], "opkg", "opkg"); }

}  // namespace

constinit const Cataloger kDpkgCataloger{"dpkg", 1, 64u << 20, false, wants_dpkg, catalog_dpkg, true};
constinit const Cataloger kOpkgCataloger{"opkg", 1, 64u << 20, false, wants_opkg, catalog_opkg, true};

}  // namespace sbom
