// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/image_source.hpp"

namespace oci {

// Opens the stored bytes of one layer; called on the thread that reads the layer.
using OpenBlob = std::function<base::Result<base::SourcePtr>(std::size_t layer)>;

// ImageSource::read_layers for sources whose blobs can be opened one by one: largest layer first, `threads` at a time
// (0: one a core, at least two), each through read_layer. Foreign layers fail with Kind::unsupported.
std::vector<base::Result<void>> read_layers_in_parallel(const Image& image, const std::vector<std::size_t>& wanted,
                                                        const OpenBlob& open_blob, const VisitorFor& visitor_for,
                                                        const Progress& progress, std::size_t threads);

}  // namespace oci
