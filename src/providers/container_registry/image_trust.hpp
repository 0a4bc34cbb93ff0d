// SPDX-License-Identifier: Apache-2.0
// What an image's registry says and is told of its trust: signatures, and the quarantine.
#pragma once

#include "providers/container_registry/image_details.hpp"
#include "providers/services.hpp"

namespace providers {

// Looks for a Cosign signature by one of the registry's keys. Nothing where it has none.
std::optional<SignatureState> check_signature(const RegistryConnection& connection, const Registry& registry,
                                              const ImageRow& image);

// Where the registry asks for it: marks the image Passed or Failed there (a finding of severity High or above fails it). Not
// while there is no vulnerability data to compare it with.
// Indexes that hold it are marked once all of their images are.
base::Result<void> mark_quarantine(const Services& services, const RegistryConnection& connection, const Registry& registry,
                                   const ImageRow& image);

// Passed where all images of the index are that the registry covers; nothing happens while one of them is not marked.
base::Result<void> mark_index_quarantine(const Services& services, const RegistryConnection& connection, const Registry& registry,
                                         const ImageRow& index);

}  // namespace providers
