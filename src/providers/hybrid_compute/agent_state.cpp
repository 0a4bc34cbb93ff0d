// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/agent_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "arm/resource.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "providers/hybrid_compute/host_events.hpp"
#include "providers/hybrid_compute/host_history.hpp"
#include "providers/hybrid_compute/host_records.hpp"
#include "providers/hybrid_compute/streams.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr store::Millis kBeatEvery = 60'000;

std::set<std::string> problems_of(const base::Json& agent) {
  std::set<std::string> out;
  for (const base::Json& problem : base::get_array(agent, "problems")) out.emplace(base::as_string(problem));
  return out;
}

base::Result<void> note_problems(store::Session& session, const MachineRow& machine, const base::Json& before, store::Millis now) {
  const std::set<std::string> old = problems_of(before), current = problems_of(machine.agent);
  for (const std::string& problem : current) {
    if (old.count(problem) > 0) continue;
    TRY(add_history(session, machine.key, {"agent", "The agent has a problem", "", problem}, now));
    TRY(record_failure(session, machine, "Agent", problem, now));
  }
  if (current.empty() && !old.empty()) TRY(add_history(session, machine.key, {"agent", "The agent's problems are gone", *old.begin(), ""}, now));
  return {};
}

base::Result<void> note_version(store::Session& session, const MachineRow& machine, const base::Json& before, store::Millis now) {
  const std::string old(base::get_string(before, "version")), current(base::get_string(machine.agent, "version"));
  if (old == current || old.empty()) return {};
  return add_history(session, machine.key, {"agent", "Version of the agent", old, current}, now);
}

base::Result<void> change_state(const Services& services, store::Session& session, MachineRow& machine, std::string_view state, store::Millis now) {
  const std::string before = machine.state;
  machine.state = state;
  machine.state_since = now;
  TRY(add_history(session, machine.key, {"agent", "State of the agent", before, machine.state}, now));
  if (state == kLost)
    TRY(record_failure(session, machine, "Agent", fmt::format("The agent of {} was last heard of at {}.", machine.name, arm::format_millis(machine.heard_at)), now));
  return tell_host(services, session, machine);
}

// What is to be looked at again without a report: keys of hosts.
struct Silent {
  std::string key;
  std::string_view state;
};

base::Result<std::vector<Silent>> find_silent(const Hosts& hosts, store::Session& session, store::Millis now) {
  std::vector<Silent> out;
  TRY(session.query("SELECT machine_key, state, heard_at FROM machines", {}, [&](const store::Row& row) {
    const std::string_view state = state_after(now - std::max(row.integer(2), hosts.started_at), hosts.settings.heartbeat_seconds);
    if (state != row.text(1) && state != kConnected) out.push_back({std::string(row.text(0)), state});
  }));
  return out;
}

base::Result<std::vector<std::string>> find_out_of_reach(store::Session& session, store::Millis now) {
  std::vector<std::string> out;
  TRY(session.query("SELECT m.machine_key FROM machines m WHERE m.engine = 'unreachable' AND m.engine_since <= ? AND NOT EXISTS (SELECT 1 FROM assessments a WHERE "
                    "a.resource_key = m.machine_key AND a.verdict_cause = 'EngineUnreachable')",
                    {now - kEngineGrace}, [&](const store::Row& row) { out.emplace_back(row.text(0)); }));
  return out;
}

base::Result<void> write_sign(Hosts& hosts, store::Session& session, const std::string& key, const SignsOfLife::Sign& sign) {
  auto machine = TRY(load_machine(session, key));
  if (!machine || sign.at < machine->heard_at) return {};
  TRY(take_header(hosts, session, *machine, sign.header, sign.at));
  return save_machine(session, *machine);
}

}  // namespace

std::string_view state_after(store::Millis silence, std::int64_t heartbeat_seconds) {
  if (silence * 2 <= heartbeat_seconds * 5'000) return kConnected;
  return silence <= heartbeat_seconds * 10'000 ? kLate : kLost;
}

base::Result<void> take_header(Hosts& hosts, store::Session& session, MachineRow& machine, const uplink::BatchHeader& header, store::Millis now) {
  const base::Json before = machine.agent;
  machine.agent = agent_json(header, before, now);
  machine.heard_at = now;
  TRY(note_problems(session, machine, before, now));
  TRY(note_version(session, machine, before, now));
  if (machine.state != kConnected) TRY(change_state(hosts.services, session, machine, kConnected, now));
  if (now - machine.beat_at < kBeatEvery) return {};
  machine.beat_at = now;
  return record_heartbeat(session, machine, now);
}

base::Result<void> watch_hosts(Hosts& hosts, store::Millis now) {
  const auto signs = hosts.signs.take();
  std::vector<Silent> silent;
  std::vector<std::string> out_of_reach;
  TRY(hosts.services.database.read([&](store::Session& session) -> base::Result<void> {
    silent = TRY(find_silent(hosts, session, now));
    out_of_reach = TRY(find_out_of_reach(session, now));
    return {};
  }));
  std::erase_if(silent, [&](const Silent& host) { return signs.count(host.key) > 0; });
  if (signs.empty() && silent.empty() && out_of_reach.empty()) return {};
  return hosts.services.database.write([&](store::Session& session) -> base::Result<void> {
    for (const auto& sign : signs) TRY(write_sign(hosts, session, sign.first, sign.second));
    for (const Silent& host : silent)
      if (auto machine = TRY(load_machine(session, host.key)); machine && now >= machine->heard_at && machine->state != host.state) {
        TRY(change_state(hosts.services, session, *machine, host.state, now));
        TRY(save_machine(session, *machine));
      }
    for (const std::string& key : out_of_reach)
      if (const auto machine = TRY(load_machine(session, key))) TRY(assess_hardening(hosts.services, session, *machine, now));
    return {};
  });
}

}  // namespace providers::hybrid_compute
