// SPDX-License-Identifier: Apache-2.0
// What the workspace is told of hosts: SecurityBaseline, SecurityBaselineSummary, Heartbeat, ContainerInventory and Operation.
#pragma once

#include <string>
#include <string_view>

#include "benchmark/control.hpp"
#include "providers/hybrid_compute/machine.hpp"

namespace providers::hybrid_compute {

// One control as it stands on the host. Columns as Azure's agent fills them, with Remediation, CisId and Status beside.
struct ControlRecord {
  const benchmark::Control& control;
  std::string status;  // pass, fail, manual, notApplicable, error
  std::string words;   // why
  std::string assessment_id;
};
base::Result<void> record_control(store::Session& session, const MachineRow& machine, const ControlRecord& record, store::Millis at);

// A whole assessment, summed up from what is stored of the host's controls.
base::Result<void> record_summary(store::Session& session, const MachineRow& machine, const std::string& assessment_id, store::Millis at);

base::Result<void> record_heartbeat(store::Session& session, const MachineRow& machine, store::Millis at);
base::Result<void> record_container(store::Session& session, const MachineRow& machine, const base::JsonObject& detail, store::Millis at);

// `category`: "Security Baseline", "Data Collection Status".
base::Result<void> record_failure(store::Session& session, const MachineRow& machine, std::string_view category, const std::string& detail, store::Millis at);

// Failed controls and what else a host's page says of them is asked for by this text (docs/hosts.md, "Take action").
std::string failed_rules_query(const std::string& computer);

}  // namespace providers::hybrid_compute
