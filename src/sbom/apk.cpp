// SPDX-License-Identifier: Apache-2.0
// The installed database of apk-tools (apk-installed of apk(5)): one letter, ':' and a value a line, blank line between
// packages. P name, V version, A architecture, o origin (source), F folder and R files in it.
#include "base/hash.hpp"
#include "base/text.hpp"
#include "sbom/catalogers_os.hpp"

namespace sbom {

namespace {

struct ApkReader {
  FileFacts facts;
  model::Package package;
  std::uint64_t folder = path_fingerprint("");  // of "folder/", to be continued with a file's name
  bool any = false;

  void line(std::string_view text) {
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    if (text.empty()) return finish_package();
    if (text.size() < 2 || text[1] != ':') return;
    const std::string_view value = text.substr(2);
    switch (text[0]) {
      case 'P': package.name = base::trim(value).substr(0, kFieldBytes + 1); any = true; break;
      case 'V': package.version = base::trim(value).substr(0, kFieldBytes + 1); any = true; break;
      case 'A': package.arch = base::trim(value).substr(0, kFieldBytes + 1); break;
      case 'o': package.source = base::trim(value).substr(0, kFieldBytes + 1); break;
      case 'F': folder = path_fingerprint(value.empty() ? std::string() : std::string(value) + '/'); break;
      case 'R': facts.owned.push_back(base::fnv1a(value, folder)); break;
      default: break;
    }
  }

  void finish_package() {
    if (any) {
      package.type = "apk";
      if (package.source.empty()) package.source = package.name;
      package.source_version = package.version;
      add_os_package(std::move(package), facts);
    }
    package = {};
    folder = path_fingerprint("");
    any = false;
  }
};

bool wants_apk(const FileHead& file) { return ends_with_path(file.path, "lib/apk/db/installed"); }

base::Result<FileFacts> catalog_apk(std::span<const File> files) {
  ApkReader reader;
  reader.facts.path = files[0].path;
  std::string_view rest = files[0].content;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    reader.line(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  reader.finish_package();
  sort_unique(reader.facts.owned);
  if (!reader.facts.packages.empty()) reader.facts.manager = "apk";
  return std::move(reader.facts);
}

}  // namespace

constinit const Cataloger kApkCataloger{"apk", 1, 64u << 20, false, wants_apk, catalog_apk, true};

}  // namespace sbom
