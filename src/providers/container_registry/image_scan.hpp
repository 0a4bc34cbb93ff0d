// SPDX-License-Identifier: Apache-2.0
// The image flow in the hub: job → manifest → layers → packages → findings → verdicts on image and registry.
#pragma once

#include "providers/container_registry/images.hpp"
#include "providers/services.hpp"
#include "store/jobs.hpp"

namespace providers {

// Runs one job of kind kScanJob. An index queues its images; an artifact that is no image is marked unsupported; a manifest
// that is gone is taken as deleted. Doing it twice changes nothing.
base::Result<void> run_scan(const Services& services, const store::Job& job);

// After a run failed: says so on the image; for good (`final`) it is a verdict too.
base::Result<void> scan_failed(const Services& services, store::Session& session, const store::Job& job,
                               const base::Error& error, bool final);

}  // namespace providers
