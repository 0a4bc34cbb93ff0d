// SPDX-License-Identifier: Apache-2.0
// Images and tags as the hub knows them: rows of `images` and `tags`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "providers/container_registry/registry.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace providers {

// States of a scan, as pages and REST write them.
inline constexpr std::string_view kQueued = "queued", kScanning = "scanning", kComplete = "complete", kFailed = "failed",
                                  kUnsupported = "unsupported", kOff = "off";

struct ImageRow {
  std::int64_t id = 0;
  std::string registry_key, repository, digest, resource_id;
  std::string parent_digest;  // of the index that it is part of; empty: none
  std::string media_type, platform, os;
  std::int64_t size = 0;      // of its layers, compressed
  store::Millis pushed_at = 0, scanned_at = 0;
  std::string scan_state, scan_error;
  bool partial = false;
  std::optional<std::int64_t> set_id;
  std::string config;         // JSON, of the image page
  std::string quarantine;     // "", Passed, Failed
  store::Millis superseded_at = 0;  // its last tag went to another image, or was removed
  store::Millis deleted_at = 0;

  bool is_index() const;
};

// What a push, or a look at the registry, told.
struct SeenImage {
  std::string repository, digest;
  std::string tag;            // empty: none
  std::string media_type;     // may be empty
  std::string parent_digest;  // may be empty
  std::string platform;       // may be empty
  store::Millis at = 0;
};

struct Sighting {
  ImageRow image;
  bool is_new = false;         // never seen, or seen again after it was deleted
  std::vector<std::string> superseded;  // resource keys of images that lost their last tag by it
};

base::Result<Sighting> record_image(store::Session& session, const Registry& registry, const SeenImage& seen);

base::Result<std::optional<ImageRow>> find_image(store::Session& session, const std::string& resource_key);
base::Result<std::optional<ImageRow>> find_image(store::Session& session, const std::string& registry_key,
                                                 const std::string& repository, const std::string& digest);
base::Result<std::vector<ImageRow>> live_images(store::Session& session, const std::string& registry_key);  // not deleted
base::Result<std::vector<ImageRow>> children_of(store::Session& session, const ImageRow& index);

// Removes a tag; the resource keys of images that lost their last one (an index with its children).
base::Result<std::vector<std::string>> remove_tag(store::Session& session, const Registry& registry,
                                                  const std::string& repository, const std::string& tag, store::Millis now);

// Marks the image, and the children of an index, deleted and forgets their tags; the resource keys of all.
base::Result<std::vector<std::string>> mark_deleted(store::Session& session, const ImageRow& image, store::Millis now);

base::Result<std::vector<std::string>> tags_of(store::Session& session, const ImageRow& image);  // through its index too

struct TagRow {
  std::string repository, tag, digest;
};
base::Result<std::vector<TagRow>> tags_in(store::Session& session, const std::string& registry_key);

// "sha256-<hex>.sig" and kin: what Cosign puts beside an image; no image itself.
bool is_signature_tag(std::string_view tag);

base::Result<void> set_scan_state(store::Session& session, std::int64_t image_id, std::string_view state,
                                  const std::string& error);

}  // namespace providers
