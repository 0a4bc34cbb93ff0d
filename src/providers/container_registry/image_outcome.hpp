// SPDX-License-Identifier: Apache-2.0
// What a scan found, on its way into the store.
#pragma once

#include <string>
#include <vector>

#include "model/finding.hpp"
#include "model/inventory.hpp"
#include "providers/container_registry/image_details.hpp"
#include "providers/container_registry/images.hpp"
#include "providers/services.hpp"

namespace providers {

struct ScanOutcome {
  model::Inventory inventory;
  std::vector<model::Finding> findings;
  std::string matched_with;  // version of the vulnerability data; empty: there was none
  ImageDetails details;
};

// Stores the package list, its findings and the verdicts on image and registry. An image that was deleted while it was
// scanned is left alone.
base::Result<void> keep_outcome(const Services& services, store::Session& session, const Registry& registry,
                                const ImageRow& image, const ScanOutcome& outcome, store::Millis now);

}  // namespace providers
