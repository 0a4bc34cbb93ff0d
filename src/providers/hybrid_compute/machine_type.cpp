// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "providers/hybrid_compute/host_assessment.hpp"
#include "providers/hybrid_compute/hybrid_compute.hpp"
#include "providers/hybrid_compute/machine.hpp"

namespace providers::hybrid_compute {

namespace {

std::string engine_member(const MachineRow& machine, std::string_view name) {
  return std::string(base::get_string(base::Json(base::get_object(machine.facts, "engine")), name));
}

// As Azure Arc has them.
std::string_view arc_status(const MachineRow& machine) {
  if (machine.state == kLost) return "Disconnected";
  return machine.engine == "unreachable" ? "Error" : "Connected";
}

base::JsonObject detected(const MachineRow& machine) {
  const auto number = [&](std::string_view name) { return std::to_string(base::get_int(machine.facts, name).value_or(0)); };
  return {{"coreCount", number("cpus")},
          {"logicalCoreCount", number("cpus")},
          {"totalPhysicalMemoryInBytes", number("memoryBytes")},
          {"processorArchitecture", base::get_string(machine.facts, "architecture")},
          {"dockerVersion", machine.engine == "docker" ? engine_member(machine, "version") : ""}};
}

base::JsonObject machine_properties(const MachineRow& machine) {
  const auto text = [&](std::string_view name) { return base::get_string(machine.facts, name); };
  base::JsonObject bulwark{{"state", machine.state},
                           {"engine", base::get_object(machine.facts, "engine")},
                           {"management", base::get_object(machine.facts, "management")},
                           {"lastHeard", arm::format_millis(machine.heard_at)},
                           {"assessed", machine.assessed_at == 0 ? base::Json(nullptr) : base::Json(arm::format_millis(machine.assessed_at))}};
  return {{"provisioningState", "Succeeded"},
          {"status", arc_status(machine)},
          {"lastStatusChange", arm::format_millis(machine.state_since)},
          {"vmId", machine.machine_id},
          {"displayName", machine.name},
          {"machineFqdn", text("hostName")},
          {"osName", "linux"},
          {"osType", "linux"},
          {"osSku", text("os")},
          {"osVersion", text("kernel")},
          {"agentVersion", base::get_string(machine.agent, "version")},
          {"detectedProperties", detected(machine)},
          {"bulwark", std::move(bulwark)}};
}

// People change tags alone: the rest is what the agent tells.
base::Result<void> prepare_machine(const arm::Resource* before, arm::Resource& after) {
  if (!before)
    return base::fail(base::Kind::invalid_input, "A machine comes to be when its agent enrols: make a token with POST /api/v1/enrollment-tokens and start the agent with it.");
  const base::Json* tags = after.body.if_contains("tags");
  if (tags && !tags->is_object()) return base::fail(base::Kind::invalid_input, "tags must be an object of names and values.");
  base::JsonObject kept = tags ? tags->get_object() : base::JsonObject{};
  after.body = before->body;
  after.body["tags"] = std::move(kept);
  return {};
}

base::Result<void> remove_machine(Hosts& hosts, const arm::Call& call, store::Session& session, const arm::Resource& resource) {
  const std::string key = resource.id.key();
  TRY(hosts.services.assessor.remove(session, key, "ResourceDeleted", call.now));
  TRY(forget_hardening(session, key));
  TRY(forget_machine(session, key));
  session.after_commit([&hosts, key, name = resource.id.name(), id = resource.id.text()] {
    hosts.credentials.forget(key);
    hosts.services.publish("host", {{"name", name}, {"id", id}, {"state", "removed"}, {"failed", nullptr}, {"assessed", nullptr}});
  });
  return {};
}

}  // namespace

arm::ResourceType machine_type(Hosts& hosts) {
  arm::ResourceType type;
  type.name = kMachineType;
  type.api_versions = {"2025-01-13", "2024-07-10", "2023-06-20-preview", "2022-12-27"};
  type.prepare = [](const arm::Call&, store::Session&, const arm::Resource* before, arm::Resource& after) { return prepare_machine(before, after); };
  // Rules may hold by tags.
  type.written = [&hosts](const arm::Call& call, store::Session& session, const arm::Resource& resource) {
    return hosts.services.assessor.reassess_scope(session, resource.id.key(), call.now);
  };
  type.removing = [&hosts](const arm::Call& call, store::Session& session, const arm::Resource& resource) { return remove_machine(hosts, call, session, resource); };
  type.present = [](const arm::Call&, store::Session& session, base::JsonObject& shown) -> base::Result<void> {
    const auto id = TRY(arm::ResourceId::parse(base::get_string(base::Json(shown), "id")));
    if (const auto machine = TRY(load_machine(session, id.key()))) shown["properties"] = machine_properties(*machine);
    return {};
  };
  return type;
}

void declare_hybrid_compute(arm::ResourceManager& manager, Hosts& hosts) { manager.declare(machine_type(hosts)); }

}  // namespace providers::hybrid_compute
