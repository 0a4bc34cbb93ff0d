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
  std::string parent_digest;  // of the index that it was last seen in; empty: none. `image_parents` has all of them
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
  std::vector<std::string> restored;    // of images below it that count again
};

base::Result<Sighting> record_image(store::Session& session, const Registry& registry, const SeenImage& seen);

base::Result<std::optional<ImageRow>> find_image(store::Session& session, const std::string& resource_key);
base::Result<std::optional<ImageRow>> find_image(store::Session& session, const std::string& registry_key,
                                                 const std::string& repository, const std::string& digest);
base::Result<std::vector<ImageRow>> live_images(store::Session& session, const std::string& registry_key);  // not deleted
base::Result<std::vector<ImageRow>> images_in(store::Session& session, const ImageRow& index);  // directly or not, not deleted

base::Result<std::vector<ImageRow>> indexes_of(store::Session& session, const ImageRow& image);  // that it is in, not deleted

// Removes a tag; the resource keys of images that lost their last one (an index with its children).
base::Result<std::vector<std::string>> remove_tag(store::Session& session, const Registry& registry,
                                                  const std::string& repository, const std::string& tag, store::Millis now);

// Marks the image deleted and forgets its tags; of an index also the images in it, but those that a tag leads to or that are
// in another index: these are superseded where no tag leads to that either.
struct Removal {
  std::vector<std::string> deleted, superseded;  // resource keys
};
base::Result<Removal> mark_deleted(store::Session& session, const ImageRow& image, store::Millis now);

base::Result<std::vector<std::string>> tags_of(store::Session& session, const ImageRow& image);  // through every index that it is in too

struct TagRow {
  std::string repository, tag, digest;
};
base::Result<std::vector<TagRow>> tags_in(store::Session& session, const std::string& registry_key);

struct ParentRow {
  std::string repository, digest, parent_digest;
};
base::Result<std::vector<ParentRow>> parents_in(store::Session& session, const std::string& registry_key);

// "sha256-<hex>.sig" and kin: what Cosign puts beside an image; no image itself.
bool is_signature_tag(std::string_view tag);

base::Result<void> set_scan_state(store::Session& session, std::int64_t image_id, std::string_view state,
                                  const std::string& error);

}  // namespace providers
