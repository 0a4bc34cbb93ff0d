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

// The image at `digest`, and those in an index, where no tag leads to them any more: marked, and their keys.
base::Result<std::vector<std::string>> supersede(store::Session& session, const std::string& registry_key,
                                                 const std::string& repository, const std::string& digest,
                                                 store::Millis now) {
  std::vector<std::string> keys;
  const auto image = TRY(find_image(session, registry_key, repository, digest));
  if (!image || image->deleted_at != 0) return keys;
  std::vector<ImageRow> all = TRY(images_in(session, *image));
  all.push_back(*image);
  for (const auto& row : all) {
    if (!TRY(tags_of(session, row)).empty()) continue;
    TRY(session.run("UPDATE images SET superseded_at = ? WHERE id = ?", {now, row.id}));
    keys.push_back(key_of(row));
  }
  return keys;
}

// The image, and those in an index, count again; the keys of those that did not.
base::Result<std::vector<std::string>> restore(store::Session& session, const ImageRow& image) {
  std::vector<std::string> keys;
  std::vector<ImageRow> all = TRY(images_in(session, image));
  all.push_back(image);
  for (const auto& row : all) {
    if (row.superseded_at == 0) continue;
    TRY(session.run("UPDATE images SET superseded_at = 0 WHERE id = ?", {row.id}));
    keys.push_back(key_of(row));
  }
  return keys;
}

// Points the tag at the image.
base::Result<void> move_tag(store::Session& session, const Registry& registry, const SeenImage& seen, Sighting& sighting) {
  const auto before = TRY(store::query_text(session, "SELECT digest FROM tags WHERE registry_key = ? AND repository = ? AND tag = ?",
                                            {registry.key(), seen.repository, seen.tag}));
  if (before == seen.digest) return {};
  TRY(session.run("INSERT INTO tags (registry_key, repository, tag, digest, changed_at) VALUES (?, ?, ?, ?, ?) "
                  "ON CONFLICT (registry_key, repository, tag) DO UPDATE SET digest = excluded.digest, changed_at = excluded.changed_at",
                  {registry.key(), seen.repository, seen.tag, seen.digest, seen.at}));
  sighting.restored = TRY(restore(session, sighting.image));
  if (before) sighting.superseded = TRY(supersede(session, registry.key(), seen.repository, *before, seen.at));
  return {};
}

// The image, and all in it, are in the index, and in all that the index is in.
base::Result<void> add_parent(store::Session& session, const Registry& registry, const SeenImage& seen) {
  const std::string key = registry.key();
  return session.run(
      "INSERT INTO image_parents (registry_key, repository, digest, parent_digest) SELECT ?, ?, below.digest, above.digest FROM "
      "(SELECT ? AS digest UNION SELECT digest FROM image_parents WHERE registry_key = ? AND repository = ? AND parent_digest = ?) below, "
      "(SELECT ? AS digest UNION SELECT parent_digest FROM image_parents WHERE registry_key = ? AND repository = ? AND digest = ?) above "
      "WHERE true ON CONFLICT DO NOTHING",
      {key, seen.repository, seen.digest, key, seen.repository, seen.digest, seen.parent_digest, key, seen.repository, seen.parent_digest});
}

// What an index brings counts as the index does: where a tag leads to it, or never led to it.
base::Result<void> join_index(store::Session& session, const Registry& registry, const SeenImage& seen, Sighting& sighting) {
  TRY(add_parent(session, registry, seen));
  const auto index = TRY(find_image(session, registry.key(), seen.repository, seen.parent_digest));
  if (!TRY(tags_of(session, sighting.image)).empty()) {
    sighting.restored = TRY(restore(session, sighting.image));
  } else if (sighting.is_new && index) {
    TRY(session.run("UPDATE images SET superseded_at = ? WHERE id = ?", {index->superseded_at, sighting.image.id}));
  }
  return {};
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

base::Result<bool> is_in_an_index(store::Session& session, const ImageRow& image) {
  return TRY(store::query_integer(session, "SELECT 1 FROM image_parents WHERE registry_key = ? AND repository = ? AND digest = ? LIMIT 1",
                                  {image.registry_key, image.repository, image.digest})).has_value();
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
                    "superseded_at = CASE WHEN deleted_at <> 0 THEN 0 ELSE superseded_at END, "
                    "quarantine = CASE WHEN deleted_at <> 0 THEN '' ELSE quarantine END, "
                    "parent_digest = CASE WHEN ? <> '' THEN ? ELSE parent_digest END, "
                    "media_type = CASE WHEN ? <> '' THEN ? ELSE media_type END WHERE id = ?",
                    {seen.at, seen.at, seen.parent_digest, seen.parent_digest, seen.media_type, seen.media_type, known->id}));
    sighting.image = *TRY(find_image(session, registry.key(), seen.repository, seen.digest));
  }
  if (!seen.parent_digest.empty()) TRY(join_index(session, registry, seen, sighting));
  if (!seen.tag.empty()) TRY(move_tag(session, registry, seen, sighting));
  sighting.image = *TRY(find_image(session, registry.key(), seen.repository, seen.digest));
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

base::Result<std::vector<ImageRow>> images_in(store::Session& session, const ImageRow& index) {
  return query_images(session,
                      "registry_key = ? AND repository = ? AND deleted_at = 0 AND digest IN "
                      "(SELECT digest FROM image_parents WHERE registry_key = ? AND repository = ? AND parent_digest = ?) ORDER BY id",
                      {index.registry_key, index.repository, index.registry_key, index.repository, index.digest});
}

base::Result<std::vector<ImageRow>> indexes_of(store::Session& session, const ImageRow& image) {
  return query_images(session,
                      "registry_key = ? AND repository = ? AND deleted_at = 0 AND digest IN "
                      "(SELECT parent_digest FROM image_parents WHERE registry_key = ? AND repository = ? AND digest = ?) ORDER BY id",
                      {image.registry_key, image.repository, image.registry_key, image.repository, image.digest});
}

base::Result<std::vector<std::string>> remove_tag(store::Session& session, const Registry& registry,
                                                  const std::string& repository, const std::string& tag, store::Millis now) {
  const auto digest = TRY(store::query_text(session, "SELECT digest FROM tags WHERE registry_key = ? AND repository = ? AND tag = ?",
                                            {registry.key(), repository, tag}));
  if (!digest) return std::vector<std::string>();
  TRY(session.run("DELETE FROM tags WHERE registry_key = ? AND repository = ? AND tag = ?", {registry.key(), repository, tag}));
  return supersede(session, registry.key(), repository, *digest, now);
}

base::Result<Removal> mark_deleted(store::Session& session, const ImageRow& image, store::Millis now) {
  const std::vector<ImageRow> inside = TRY(images_in(session, image));
  Removal removal;
  TRY(session.run("UPDATE images SET deleted_at = ? WHERE id = ? AND deleted_at = 0", {now, image.id}));
  if (session.changes() > 0) removal.deleted.push_back(key_of(image));
  TRY(session.run("DELETE FROM tags WHERE registry_key = ? AND repository = ? AND digest = ?", {image.registry_key, image.repository, image.digest}));
  TRY(session.run("DELETE FROM image_parents WHERE registry_key = ? AND repository = ? AND parent_digest = ?",
                  {image.registry_key, image.repository, image.digest}));
  for (const auto& row : inside) {
    const auto live = TRY(find_image(session, row.registry_key, row.repository, row.digest));
    if (!live || live->deleted_at != 0 || !TRY(tags_of(session, row)).empty()) continue;
    if (TRY(is_in_an_index(session, row))) {
      for (auto& key : TRY(supersede(session, row.registry_key, row.repository, row.digest, now))) removal.superseded.push_back(std::move(key));
      continue;
    }
    Removal more = TRY(mark_deleted(session, row, now));
    removal.deleted.insert(removal.deleted.end(), more.deleted.begin(), more.deleted.end());
    removal.superseded.insert(removal.superseded.end(), more.superseded.begin(), more.superseded.end());
  }
  return removal;
}

base::Result<std::vector<std::string>> tags_of(store::Session& session, const ImageRow& image) {
  std::vector<std::string> tags;
  TRY(session.query("SELECT tag FROM tags WHERE registry_key = ? AND repository = ? AND (digest = ? OR digest IN "
                    "(SELECT parent_digest FROM image_parents WHERE registry_key = ? AND repository = ? AND digest = ?)) ORDER BY tag",
                    {image.registry_key, image.repository, image.digest, image.registry_key, image.repository, image.digest},
                    [&](const store::Row& row) { tags.emplace_back(row.text(0)); }));
  return tags;
}

base::Result<std::vector<ParentRow>> parents_in(store::Session& session, const std::string& registry_key) {
  std::vector<ParentRow> parents;
  TRY(session.query("SELECT repository, digest, parent_digest FROM image_parents WHERE registry_key = ?", {registry_key},
                    [&](const store::Row& row) {
                      parents.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))});
                    }));
  return parents;
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
