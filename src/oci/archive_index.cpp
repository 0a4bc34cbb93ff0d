// SPDX-License-Identifier: Apache-2.0
#include "oci/archive_index.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "oci/index_resolver.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

constexpr std::size_t kDocumentsInAll = 32u << 20;
constexpr int kLinkHops = 8;

std::string link_from_root(const TarEntry& entry) {
  if (entry.type != TarEntry::Type::symlink) return entry.link;
  if (!entry.link.empty() && entry.link[0] == '/') return normalise_path(entry.link);
  const auto folder = base::cut_last(entry.path, "/");
  const bool at_root = folder.second.empty();
  return normalise_path(at_root ? entry.link : fmt::format("{}/{}", folder.first, entry.link));
}

}  // namespace

TarLimits ArchiveIndex::limits() {
  TarLimits limits;
  limits.entries = 50'000;
  limits.path_bytes = 1'024;
  return limits;
}

Result<bool> ArchiveIndex::begin(const TarEntry& entry) {
  Member member{entry.type, entry.data_offset, entry.size, ""};
  const bool is_link = entry.type == TarEntry::Type::symlink || entry.type == TarEntry::Type::hard_link;
  if (is_link) member.link = link_from_root(entry);
  members_[entry.path] = std::move(member);
  if (!keep_documents_ || entry.type != TarEntry::Type::file || entry.size > kConfigCap) return false;
  current_ = entry.path;
  current_is_document_ = false;
  documents_.erase(current_);
  return true;
}

Result<void> ArchiveIndex::data(std::string_view chunk) {
  // The first byte tells JSON from tar, gzip and zstd.
  if (documents_.find(current_) == documents_.end()) current_is_document_ = chunk[0] == '{' || chunk[0] == '[';
  std::string& text = documents_[current_];
  if (!current_is_document_) return {};
  document_bytes_ += chunk.size();
  if (document_bytes_ > kDocumentsInAll)
    return base::fail(Kind::too_large, fmt::format("more than {} bytes of JSON documents", kDocumentsInAll));
  text += chunk;
  return {};
}

std::optional<std::string> ArchiveIndex::find_file(std::string_view name) const {
  std::string path = normalise_path(name);
  for (int hop = 0; hop < kLinkHops; ++hop) {
    const Member* found = member(path);
    if (!found) return std::nullopt;
    if (found->type == TarEntry::Type::file) return path;
    if (found->link.empty()) return std::nullopt;
    path = found->link;
  }
  return std::nullopt;
}

const ArchiveIndex::Member* ArchiveIndex::member(const std::string& name) const {
  const auto found = members_.find(name);
  return found == members_.end() ? nullptr : &found->second;
}

const std::string* ArchiveIndex::document(const std::string& name) const {
  const auto found = documents_.find(name);
  return found == documents_.end() || found->second.empty() ? nullptr : &found->second;
}

}  // namespace oci
