// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "oci/image_source.hpp"

namespace oci {

// An image in the Docker daemon, through the Engine API (docs.docker.com/reference/api/engine) on its Unix socket.
// Its layers come as one stream (`docker save`), which is read a second time only where the names of the archive's
// members do not tell which layer they are.
base::Result<std::unique_ptr<ImageSource>> open_docker_source(std::string_view reference, const SourceOptions& options);

}  // namespace oci
