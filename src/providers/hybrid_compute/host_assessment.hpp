// SPDX-License-Identifier: Apache-2.0
// Verdicts about hosts: how they are hardened, what runs on them, and what is installed.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "benchmark/control.hpp"
#include "model/finding.hpp"
#include "providers/hybrid_compute/machine.hpp"
#include "providers/services.hpp"

namespace providers::hybrid_compute {

// All three below.
base::Result<void> assess_host(const Services& services, store::Session& session, const MachineRow& machine, store::Millis now);

// One finding a failed control. Without an engine it is NotApplicable (NoContainerEngine); with one that cannot be reached too
// (EngineUnreachable), but not before five minutes: an engine that starts again is no news.
base::Result<void> assess_hardening(const Services& services, store::Session& session, const MachineRow& machine, store::Millis now);
inline constexpr store::Millis kEngineGrace = 5 * 60'000;
// What is said of a control that fails, the same of every host but for the evidence: its id is one for all.
model::Finding control_finding(const benchmark::Control& control);
// Its set of findings, after its assessments are gone: nobody else has it.
base::Result<void> forget_hardening(store::Session& session, const std::string& machine_key);

// One verdict below the host for each image that a container runs; the host's is rolled up from them.
base::Result<void> assess_running_images(const Services& services, store::Session& session, const MachineRow& machine, store::Millis now);
base::Result<void> assess_packages(const Services& services, store::Session& session, const MachineRow& machine, store::Millis now);

// The hosts that run an image of this digest (also as part of an index), after it was scanned; those that have this set of findings,
// after it was matched for the first time; all, after plans changed.
base::Result<void> image_was_scanned(const Services& services, store::Session& session, const std::string& digest, store::Millis now);
base::Result<void> set_was_matched(const Services& services, store::Session& session, std::int64_t set_id, store::Millis now);
base::Result<void> plans_changed(const Services& services, store::Session& session, store::Millis now);

// What is known of an image that stands on a host.
struct ImageScan {
  std::optional<std::int64_t> set_id;
  bool matched = false;      // against vulnerability data
  std::string registry, repository, digest;  // where it was scanned; empty: on the host itself
  std::string_view where() const { return !set_id ? "none" : registry.empty() ? "host" : "registry"; }
};
using ImageScans = std::unordered_map<std::string, ImageScan>;  // by image id; all of the host's images

// By digest among the images of registries, through an index by the host's platform; else as the host's agent catalogued it.
base::Result<ImageScans> image_scans(store::Session& session, const MachineRow& machine);

std::string running_image_id(const MachineRow& machine, const std::string& image_id);  // of its resource

}  // namespace providers::hybrid_compute
