// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "oci/image.hpp"
#include "providers/container_registry/images.hpp"

namespace providers {

// Whether a signature by one of the registry's keys was found.
struct SignatureState {
  bool verified = false;
  std::string detail;
};

// What the image page shows of the image itself, kept as JSON with its row. Names of environment variables alone: values
// may be secrets.
struct ImageDetails {
  base::JsonObject config;      // user, env, entrypoint, cmd, exposedPorts, created, labels
  base::JsonArray layers;       // {diffId, size, createdBy}
  std::int64_t size = 0;
  std::string media_type;
  std::vector<std::string> notices;
  std::optional<SignatureState> signature;  // nothing: no keys are configured
};

ImageDetails details_of(const oci::Image& image);
base::JsonObject to_json(const ImageDetails& details);

}  // namespace providers
