// SPDX-License-Identifier: Apache-2.0
// The distribution of an image: os-release(5), and for images without it lsb-release, alpine-release, the Red Hat family's
// one-line files and debian_version.
#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "sbom/catalogers_os.hpp"

namespace sbom {

namespace {

constexpr std::size_t kOsFieldBytes = 256;

struct OsReleaseFile {
  std::string_view path;
  void (*read)(std::string_view text, model::Distribution& os);
};

// A value as a shell reads it: single quotes keep all, double quotes and bare words know the backslash.
std::string unquote_os_value(std::string_view text) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < text.size() && out.size() < kOsFieldBytes; ++i) {
    const char c = text[i];
    if (c == quote && quote != 0) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      const char next = text[++i];
      if (quote == '"' && std::string_view("\"$\\`").find(next) == std::string_view::npos) out += c;
      out += next;
    } else {
      out += c;
    }
  }
  return out;
}

template <typename Take>
void for_each_assignment(std::string_view text, Take take) {
  for (std::string_view line : base::split_lines(text)) {
    line = base::trim(line);
    const auto equals = line.find('=');
    if (line.empty() || line[0] == '#' || equals == std::string_view::npos) continue;
    take(base::trim(line.substr(0, equals)), unquote_os_value(base::trim(line.substr(equals + 1))));
  }
}

void read_os_release(std::string_view text, model::Distribution& os) {
  std::string name;
  for_each_assignment(text, [&](std::string_view key, std::string value) {
    if (key == "ID") os.id = base::to_lower(value);
    else if (key == "NAME") name = std::move(value);
    else if (key == "VERSION_ID") os.version = std::move(value);
    else if (key == "VERSION_CODENAME") os.codename = std::move(value);
    else if (key == "PRETTY_NAME") os.pretty_name = std::move(value);
    else if (key == "ID_LIKE") {
      os.like.clear();
      for (std::string_view word : base::split(value, ' '))
        if (!word.empty()) os.like.push_back(base::to_lower(word));
    }
  });
  if (os.pretty_name.empty()) os.pretty_name = name;
  if (os.id.empty() && !name.empty()) os.id = "linux";  // the default that os-release(5) names
}

void read_lsb_release(std::string_view text, model::Distribution& os) {
  for_each_assignment(text, [&](std::string_view key, std::string value) {
    if (key == "DISTRIB_ID") os.id = base::to_lower(value);
    else if (key == "DISTRIB_RELEASE") os.version = std::move(value);
    else if (key == "DISTRIB_CODENAME") os.codename = std::move(value);
    else if (key == "DISTRIB_DESCRIPTION") os.pretty_name = std::move(value);
  });
}

std::string_view first_line_of(std::string_view text) {
  return base::trim(text.substr(0, text.find('\n'))).substr(0, kOsFieldBytes);
}

void read_alpine_release(std::string_view text, model::Distribution& os) {
  const std::string_view version = first_line_of(text);
  if (version.empty()) return;
  os.id = "alpine";
  os.version = version;
  os.pretty_name = "Alpine Linux " + os.version;
}

struct VendorName {
  std::string_view prefix, id;
};

constexpr VendorName kVendorNames[] = {
    {"Red Hat Enterprise Linux", "rhel"}, {"CentOS", "centos"},         {"Fedora", "fedora"},
    {"AlmaLinux", "almalinux"},           {"Rocky Linux", "rocky"},     {"Oracle Linux", "ol"},
    {"Amazon Linux", "amzn"},             {"Scientific", "scientific"}, {"CBL-Mariner", "mariner"},
    {"Mariner", "mariner"},               {"Microsoft Azure Linux", "azurelinux"}, {"VMware Photon", "photon"},
    {"Photon", "photon"},                 {"SUSE Linux Enterprise Server", "sles"}, {"openSUSE", "opensuse"},
    {"EuroLinux", "eurolinux"},           {"openEuler", "openeuler"},   {"Virtuozzo", "virtuozzo"},
};

// "CentOS Linux release 7.9.2009 (Core)": the vendor's name in front, the first word that starts with a digit is the
// version, of which os-release would hold two parts.
void read_vendor_release(std::string_view text, model::Distribution& os) {
  const std::string_view line = first_line_of(text);
  const auto vendor = std::find_if(std::begin(kVendorNames), std::end(kVendorNames),
                                   [&](const VendorName& name) { return line.starts_with(name.prefix); });
  if (vendor == std::end(kVendorNames)) return;
  os.id = vendor->id;
  os.pretty_name = line;
  for (std::string_view word : base::split(line, ' ')) {
    if (word.empty() || word[0] < '0' || word[0] > '9') continue;
    const auto minor = word.find('.');
    os.version = word.substr(0, minor == std::string_view::npos ? minor : word.find('.', minor + 1));
    break;
  }
}

// "12.5", or "trixie/sid" in testing and unstable alike.
void read_debian_version(std::string_view text, model::Distribution& os) {
  const std::string_view line = first_line_of(text);
  if (line.empty()) return;
  os.id = "debian";
  os.pretty_name = "Debian GNU/Linux " + std::string(line);
  if (line[0] >= '0' && line[0] <= '9')
    os.version = line.substr(0, line.find('.'));
  else
    os.codename = line.substr(0, line.find('/'));
}

// Best first. Fedora's variants keep the file that usr/lib/os-release links to in os.release.d.
constexpr OsReleaseFile kOsReleaseFiles[] = {
    {"etc/os-release", read_os_release},          {"usr/lib/os-release", read_os_release},
    {"usr/lib/os.release.d", read_os_release},    {"etc/lsb-release", read_lsb_release},
    {"usr/lib/lsb-release", read_lsb_release},    {"etc/openwrt_release", read_lsb_release},
    {"etc/alpine-release", read_alpine_release},  {"etc/almalinux-release", read_vendor_release},
    {"etc/rocky-release", read_vendor_release},   {"etc/oracle-release", read_vendor_release},
    {"etc/centos-release", read_vendor_release},  {"etc/fedora-release", read_vendor_release},
    {"etc/mariner-release", read_vendor_release}, {"etc/azurelinux-release", read_vendor_release},
    {"etc/photon-release", read_vendor_release},  {"etc/SuSE-release", read_vendor_release},
    {"etc/redhat-release", read_vendor_release},  {"etc/system-release", read_vendor_release},
    {"etc/debian_version", read_debian_version},
};

std::size_t os_release_index(std::string_view path) {
  const auto at = std::find_if(std::begin(kOsReleaseFiles), std::end(kOsReleaseFiles), [&](const OsReleaseFile& file) {
    return file.path == path || (file.path.ends_with(".d") && parent_path(path) == file.path);
  });
  return static_cast<std::size_t>(at - std::begin(kOsReleaseFiles));
}

bool wants_os_release(const FileHead& file) { return os_release_index(file.path) < std::size(kOsReleaseFiles); }

base::Result<FileFacts> catalog_os_release(std::span<const File> files) {
  FileFacts facts;
  facts.path = files[0].path;
  const std::size_t index = os_release_index(facts.path);
  if (index == std::size(kOsReleaseFiles)) return facts;
  model::Distribution os;
  kOsReleaseFiles[index].read(files[0].content, os);
  if (!os.id.empty()) facts.os = std::move(os);
  return facts;
}

struct DebianRelease {
  std::string_view version, codename;
};

constexpr DebianRelease kDebianReleases[] = {{"7", "wheezy"},    {"8", "jessie"},    {"9", "stretch"},
                                             {"10", "buster"},   {"11", "bullseye"}, {"12", "bookworm"},
                                             {"13", "trixie"},   {"14", "forky"},    {"15", "duke"}};

}  // namespace

int os_release_rank(std::string_view path) { return static_cast<int>(os_release_index(path)); }

void complete_debian_release(model::Distribution& os) {
  if (os.id != "debian") return;
  for (const auto& release : kDebianReleases) {
    if (os.version.empty() && os.codename == release.codename) os.version = release.version;
    if (os.codename.empty() && os.version == release.version) os.codename = release.codename;
  }
}

constinit const Cataloger kOsReleaseCataloger{"os-release", 1, 64u << 10, false, wants_os_release, catalog_os_release};

}  // namespace sbom
