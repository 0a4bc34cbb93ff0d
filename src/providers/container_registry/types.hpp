// SPDX-License-Identifier: Apache-2.0
// The types that this provider declares, one file each.
#pragma once

#include "arm/resource_type.hpp"
#include "providers/container_registry/images.hpp"
#include "providers/services.hpp"

namespace providers {

arm::ResourceType registry_type(const Services& services);
arm::ResourceType repository_type(const Services& services);
arm::ResourceType image_type(const Services& services);
arm::ResourceType operations_type();

// As REST shows an image: id, name, type, properties.
base::Result<base::JsonObject> image_resource_json(store::Session& session, const ImageRow& image);

}  // namespace providers
