// SPDX-License-Identifier: Apache-2.0
// From the state of an image to its verdict, and the registry's.
#pragma once

#include <string>
#include <vector>

#include "providers/container_registry/images.hpp"
#include "providers/services.hpp"
#include "security/plans.hpp"

namespace providers {

security::Subject subject_of(const ImageRow& image);  // of its vulnerabilities' assessment

// Which verdict the image's row leads to: its findings where it was scanned and counts, else NotApplicable and why.
base::Result<security::Verdict> verdict_of(store::Session& session, const Registry& registry, const ImageRow& image);

base::Result<void> assess_image(const Services& services, store::Session& session, const Registry& registry,
                                const ImageRow& image, store::Millis now);  // and the registry
base::Result<void> assess_images(const Services& services, store::Session& session, const Registry& registry,
                                 const std::vector<std::string>& resource_keys, store::Millis now);
base::Result<void> assess_registry(const Services& services, store::Session& session, const Registry& registry,
                                   store::Millis now);

// Why nothing is scanned, for people: the plan, or the registry's own setting. Empty where it is scanned.
std::string scan_off_reason(const Registry& registry, const security::Plans& plans);

}  // namespace providers
