// SPDX-License-Identifier: Apache-2.0
#include "sbom/rpm_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "sbom/catalogers_os.hpp"

namespace sbom {

namespace {

constexpr std::uint32_t kRpmTypeInt32 = 4;
constexpr std::uint32_t kRpmTypeString = 6;
constexpr std::uint32_t kRpmTypeStringArray = 8;
constexpr std::uint32_t kRpmTypeI18nString = 9;

constexpr std::size_t kRpmIndexEntrySize = 16;
constexpr std::uint32_t kMaxRpmIndexEntries = 0xffff;  // librpm's own limit
constexpr std::size_t kMaxOwnedFiles = 4'000'000;
constexpr std::size_t kMaxOwnedPath = 4096;

bool is_rpm_string_type(std::uint32_t type) {
  return type == kRpmTypeString || type == kRpmTypeStringArray || type == kRpmTypeI18nString;
}

// The NUL-terminated string at `offset`; nothing where its end is missing.
std::optional<std::string_view> rpm_string_at(std::string_view data, std::size_t offset) {
  if (offset >= data.size()) return std::nullopt;
  const auto end = data.find('\0', offset);
  if (end == std::string_view::npos) return std::nullopt;
  return data.substr(offset, end - offset);
}

}  // namespace

base::Result<RpmHeader> RpmHeader::parse(std::string_view blob) {
  const base::ByteReader reader(blob);
  const auto entries = reader.be32(0);
  const auto data_size = reader.be32(4);
  if (!entries || !data_size) return base::fail(base::Kind::corrupt, "rpm header shorter than 8 bytes");
  if (*entries == 0 || *entries > kMaxRpmIndexEntries)
    return base::fail(base::Kind::corrupt, fmt::format("rpm header claims {} index entries", *entries));
  const std::uint64_t index_size = std::uint64_t{*entries} * kRpmIndexEntrySize;
  const auto index = reader.slice(8, index_size);
  const auto data = reader.slice(8 + index_size, *data_size);
  if (!index || !data)
    return base::fail(base::Kind::corrupt, fmt::format("rpm header of {} bytes claims {} index entries and {} bytes of data",
                                                       blob.size(), *entries, *data_size));
  return RpmHeader(*index, *data);
}

std::optional<RpmHeader::Entry> RpmHeader::find(RpmTag tag) const {
  for (std::size_t at = index_.size(); at >= kRpmIndexEntrySize; at -= kRpmIndexEntrySize) {
    const std::size_t entry = at - kRpmIndexEntrySize;
    if (index_.be32(entry) != static_cast<std::uint32_t>(tag)) continue;
    return Entry{*index_.be32(entry + 4), *index_.be32(entry + 8), *index_.be32(entry + 12)};
  }
  return std::nullopt;
}

std::string_view RpmHeader::text(RpmTag tag) const {
  const auto entry = find(tag);
  if (!entry || !is_rpm_string_type(entry->type) || entry->count == 0) return {};
  return rpm_string_at(data_.bytes(), entry->offset).value_or(std::string_view());
}

std::optional<std::uint32_t> RpmHeader::number(RpmTag tag) const {
  const auto entry = find(tag);
  if (!entry || entry->type != kRpmTypeInt32 || entry->count == 0) return std::nullopt;
  return data_.be32(entry->offset);
}

std::vector<std::string_view> RpmHeader::texts(RpmTag tag) const {
  std::vector<std::string_view> out;
  const auto entry = find(tag);
  if (!entry || entry->type != kRpmTypeStringArray) return out;
  std::size_t offset = entry->offset;
  for (std::uint32_t i = 0; i < entry->count; ++i) {
    const auto text = rpm_string_at(data_.bytes(), offset);
    if (!text) break;
    out.push_back(*text);
    offset += text->size() + 1;
  }
  return out;
}

std::vector<std::uint32_t> RpmHeader::numbers(RpmTag tag) const {
  std::vector<std::uint32_t> out;
  const auto entry = find(tag);
  if (!entry || entry->type != kRpmTypeInt32) return out;
  for (std::uint32_t i = 0; i < entry->count; ++i) {
    const auto value = data_.be32(entry->offset + std::uint64_t{i} * 4);
    if (!value) break;
    out.push_back(*value);
  }
  return out;
}

RpmSource split_source_rpm(std::string_view file) {
  for (std::string_view suffix : {".nosrc.rpm", ".src.rpm"}) {
    if (!file.ends_with(suffix)) continue;
    file.remove_suffix(suffix.size());
    const auto release = file.rfind('-');
    if (release == std::string_view::npos || release == 0) return {};
    const auto version = file.rfind('-', release - 1);
    if (version == std::string_view::npos || version == 0) return {};
    return {std::string(file.substr(0, version)), std::string(file.substr(version + 1))};
  }
  return {};
}

base::Result<model::Package> rpm_package(const RpmHeader& header) {
  model::Package package;
  package.type = "rpm";
  package.name = base::printable(header.text(RpmTag::name));
  if (package.name.empty()) return base::fail(base::Kind::corrupt, "rpm header without a name");
  const std::string_view version = header.text(RpmTag::version);
  if (version.empty())
    return base::fail(base::Kind::corrupt, fmt::format("rpm header of {} without a version", package.name));

  const std::uint32_t epoch = header.number(RpmTag::epoch).value_or(0);
  if (epoch != 0) package.version = fmt::format("{}:", epoch);
  package.version += base::printable(version);
  if (const auto release = header.text(RpmTag::release); !release.empty())
    package.version += '-' + base::printable(release);

  const RpmSource source = split_source_rpm(header.text(RpmTag::sourcerpm));
  package.source = base::printable(source.name);
  package.source_version = base::printable(source.version);
  package.arch = base::printable(header.text(RpmTag::arch));
  package.vendor = base::printable(header.text(RpmTag::vendor));
  package.modularity = base::printable(header.text(RpmTag::modularitylabel));
  return package;
}

void RpmOwnedFiles::add(const RpmHeader& header) {
  const auto folders = header.texts(RpmTag::dirnames);
  const auto names = header.texts(RpmTag::basenames);
  const auto folder_of = header.numbers(RpmTag::dirindexes);
  std::string path;
  for (std::size_t i = 0; i < std::min(names.size(), folder_of.size()); ++i) {
    if (folder_of[i] >= folders.size()) continue;
    const std::string_view folder = folders[folder_of[i]];
    const std::size_t length = folder.size() + names[i].size();
    if (length > kMaxOwnedPath) continue;  // no file system holds such a path
    if (length > text_left_ || fingerprints_.size() >= kMaxOwnedFiles) {
      truncated_ = true;
      return;
    }
    text_left_ -= length;
    path.assign(folder).append(names[i]);
    fingerprints_.push_back(path_fingerprint(path));
  }
}

std::vector<std::uint64_t> RpmOwnedFiles::take_sorted() {
  sort_unique(fingerprints_);
  return std::move(fingerprints_);
}

}  // namespace sbom
