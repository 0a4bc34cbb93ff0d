// SPDX-License-Identifier: Apache-2.0
#include "oci/image_source.hpp"

#include <fmt/format.h>

#include "oci/archive_source.hpp"
#include "oci/docker_source.hpp"
#include "oci/layout_source.hpp"
#include "oci/registry_source.hpp"

namespace oci {

base::Result<std::unique_ptr<ImageSource>> open_source(const SourceRef& ref, const SourceOptions& options) {
  switch (ref.kind) {
    case SourceRef::Kind::registry: return open_registry_source(ref.value, options);
    case SourceRef::Kind::docker: return open_docker_source(ref.value, options);
    case SourceRef::Kind::oci_layout: return open_layout_source(ref.value, options);
    case SourceRef::Kind::oci_archive: return open_archive_source(ref.value, ArchiveFlavour::oci, options);
    case SourceRef::Kind::docker_archive: return open_archive_source(ref.value, ArchiveFlavour::docker, options);
    case SourceRef::Kind::directory:
    case SourceRef::Kind::sbom: break;
  }
  return base::fail(base::Kind::internal, fmt::format("{} is no image source", ref.value));
}

}  // namespace oci
