// SPDX-License-Identifier: Apache-2.0
// manifest.json of `docker save` (docker image-spec v1.2, "Combined Image JSON + Filesystem Changeset Format").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "oci/image.hpp"

namespace oci {

struct SavedImage {
  std::string config;               // name of the member
  std::vector<std::string> tags;    // "nginx:1.25"
  std::vector<std::string> layers;  // names of the members, lowest first
};

// Kind::not_found and Kind::invalid_input list the tags where `tag` is none of them or is empty and there are several.
base::Result<SavedImage> pick_saved_image(std::string_view manifest_json, std::string_view tag, std::string_view what);

// The digest in a member's name: "blobs/sha256/<hex>"; empty where the name has none.
Digest digest_of_blob_name(std::string_view name);

}  // namespace oci
