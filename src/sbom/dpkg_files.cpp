// SPDX-License-Identifier: Apache-2.0
// Which files dpkg and opkg packages own: info/<package>.list (one path a line, folders too; opkg adds tab-separated
// columns) and, in distroless images, status.d/<package>.md5sums ("<32 hex>  <path>").
#include <optional>

#include "base/text.hpp"
#include "sbom/catalogers_os.hpp"

namespace sbom {

namespace {

bool is_opkg_list(std::string_view path) {
  return path.ends_with(".list") && ends_with_path(parent_path(path), "lib/opkg/info");
}

bool is_dpkg_list(std::string_view path) {
  return path.ends_with(".list") && ends_with_path(parent_path(path), "lib/dpkg/info");
}

bool is_md5sums(std::string_view path) {
  return path.ends_with(".md5sums") && ends_with_path(parent_path(path), "lib/dpkg/status.d");
}

bool wants_dpkg_files(const FileHead& file) {
  return is_dpkg_list(file.path) || is_opkg_list(file.path) || is_md5sums(file.path);
}

std::string_view owned_path_of_line(std::string_view line, bool md5sums) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (!md5sums) return line.substr(0, line.find('\t'));
  constexpr std::size_t kSumBytes = 32;
  if (line.size() < kSumBytes + 3 || line[kSumBytes] != ' ') return {};
  return line.substr(kSumBytes + 2);
}

base::Result<FileFacts> catalog_dpkg_files(std::span<const File> files) {
  FileFacts facts;
  facts.path = files[0].path;
  const bool md5sums = is_md5sums(facts.path);
  std::string_view rest = files[0].content;
  std::string_view previous;
  const auto add = [&](std::string_view path) {
    // A folder stands right before what is in it, and owning folders tells nothing.
    const bool folder = path.starts_with(previous) && path.size() > previous.size() && path[previous.size()] == '/';
    if (!previous.empty() && !folder) facts.owned.push_back(path_fingerprint(previous));
    previous = path;
  };
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const std::string_view path = owned_path_of_line(rest.substr(0, end), md5sums);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (path.size() > 1 && path != "/.") add(path);
  }
  add({});
  sort_unique(facts.owned);
  if (!facts.owned.empty()) facts.manager = is_opkg_list(facts.path) ? "opkg" : "dpkg";
  return facts;
}

}  // namespace

constinit const Cataloger kDpkgFilesCataloger{"dpkg-files", 1, 16u << 20, false, wants_dpkg_files, catalog_dpkg_files};

}  // namespace sbom
