// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "providers/hybrid_compute/apply.hpp"
#include "providers/hybrid_compute/host_records.hpp"

namespace providers::hybrid_compute {

namespace {

std::string engine_text(const base::Json& facts) {
  const base::Json engine(base::get_object(facts, "engine"));
  const std::string_view kind = base::get_string(engine, "kind"), version = base::get_string(engine, "version");
  return version.empty() ? std::string(kind) : fmt::format("{} {}", kind, version);
}

struct NamedFact {
  std::string_view member, title;
};
constexpr NamedFact kFactsTold[] = {{"os", "Operating system"}, {"kernel", "Kernel"}, {"hostName", "Host name"}};

base::Result<void> note_facts(Taking& taking, const base::Json& before, const base::Json& after, bool engine_was_known) {
  for (const NamedFact& fact : kFactsTold) {
    const std::string old(base::get_string(before, fact.member)), now(base::get_string(after, fact.member));
    if (old != now && !old.empty()) TRY(note(taking, {"engine", std::string(fact.title), old, now}));
  }
  const std::string old = engine_text(before), now = engine_text(after);
  if (old == now || !engine_was_known) return {};
  return note(taking, {"engine", "Container engine", old, now, std::string(base::get_string(base::Json(base::get_object(after, "engine")), "error"))});
}

}  // namespace

base::Result<void> note(Taking& taking, const HostChange& change) {
  if (taking.effects.history_left <= 0) return {};
  if (--taking.effects.history_left == 0)
    return add_history(taking.session, taking.machine.key, {change.kind, "Further changes at that time are not listed", "", ""}, taking.at);
  return add_history(taking.session, taking.machine.key, change, taking.at);
}

base::Result<void> apply(Taking& taking, const uplink::Machine& machine) {
  MachineRow& row = taking.machine;
  base::Json facts = facts_json(machine);
  const std::string engine(engine_name(machine.engine));
  if (facts == row.facts && engine == row.engine) return {};
  TRY(note_facts(taking, row.facts, facts, !row.engine.empty()));
  row.facts = std::move(facts);
  taking.effects.engine = true;
  if (engine == row.engine) return {};
  row.engine = engine;
  row.engine_since = taking.now;
  if (engine == "unreachable")
    TRY(record_failure(taking.session, row, "Data Collection Status",
                       fmt::format("The container engine cannot be reached: {}", base::get_string(base::Json(base::get_object(row.facts, "engine")), "error")), taking.at));
  return {};
}

}  // namespace providers::hybrid_compute
