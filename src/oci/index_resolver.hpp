// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "oci/image.hpp"
#include "oci/manifest.hpp"

namespace oci {

// Reads a whole blob of at most `cap` bytes; the caller checks its digest.
using ReadBlob = std::function<base::Result<std::string>(const Digest& digest, std::size_t cap)>;

// Goes from the index.json of a layout by way of nested indexes and the manifest to the configuration, verifying the
// digest of each. `tag` empty: the only image there is. `what` names the layout in errors.
base::Result<Image> resolve_index(std::string_view index_json, std::string_view tag,
                                  const std::optional<Platform>& platform, std::string_view what,
                                  const ReadBlob& read_blob);

// Kind::corrupt unless `bytes` have the digest.
base::Result<void> verify_digest(std::string_view bytes, const Digest& digest, std::string_view what);

inline constexpr std::size_t kManifestCap = 4u << 20;
inline constexpr std::size_t kConfigCap = 16u << 20;

}  // namespace oci
