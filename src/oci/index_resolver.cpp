// SPDX-License-Identifier: Apache-2.0
#include "oci/index_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "oci/local_reference.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

constexpr int kNestedIndexes = 8;

Result<std::string> read_verified_blob(const Descriptor& descriptor, std::size_t cap, const ReadBlob& read_blob,
                                       std::string_view what) {
  std::string bytes = TRY_CONTEXT(read_blob(descriptor.digest, cap), what);
  TRY(verify_digest(bytes, descriptor.digest, what));
  return bytes;
}

bool has_tag(const Descriptor& entry, std::string_view tag) {
  return names_image(entry.ref_name, tag) || names_image(entry.image_name, tag) || entry.digest.text() == tag;
}

std::string list_tags(const std::vector<Descriptor>& entries) {
  std::set<std::string> tags;
  for (const Descriptor& entry : entries)
    if (!entry.attestation)
      tags.insert(base::printable(entry.ref_name.empty() ? entry.digest.text() : entry.ref_name));
  std::string out;
  for (const std::string& tag : tags) {
    if (out.size() > 2000) return out + " …";
    out += out.empty() ? tag : ", " + tag;
  }
  return out;
}

// Keeps the entries that the tag means; without a tag, all if they carry one name.
Result<void> select_tag(Document& index, std::string_view tag, std::string_view what) {
  std::vector<Descriptor> kept;
  std::set<std::string_view> names;
  for (const Descriptor& entry : index.manifests) {
    if (entry.attestation || (!tag.empty() && !has_tag(entry, tag))) continue;
    kept.push_back(entry);
    names.insert(entry.ref_name);
  }
  if (kept.empty() && !tag.empty())
    return base::fail(Kind::not_found, fmt::format("{} has no image '{}'; there is: {}", what, base::printable(tag),
                                                   list_tags(index.manifests)));
  if (tag.empty() && names.size() > 1)
    return base::fail(Kind::invalid_input, fmt::format("{} has several images; add one of these behind a colon: {}", what,
                                                       list_tags(index.manifests)));
  index.manifests = std::move(kept);
  return {};
}

}  // namespace

Result<void> verify_digest(std::string_view bytes, const Digest& digest, std::string_view what) {
  base::Hasher hasher(digest.algorithm() == "sha512" ? base::Hasher::Algorithm::sha512 : base::Hasher::Algorithm::sha256);
  hasher.update(bytes);
  if (const std::string hex = hasher.hex(); hex != digest.hex())
    return base::fail(Kind::corrupt, fmt::format("{}: the blob {} has the digest {} instead", what, digest.text(), hex));
  return {};
}

Result<Image> resolve_index(std::string_view index_json, std::string_view tag, const std::optional<Platform>& platform,
                            std::string_view what, const ReadBlob& read_blob) {
  Document document = TRY(parse_document(index_json, "application/vnd.oci.image.index.v1+json", what));
  TRY(select_tag(document, tag, what));
  Digest digest;
  for (int depth = 0; document.is_index; ++depth) {
    if (depth == kNestedIndexes) return base::fail(Kind::too_large, fmt::format("{}: indexes nested too deeply", what));
    const Descriptor entry = TRY(pick_platform(document, platform, what));
    const std::string text = TRY(read_verified_blob(entry, kManifestCap, read_blob, what));
    document = TRY(parse_document(text, entry.media_type, what));
    digest = entry.digest;
  }
  const std::string config = TRY(read_verified_blob(document.config, kConfigCap, read_blob, what));
  Image image = TRY(assemble_image(document, config, what));
  image.digest = digest;
  return image;
}

}  // namespace oci
