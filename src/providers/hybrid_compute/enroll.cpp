// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/enroll.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "arm/resource.hpp"
#include "base/crypto.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "providers/hybrid_compute/enrollment_tokens.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "providers/hybrid_compute/host_events.hpp"
#include "providers/hybrid_compute/host_history.hpp"
#include "providers/hybrid_compute/machine.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::size_t kNameBytes = 54;  // of Azure's machines; what makes it unique comes on top

bool is_machine_id(std::string_view text) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == 32 && std::all_of(text.begin(), text.end(), hex);
}

// Letters, digits, '-', '_' and '.'; what else a host is called becomes '-'.
std::string resource_name_of(std::string_view host_name) {
  std::string out;
  for (const char c : host_name.substr(0, kNameBytes)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    out += plain ? c : '-';
  }
  while (!out.empty() && (out.front() == '.' || out.front() == '-')) out.erase(out.begin());
  while (!out.empty() && (out.back() == '.' || out.back() == '-')) out.pop_back();
  return out.empty() ? "host" : out;
}

arm::ResourceId group_of(const Services& services) {
  return *arm::ResourceId::parse(fmt::format("/subscriptions/{}/resourceGroups/{}", services.subscription_id, services.resource_group));
}

base::Result<arm::ResourceId> free_id(const Services& services, store::Session& session, const uplink::Machine& machine) {
  const arm::ResourceId group = group_of(services);
  const std::string name = resource_name_of(machine.name);
  const arm::ResourceId plain = group.extension(kMachineType, name);
  if (!TRY(arm::load_resource(session, plain.key()))) return plain;
  const std::string mark = is_machine_id(machine.machine_id) ? machine.machine_id.substr(0, 6) : base::sha256_hex(base::random_bytes(8)).substr(0, 6);
  const arm::ResourceId marked = group.extension(kMachineType, name + "-" + mark);
  if (!TRY(arm::load_resource(session, marked.key()))) return marked;
  return group.extension(kMachineType, name + "-" + base::sha256_hex(base::random_bytes(8)).substr(0, 12));
}

base::Result<MachineRow> new_machine(const Services& services, store::Session& session, const uplink::Machine& machine, const base::JsonObject& labels,
                                     store::Millis now) {
  MachineRow out;
  arm::Resource resource;
  resource.id = TRY(free_id(services, session, machine));
  resource.body = {{"location", "local"}, {"tags", labels}, {"properties", base::JsonObject{}}};
  TRY(arm::save_resource(session, resource, "bulwark agent", now));
  out.key = resource.id.key();
  out.resource_id = resource.id.text();
  out.name = resource.id.name();
  out.machine_id = is_machine_id(machine.machine_id) ? machine.machine_id : "";
  out.agent = base::JsonObject{};
  out.assessment = base::JsonObject{};
  out.state = kConnected;
  out.state_since = now;
  return out;
}

// The machine's row with a new credential, new or taken over.
base::Result<MachineRow> take_in(Hosts& hosts, store::Session& session, const uplink::Machine& machine, const base::JsonObject& labels,
                                 const std::string& credential_hash, store::Millis now) {
  std::optional<MachineRow> row;
  if (is_machine_id(machine.machine_id)) row = TRY(find_machine_by_id(session, machine.machine_id));
  const bool again = row.has_value();
  if (!row) row = TRY(new_machine(hosts.services, session, machine, labels, now));
  row->credential_hash = credential_hash;
  row->enrolled_at = row->heard_at = now;
  // An agent may enrol before it looked for an engine: that there is none is told by its first report.
  const bool engine_known = machine.engine != uplink::EngineKind::none;
  if (!again || engine_known) row->facts = facts_json(machine);
  if (engine_known && row->engine != engine_name(machine.engine)) {
    row->engine = engine_name(machine.engine);
    row->engine_since = now;
  }
  TRY(save_machine(session, *row));
  TRY(add_history(session, row->key, {"agent", again ? "The agent enrolled again" : "The agent enrolled", "", std::string(kConnected)}, now));
  TRY(assess_host(hosts.services, session, *row, now));
  if (again) session.after_commit([&hosts, key = row->key] { hosts.credentials.forget(key); });
  return tell_host(hosts.services, session, *row).map([&] { return std::move(*row); });
}

// In the place of a credential's hash: nothing that anybody could send has this hash.
std::string own_credential(const std::string& machine_id) { return "own:" + machine_id; }

}  // namespace

base::Result<uplink::Enrolled> enroll(Hosts& hosts, const uplink::EnrollRequest& request, store::Millis now) {
  const auto token = TRY(uplink::parse_token(request.token));
  uplink::Enrolled out;
  out.credential = "bwa_" + base::random_token(32);
  out.settings = hosts.settings;
  TRY(hosts.services.database.write([&](store::Session& session) -> base::Result<void> {
    const TokenRow redeemed = TRY(redeem(session, token, now));
    out.resource_id = TRY(take_in(hosts, session, request.machine, redeemed.labels, base::sha256_hex(out.credential), now)).resource_id;
    return {};
  }));
  return out;
}

base::Result<bool> enroll_own(Hosts& hosts, const uplink::Machine& machine, bool take_over, store::Millis now) {
  bool own = true;
  TRY(hosts.services.database.write([&](store::Session& session) -> base::Result<void> {
    const std::string credential = own_credential(machine.machine_id);
    if (TRY(find_machine_by_credential(session, credential))) return {};
    own = take_over || !is_machine_id(machine.machine_id) || !TRY(find_machine_by_id(session, machine.machine_id));
    if (own) TRY(take_in(hosts, session, machine, {}, credential, now));
    return {};
  }));
  return own;
}

base::Result<std::optional<std::string>> own_machine(Hosts& hosts, const std::string& machine_id) {
  std::optional<std::string> key;
  TRY(hosts.services.database.read([&](store::Session& session) -> base::Result<void> {
    if (const auto machine = TRY(find_machine_by_credential(session, own_credential(machine_id)))) key = machine->key;
    return {};
  }));
  return key;
}

}  // namespace providers::hybrid_compute
