// SPDX-License-Identifier: Apache-2.0
// Machines as the store keeps them: what an agent told last, and how it fares.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arm/resource_id.hpp"
#include "base/json.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"
#include "uplink/messages.hpp"

namespace providers::hybrid_compute {

inline constexpr std::string_view kMachineType = "Microsoft.HybridCompute/machines";
inline constexpr std::string_view kMachineImageType = "Microsoft.HybridCompute/machines/images";  // an image that a container of it runs

inline constexpr std::string_view kConnected = "connected", kLate = "late", kLost = "lost";

struct MachineRow {
  std::string key, resource_id;
  std::string name;             // of the resource: "web-1"; what records call Computer
  std::string machine_id;       // as enrolled: 32 hex digits, or empty
  std::string credential_hash;  // SHA-256 of it, hex
  store::Millis enrolled_at = 0;
  base::Json facts;             // facts_json
  std::string engine;           // none, docker, podman, unreachable; empty: not known yet
  store::Millis engine_since = 0;
  base::Json agent;             // agent_json
  std::string state;            // connected, late, lost
  store::Millis state_since = 0, heard_at = 0;
  store::Millis last_at = 0;    // of its messages, by its clock as it was taken: grows with each
  store::Millis beat_at = 0;    // when its last sign of life was recorded
  store::Millis inventory_at = 0;
  base::Json assessment;        // of the last whole one: {id, benchmark, version, cause, engine, tookMs}
  store::Millis assessed_at = 0;
  store::Millis asked_at = 0;   // a person asked for an assessment that has not come yet; 0: nobody
  std::optional<std::int64_t> packages_set;  // findings of its own packages
  store::Millis packages_at = 0, packages_asked_at = 0;
};

base::Result<std::optional<MachineRow>> load_machine(store::Session& session, const std::string& machine_key);
base::Result<std::optional<MachineRow>> find_machine_by_credential(store::Session& session, const std::string& credential_hash);
base::Result<std::optional<MachineRow>> find_machine_by_id(store::Session& session, const std::string& machine_id);
base::Result<std::vector<MachineRow>> load_machines(store::Session& session);  // in order of name
base::Result<void> save_machine(store::Session& session, const MachineRow& machine);

// Everything that is known of a machine, but for its resource and its assessments.
base::Result<void> forget_machine(store::Session& session, const std::string& machine_key);

// What agents tell, as it is stored: every text safe to show, lists capped.
std::string_view engine_name(uplink::EngineKind kind);
base::JsonObject facts_json(const uplink::Machine& machine);
base::JsonObject management_json(const uplink::Management& management);
base::JsonArray safe_texts(const std::vector<std::string>& texts, std::size_t most);
// `before` is what was stored: its process time gives the share of a processor since then.
base::JsonObject agent_json(const uplink::BatchHeader& header, const base::Json& before, store::Millis now);

}  // namespace providers::hybrid_compute
