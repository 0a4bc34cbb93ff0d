// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "security/finding_text.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::string_view kColumns =
    "machine_key, resource_id, name, machine_id, credential_hash, enrolled_at, facts, engine, engine_since, agent, state, state_since, "
    "heard_at, last_at, beat_at, inventory_at, assessment, assessed_at, asked_at, packages_set, packages_at, packages_asked_at";

constexpr std::size_t kMostAddresses = 64, kMostProblems = 20, kProblemBytes = 500;

base::Json json_of(std::string_view text) { return base::parse_json(text, "a machine").value_or(base::JsonObject{}); }

MachineRow machine_row(const store::Row& row) {
  MachineRow out;
  std::string* const texts[] = {&out.key, &out.resource_id, &out.name, &out.machine_id, &out.credential_hash};
  for (int column = 0; column < 5; ++column) *texts[column] = row.text(column);
  out.enrolled_at = row.integer(5);
  out.facts = json_of(row.text(6));
  out.engine = row.text(7);
  out.engine_since = row.integer(8);
  out.agent = json_of(row.text(9));
  out.state = row.text(10);
  out.state_since = row.integer(11);
  out.heard_at = row.integer(12);
  out.last_at = row.integer(13);
  out.beat_at = row.integer(14);
  out.inventory_at = row.integer(15);
  out.assessment = json_of(row.text(16));
  out.assessed_at = row.integer(17);
  out.asked_at = row.integer(18);
  if (!row.is_null(19)) out.packages_set = row.integer(19);
  out.packages_at = row.integer(20);
  out.packages_asked_at = row.integer(21);
  return out;
}

base::Result<std::optional<MachineRow>> find_where(store::Session& session, std::string_view condition, const std::string& value) {
  std::optional<MachineRow> out;
  TRY(session.query(fmt::format("SELECT {} FROM machines WHERE {} = ?", kColumns, condition), {std::string_view(value)},
                    [&](const store::Row& row) { out = machine_row(row); }));
  return out;
}

// Of one processor, in percent, since `before`; over the whole life of the process where that says nothing.
double processor_share(const uplink::AgentStatus& status, const base::Json& before, store::Millis now) {
  const auto real = [&](std::string_view name) {
    const base::Json* value = base::find(before, name);
    return value && value->is_number() ? value->to_number<double>() : 0.0;
  };
  const bool same_process = base::get_int(before, "startedAt").value_or(-1) == status.started_at && status.cpu_seconds >= real("cpuSeconds");
  const double seconds = static_cast<double>(now - base::get_int(before, "at").value_or(0)) / 1000;
  if (same_process && seconds < 5) return real("cpuPercent");
  const double used = same_process ? status.cpu_seconds - real("cpuSeconds") : status.cpu_seconds;
  const double during = same_process ? seconds : std::max(1.0, static_cast<double>(now - status.started_at) / 1000);
  const double percent = 100 * used / during;
  return std::isfinite(percent) ? std::clamp(std::round(percent * 100) / 100, 0.0, 100'000.0) : 0;
}

}  // namespace

base::Result<std::optional<MachineRow>> load_machine(store::Session& session, const std::string& machine_key) {
  return find_where(session, "machine_key", machine_key);
}

base::Result<std::optional<MachineRow>> find_machine_by_credential(store::Session& session, const std::string& credential_hash) {
  return find_where(session, "credential_hash", credential_hash);
}

base::Result<std::optional<MachineRow>> find_machine_by_id(store::Session& session, const std::string& machine_id) {
  return find_where(session, "machine_id", machine_id);
}

base::Result<std::vector<MachineRow>> load_machines(store::Session& session) {
  std::vector<MachineRow> out;
  TRY(session.query(fmt::format("SELECT {} FROM machines ORDER BY name", kColumns), {}, [&](const store::Row& row) { out.push_back(machine_row(row)); }));
  return out;
}

base::Result<void> save_machine(store::Session& session, const MachineRow& machine) {
  const std::string facts = base::to_text(machine.facts), agent = base::to_text(machine.agent), assessment = base::to_text(machine.assessment);
  const auto text = [](const std::string& value) { return std::string_view(value); };
  return session.run(
      fmt::format("INSERT INTO machines ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (machine_key) "
                  "DO UPDATE SET resource_id = excluded.resource_id, name = excluded.name, machine_id = excluded.machine_id, credential_hash = "
                  "excluded.credential_hash, enrolled_at = excluded.enrolled_at, facts = excluded.facts, engine = excluded.engine, engine_since = "
                  "excluded.engine_since, agent = excluded.agent, state = excluded.state, state_since = excluded.state_since, heard_at = "
                  "excluded.heard_at, last_at = excluded.last_at, beat_at = excluded.beat_at, inventory_at = excluded.inventory_at, assessment = "
                  "excluded.assessment, assessed_at = excluded.assessed_at, asked_at = excluded.asked_at, packages_set = excluded.packages_set, "
                  "packages_at = excluded.packages_at, packages_asked_at = excluded.packages_asked_at", kColumns),
      {text(machine.key), text(machine.resource_id), text(machine.name), text(machine.machine_id), text(machine.credential_hash),
       machine.enrolled_at, text(facts), text(machine.engine), machine.engine_since, text(agent), text(machine.state), machine.state_since,
       machine.heard_at, machine.last_at, machine.beat_at, machine.inventory_at, text(assessment), machine.assessed_at, machine.asked_at,
       machine.packages_set ? store::Value(*machine.packages_set) : store::Value(nullptr), machine.packages_at, machine.packages_asked_at});
}

base::Result<void> forget_machine(store::Session& session, const std::string& machine_key) {
  for (const std::string_view table : {"machines", "machine_streams", "host_controls", "host_control_resources", "host_containers", "host_images",
                                       "host_image_digests", "host_objects", "host_history"})
    TRY(session.run(fmt::format("DELETE FROM {} WHERE machine_key = ?", table), {std::string_view(machine_key)}));
  return {};
}

std::string_view engine_name(uplink::EngineKind kind) {
  switch (kind) {
    case uplink::EngineKind::none: return "none";
    case uplink::EngineKind::docker: return "docker";
    case uplink::EngineKind::podman: return "podman";
    case uplink::EngineKind::unreachable: return "unreachable";
  }
  return "none";
}

base::JsonObject management_json(const uplink::Management& management) {
  return {{"managed", management.managed}, {"by", security::stored_text(management.by)}, {"reason", security::stored_text(management.reason)}};
}

base::JsonArray safe_texts(const std::vector<std::string>& texts, std::size_t most) {
  base::JsonArray out;
  for (const std::string& text : texts)
    if (out.size() < most) out.emplace_back(security::stored_text(text));
  return out;
}

base::JsonObject facts_json(const uplink::Machine& machine) {
  const auto text = [](const std::string& value) { return security::stored_text(value); };
  base::JsonObject engine{{"kind", engine_name(machine.engine)},
                          {"version", text(machine.engine_version)},
                          {"apiVersion", text(machine.api_version)},
                          {"storageDriver", text(machine.storage_driver)},
                          {"rootless", machine.rootless},
                          {"usernsRemap", machine.userns_remap},
                          {"swarm", machine.swarm},
                          {"containerdAlone", machine.containerd_alone},
                          {"error", text(machine.engine_error)}};
  return {{"hostName", text(machine.name)},
          {"os", text(machine.os)},
          {"osId", text(machine.os_id)},
          {"osVersion", text(machine.os_version)},
          {"kernel", text(machine.kernel)},
          {"architecture", text(machine.architecture)},
          {"addresses", safe_texts(machine.addresses, kMostAddresses)},
          {"cpus", machine.cpus},
          {"memoryBytes", machine.memory_bytes},
          {"engine", std::move(engine)},
          {"management", management_json(machine.management)}};
}

base::JsonObject agent_json(const uplink::BatchHeader& header, const base::Json& before, store::Millis now) {
  const uplink::AgentStatus& status = header.status;
  base::JsonArray problems;
  for (const std::string& problem : status.problems)
    if (problems.size() < kMostProblems) problems.emplace_back(security::stored_text(std::string_view(problem).substr(0, kProblemBytes)));
  return {{"version", security::stored_text(status.version)},
          {"startedAt", status.started_at},
          {"residentBytes", status.resident_bytes},
          {"cpuSeconds", std::isfinite(status.cpu_seconds) ? status.cpu_seconds : 0.0},
          {"cpuPercent", processor_share(status, before, now)},
          {"spoolMessages", status.spool_messages},
          {"spoolBytes", status.spool_bytes},
          {"lostMessages", status.lost_messages},
          {"problems", std::move(problems)},
          {"stream", security::stored_text(header.stream)},
          {"at", now}};
}

}  // namespace providers::hybrid_compute
