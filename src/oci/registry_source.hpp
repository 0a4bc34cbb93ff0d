// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "oci/image_source.hpp"
#include "oci/reference.hpp"
#include "oci/registry_session.hpp"

namespace oci {

// An image in a registry that speaks the Distribution API (OCI distribution-spec 1.1). `reference` is checked here.
base::Result<std::unique_ptr<ImageSource>> open_registry_source(std::string_view reference,
                                                                const SourceOptions& options);

// How to reach the registry of `reference`: the user name and password given, else what `docker login` left.
RegistryOptions registry_options(const SourceOptions& options, const Reference& reference);

}  // namespace oci
