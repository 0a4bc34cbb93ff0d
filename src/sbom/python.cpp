// SPDX-License-Identifier: Apache-2.0
// Installed Python distributions: the core metadata (packaging.python.org, "Core metadata specifications") in
// *.dist-info (PEP 376, 427), *.egg-info and EGG-INFO (setuptools), and in wheels and eggs as they were downloaded.
#include <algorithm>

#include "base/text.hpp"
#include "base/zip.hpp"
#include "sbom/catalogers_installed.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxPythonFile = 256u << 20;
constexpr std::size_t kMaxPythonMetadata = 16u << 20;
constexpr std::size_t kMaxPythonMetadataFiles = 64;  // of one wheel or egg
constexpr std::size_t kMaxPythonHeaderLines = 10'000;

bool is_python_zip(std::string_view path) { return path.ends_with(".whl") || path.ends_with(".egg"); }

// Metadata that is a file of its own, or as it is named within an archive.
bool is_python_metadata(std::string_view path) {
  return path.ends_with(".dist-info/METADATA") || path.ends_with(".egg-info/PKG-INFO") ||
         path.ends_with("EGG-INFO/PKG-INFO");
}

bool wants_python(const FileHead& file) {
  return is_python_metadata(file.path) || file.path.ends_with(".egg-info") || is_python_zip(file.path);
}

// The first Name and Version of the header; nothing where one of them is missing.
std::optional<model::Package> read_python_metadata(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  model::Package package;
  package.type = "pypi";
  for (std::size_t lines = 0; !text.empty() && lines < kMaxPythonHeaderLines; ++lines) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (base::trim(line).empty()) break;                  // the description follows
    if (line.front() == ' ' || line.front() == '\t') continue;  // folded
    const auto [key, value] = base::cut(line, ":");
    if (package.name.empty() && base::equals_ignoring_case(base::trim(key), "name")) package.name = base::trim(value);
    if (package.version.empty() && base::equals_ignoring_case(base::trim(key), "version")) {
      package.version = base::trim(value);
    }
    if (!package.name.empty() && !package.version.empty()) return package;
  }
  return std::nullopt;
}

// A wheel's own metadata lies one folder deep; deeper ones belong to what it carries along and are listed with a path.
base::Result<void> catalog_python_zip(const File& file, FileFacts& facts) {
  const auto zip = TRY_CONTEXT(base::ZipReader::open(file.content), file.path);
  std::size_t found = 0;
  for (const base::ZipEntry& entry : zip.entries()) {
    if (!is_python_metadata(entry.name)) continue;
    if (++found > kMaxPythonMetadataFiles) {
      facts.warnings.push_back(file.path + ": more than 64 metadata files, the rest was left out");
      break;
    }
    const auto text = zip.read(entry, kMaxPythonMetadata);
    if (!text) {
      facts.warnings.push_back(file.path + ": " + base::printable(entry.name) +
                               " was left out: " + text.error().message);
      continue;
    }
    auto package = read_python_metadata(*text);
    if (!package) continue;
    if (std::count(entry.name.begin(), entry.name.end(), '/') > 1) {
      package->path = file.path + "!/" + base::printable(entry.name);
    }
    add_package(facts, std::move(*package));
  }
  return {};
}

base::Result<FileFacts> catalog_python(std::span<const File> files) {
  const File& file = files.front();
  FileFacts facts;
  facts.path = file.path;
  if (is_python_zip(file.path)) {
    if (file.content.empty()) return facts;  // placeholders are common in test trees
    TRY(catalog_python_zip(file, facts));
  } else if (auto package = read_python_metadata(file.content)) {
    add_package(facts, std::move(*package));
  }
  return facts;
}

}  // namespace

Cataloger python_cataloger() {
  return {.name = "python",
          .version = 1,
          .cap = kMaxPythonFile,
          .grouped = false,
          .wants = wants_python,
          .catalog = catalog_python};
}

}  // namespace sbom
