// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "oci/image_source.hpp"

namespace oci {

// An OCI image layout (image-spec image-layout.md): "DIR" or "DIR:TAG", the tag as in the annotation
// org.opencontainers.image.ref.name of index.json, or the digest of an entry.
base::Result<std::unique_ptr<ImageSource>> open_layout_source(std::string_view reference, const SourceOptions& options);

}  // namespace oci
