// SPDX-License-Identifier: Apache-2.0
#include "oci/saved_manifest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "oci/local_reference.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

constexpr std::size_t kSavedLayers = 10'000;

std::vector<std::string> string_list(const base::JsonArray& values) {
  std::vector<std::string> out;
  for (const base::Json& value : values) out.emplace_back(base::as_string(value));
  return out;
}

std::string list_saved_tags(const std::vector<SavedImage>& images) {
  std::vector<std::string> names;
  for (const SavedImage& image : images) {
    if (image.tags.empty()) names.push_back(base::printable(base::cut(base::basename(image.config), ".").first));
    for (const std::string& tag : image.tags) names.push_back(base::printable(tag));
  }
  if (names.size() > 50) names.resize(50);
  return base::join(names, ", ");
}

}  // namespace

Result<SavedImage> pick_saved_image(std::string_view manifest_json, std::string_view tag, std::string_view what) {
  const base::Json json = TRY(base::parse_json(manifest_json, fmt::format("{}: manifest.json", what)));
  std::vector<SavedImage> images;
  if (const auto* entries = json.if_array()) {
    for (const base::Json& entry : *entries) {
      SavedImage image{std::string(base::get_string(entry, "Config")), string_list(base::get_array(entry, "RepoTags")),
                       string_list(base::get_array(entry, "Layers"))};
      if (image.config.empty() || image.layers.size() > kSavedLayers)
        return base::fail(Kind::invalid_input, fmt::format("{}: manifest.json has an entry that is no image", what));
      images.push_back(std::move(image));
    }
  }
  if (images.empty()) return base::fail(Kind::not_found, fmt::format("{}: manifest.json lists no image", what));
  if (tag.empty() && images.size() > 1)
    return base::fail(Kind::invalid_input, fmt::format("{} has several images; add one of these behind a colon: {}", what,
                                                       list_saved_tags(images)));
  if (tag.empty()) return images.front();
  for (const SavedImage& image : images) {
    const bool tagged = std::any_of(image.tags.begin(), image.tags.end(),
                                    [&](const std::string& repo_tag) { return names_image(repo_tag, tag); });
    if (tagged || base::cut(base::basename(image.config), ".").first == base::cut_last(tag, ":").second ||
        base::cut(base::basename(image.config), ".").first == tag)
      return image;
  }
  return base::fail(Kind::not_found, fmt::format("{} has no image '{}'; there is: {}", what, base::printable(tag),
                                                 list_saved_tags(images)));
}

Digest digest_of_blob_name(std::string_view name) {
  const auto parts = base::split(name, '/');
  if (parts.size() != 3 || parts[0] != "blobs") return {};
  return Digest::parse(fmt::format("{}:{}", parts[1], parts[2])).value_or(Digest());
}

}  // namespace oci
