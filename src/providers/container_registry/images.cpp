// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/images.hpp"

#include <fmt/format.h>

namespace providers {

namespace {

constexpr std::string_view kImageColumns =
    "id, registry_key, repository, digest, resource_id, parent_digest, media_type, platform, os, size, pushed_at, scanned_at, "
    "scan_state, scan_error, scan_partial, set_id, config, quarantine, superseded_at, deleted_at";

ImageRow image_from(const store::Row& row) {
  ImageRow image;
  image.id = row.integer(0);
  image.registry_key = row.text(1);
  image.repository = row.text(2);
  image.digest = row.text(3);
  image.resource_id = row.text(4);
  image.parent_digest = row.text(5);
  image.media_type = row.text(6);
  image.platform = row.text(7);
  image.os = row.text(8);
  image.size = row.integer(9);
  image.pushed_at = row.integer(10);
  image.scanned_at = row.integer(11);
  image.scan_state = row.text(12);
  image.scan_error = row.text(13);
  image.partial = row.integer(14) != 0;
  if (!row.is_null(15)) image.set_id = row.integer(15);
  image.config = row.text(16);
  image.quarantine = row.text(17);
  image.superseded_at = row.integer(18);
  image.deleted_at = row.integer(19);
  return image;
}

base::Result<std::vector<ImageRow>> query_images(store::Session& session, std::string_view where,
                                                 const std::vector<store::Value>& parameters) {
  std::vector<ImageRow> images;
  TRY(session.query(fmt::format("SELECT {} FROM images WHERE {}", kImageColumns, where), parameters,
                    [&](const store::Row& row) { images.push_back(image_from(row)); }));
  return images;
}

base::Result<std::optional<ImageRow>> query_image(store::Session& session, std::string_view where,
                                                  const std::vector<store::Value>& parameters) {
  auto images = TRY(query_images(session, where, parameters));
  return images.empty() ? std::optional<ImageRow>() : std::optional<ImageRow>(std::move(images.front()));
}

std::string key_of(const ImageRow& image) { return arm::ResourceId::parse(image.resource_id).value_or(arm::ResourceId()).key(); }

// The image at `digest`, and the children of an index, where no tag leads to them any more: marked, and their keys.
base::Result<std::vector<std::string>> supersede(store::Session& session, const std::string& registry_key,
                                                 const std::string& repository, const std::string& digest,
                                                 store::Millis now) {
  std::vector<std::string> keys;
  const auto image = TRY(find_image(session, registry_key, repository, digest));
  if (!image || image->deleted_at != 0 || !TRY(tags_of(session, *image)).empty()) return keys;
  std::vector<ImageRow> all = TRY(children_of(session, *image));
  all.push_back(*image);
  for (const auto& row : all) {
    if (row.id != image->id && !TRY(tags_of(session, row)).empty()) continue;
    TRY(session.run("UPDATE images SET superseded_at = ? WHERE id = ?", {now, row.id}));
    keys.push_back(key_of(row));
  }
  return keys;
}

// Points the tag at the digest; the keys of what it superseded.
base::Result<std::vector<std::string>> move_tag(store::Session& session, const Registry& registry, const SeenImage& seen) {
  const auto before = TRY(store::query_text(session, "SELECT digest FROM tags WHERE registry_key = ? AND repository = ? AND tag = ?",
                                            {registry.key(), seen.repository, seen.tag}));
  if (before == seen.digest) return std::vector<std::string>();
  TRY(session.run("INSERT INTO tags (registry_key, repository, tag, digest, changed_at) VALUES (?, ?, ?, ?, ?) "
                  "ON CONFLICT (registry_key, repository, tag) DO UPDATE SET digest = excluded.digest, changed_at = excluded.changed_at",
                  {registry.key(), seen.repository, seen.tag, seen.digest, seen.at}));
  TRY(session.run("UPDATE images SET superseded_at = 0 WHERE registry_key = ? AND repository = ? AND (digest = ? OR parent_digest = ?)",
                  {registry.key(), seen.repository, seen.digest, seen.digest}));
  if (!before) return std::vector<std::string>();
  return supersede(session, registry.key(), seen.repository, *before, seen.at);
}

base::Result<ImageRow> insert_image(store::Session& session, const Registry& registry, const SeenImage& seen) {
  const auto id = registry.image_id(seen.repository, seen.digest);
  TRY(session.run(
      "INSERT INTO images (registry_key, repository, digest, resource_key, resource_id, parent_digest, media_type, size, platform, os, "
      "pushed_at, seen_at, scan_state, scan_error, scan_partial, scanned_at, config, quarantine, superseded_at, deleted_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, '', ?, ?, ?, '', 0, 0, '{}', '', 0, 0)",
      {registry.key(), seen.repository, seen.digest, id.key(), id.text(), seen.parent_digest, seen.media_type, seen.platform,
       seen.at, seen.at, kQueued}));
  return *TRY(find_image(session, id.key()));
}

}  // namespace

bool ImageRow::is_index() const {
  return media_type.find("image.index") != std::string::npos || media_type.find("manifest.list") != std::string::npos;
}

base::Result<Sighting> record_image(store::Session& session, const Registry& registry, const SeenImage& seen) {
  Sighting sighting;
  const auto known = TRY(find_image(session, registry.key(), seen.repository, seen.digest));
  sighting.is_new = !known || known->deleted_at != 0;
  if (!known) {
    sighting.image = TRY(insert_image(session, registry, seen));
  } else {
    TRY(session.run("UPDATE images SET seen_at = ?, deleted_at = 0, pushed_at = CASE WHEN deleted_at <> 0 THEN ? ELSE pushed_at END, "
                    "parent_digest = CASE WHEN ? <> '' THEN ? ELSE parent_digest END, "
                    "media_type = CASE WHEN ? <> '' THEN ? ELSE media_type END WHERE id = ?",
                    {seen.at, seen.at, seen.parent_digest, seen.parent_digest, seen.media_type, seen.media_type, known->id}));
    sighting.image = *TRY(find_image(session, registry.key(), seen.repository, seen.digest));
  }
  if (!seen.tag.empty()) {
    sighting.superseded = TRY(move_tag(session, registry, seen));
    sighting.image.superseded_at = 0;
  }
  return sighting;
}

base::Result<std::optional<ImageRow>> find_image(store::Session& session, const std::string& resource_key) {
  return query_image(session, "resource_key = ?", {resource_key});
}

base::Result<std::optional<ImageRow>> find_image(store::Session& session, const std::string& registry_key,
                                                 const std::string& repository, const std::string& digest) {
  return query_image(session, "registry_key = ? AND repository = ? AND digest = ?", {registry_key, repository, digest});
}

base::Result<std::vector<ImageRow>> live_images(store::Session& session, const std::string& registry_key) {
  return query_images(session, "registry_key = ? AND deleted_at = 0", {registry_key});
}

bool is_signature_tag(std::string_view tag) {
  return tag.size() >= 71 && tag.substr(0, 7) == "sha256-" &&
         tag.substr(7, 64).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

base::Result<std::vector<ImageRow>> children_of(store::Session& session, const ImageRow& index) {
  return query_images(session, "registry_key = ? AND repository = ? AND parent_digest = ?",
                      {index.registry_key, index.repository, index.digest});
}

base::Result<std::vector<std::string>> remove_tag(store::Session& session, const Registry& registry,
                                                  const std::string& repository, const std::string& tag, store::Millis now) {
  const auto digest = TRY(store::query_text(session, "SELECT digest FROM tags WHERE registry_key = ? AND repository = ? AND tag = ?",
                                            {registry.key(), repository, tag}));
  if (!digest) return std::vector<std::string>();
  TRY(session.run("DELETE FROM tags WHERE registry_key = ? AND repository = ? AND tag = ?", {registry.key(), repository, tag}));
  return supersede(session, registry.key(), repository, *digest, now);
}

base::Result<std::vector<std::string>> mark_deleted(store::Session& session, const ImageRow& image, store::Millis now) {
  std::vector<ImageRow> all = TRY(children_of(session, image));
  all.push_back(image);
  std::vector<std::string> keys;
  for (const auto& row : all) {
    TRY(session.run("UPDATE images SET deleted_at = ? WHERE id = ? AND deleted_at = 0", {now, row.id}));
    if (session.changes() == 0) continue;
    TRY(session.run("DELETE FROM tags WHERE registry_key = ? AND repository = ? AND digest = ?",
                    {row.registry_key, row.repository, row.digest}));
    keys.push_back(key_of(row));
  }
  return keys;
}

base::Result<std::vector<std::string>> tags_of(store::Session& session, const ImageRow& image) {
  std::vector<std::string> tags;
  TRY(session.query("SELECT tag FROM tags WHERE registry_key = ? AND repository = ? AND (digest = ? OR (digest = ? AND ? <> '')) ORDER BY tag",
                    {image.registry_key, image.repository, image.digest, image.parent_digest, image.parent_digest},
                    [&](const store::Row& row) { tags.emplace_back(row.text(0)); }));
  return tags;
}

base::Result<std::vector<TagRow>> tags_in(store::Session& session, const std::string& registry_key) {
  std::vector<TagRow> tags;
  TRY(session.query("SELECT repository, tag, digest FROM tags WHERE registry_key = ? ORDER BY repository, tag", {registry_key},
                    [&](const store::Row& row) {
                      tags.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))});
                    }));
  return tags;
}

base::Result<void> set_scan_state(store::Session& session, std::int64_t image_id, std::string_view state,
                                  const std::string& error) {
  return session.run("UPDATE images SET scan_state = ?, scan_error = ? WHERE id = ?", {state, error, image_id});
}

}  // namespace providers
