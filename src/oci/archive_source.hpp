// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "oci/image_source.hpp"

namespace oci {

// Which list of images is believed where an archive has both: index.json or manifest.json.
enum class ArchiveFlavour { oci, docker };

// A tar of an OCI layout or of `docker save` in its old and new form, plain or compressed: "FILE" or "FILE:TAG".
// Plain archives are read at random; compressed ones are streamed, once for their documents and once for the layers.
base::Result<std::unique_ptr<ImageSource>> open_archive_source(std::string_view reference, ArchiveFlavour flavour,
                                                               const SourceOptions& options);

}  // namespace oci
