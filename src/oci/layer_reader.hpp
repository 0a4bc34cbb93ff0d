// SPDX-License-Identifier: Apache-2.0
// One pass over a layer blob: verify, decompress, verify, walk. The stages run on up to three threads.
#pragma once

#include "base/stream.hpp"
#include "oci/image.hpp"
#include "oci/tar.hpp"

namespace oci {

struct LayerLimits {
  std::uint64_t uncompressed_bytes = std::uint64_t{64} << 30;
  std::uint64_t ratio = 500;                              // uncompressed : compressed, judged …
  std::uint64_t ratio_from = std::uint64_t{1} << 30;      // … past this much output
  TarLimits tar;
};

// Reads `blob` (compressed as its first bytes say; a media type that says otherwise is ignored) and calls the
// visitor. Kind::corrupt names layer and digest where blob digest, size or diff id differ (an empty digest in
// `layer` is not checked); Kind::too_large for bombs.
base::Result<void> read_layer(base::SourcePtr blob, const Layer& layer, TarVisitor& visitor,
                              const LayerLimits& limits = {});

}  // namespace oci
