// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/intake.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/hybrid_compute/agent_state.hpp"
#include "providers/hybrid_compute/apply.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "providers/hybrid_compute/host_events.hpp"
#include "providers/hybrid_compute/host_records.hpp"
#include "providers/hybrid_compute/requests.hpp"
#include "providers/hybrid_compute/streams.hpp"
#include "uplink/inventory_json.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr store::Millis kOldestMessage = 7LL * 24 * 3'600'000;  // a spool that waited longer tells of no better time
constexpr store::Millis kAheadOfHub = 3'600'000;           // further, and it was the hub's own clock that was wrong then
constexpr std::uint64_t kMostSequence = 1ull << 53;

tl::unexpected<base::Error> no_such_machine() {
  return base::fail(base::Kind::denied, "This credential is of no machine here (any more): it was removed, or enrolled again. Enrol it anew with a token of this hub.");
}

// The host's clock is believed within bounds, and never stands still or runs backwards: the newest record of a control is its newest
// state. Where it would, each message is a millisecond behind the one before.
store::Millis believed_time(std::int64_t at, const MachineRow& machine, store::Millis now) {
  const store::Millis believed = std::clamp<store::Millis>(at, now - kOldestMessage, now);
  return machine.last_at > now + kAheadOfHub ? believed : std::max(believed, machine.last_at + 1);
}

// Package lists by their sequences, matched before the transaction begins: it takes longer than one may.
using Matched = std::map<std::uint64_t, MatchedPackages>;

base::Result<MatchedPackages> match_packages(const Services& services, const uplink::Packages& packages) {
  MatchedPackages out;
  auto inventory = uplink::inventory_from_json(packages.inventory);
  if (!inventory && inventory.error().kind == base::Kind::unsupported) return base::fail(base::Kind::invalid_input, inventory.error().message);
  out.inventory = TRY(std::move(inventory));
  if (const auto data = services.data.current()) {
    out.findings = data->database->match(out.inventory);
    out.matched_with = data->version;
  }
  out.findings.insert(out.findings.end(), out.inventory.issues.begin(), out.inventory.issues.end());
  return out;
}

base::Result<Matched> match_all(const Services& services, const uplink::Batch& batch, std::int64_t behind) {
  Matched out;
  for (const uplink::Message& message : batch.messages) {
    const auto* packages = std::get_if<uplink::Packages>(&message.body);
    if (!packages || static_cast<std::int64_t>(message.sequence) <= behind) continue;
    out.emplace(message.sequence, TRY_CONTEXT(match_packages(services, *packages), fmt::format("message {}", message.sequence)));
  }
  return out;
}

base::Result<void> apply_body(Taking& taking, const uplink::Message& message, const Matched& matched) {
  if (const auto* machine = std::get_if<uplink::Machine>(&message.body)) return apply(taking, *machine);
  if (const auto* inventory = std::get_if<uplink::Inventory>(&message.body)) return apply(taking, *inventory);
  if (const auto* assessment = std::get_if<uplink::Assessment>(&message.body)) return apply(taking, *assessment);
  const auto found = matched.find(message.sequence);
  if (found == matched.end()) return {};  // it was taken between the look at the mark and this transaction
  return apply(taking, std::get<uplink::Packages>(message.body), found->second);
}

base::Result<void> note_gap(Taking& taking, StreamMark& mark, std::int64_t sequence) {
  const std::int64_t missing = sequence - mark.last - 1;
  if (missing <= 0 || !mark.known) return {};  // a stream that the hub never saw begins where it begins
  mark.gaps += missing;
  return note(taking, {"agent", "Messages of the agent never came", "", fmt::format("{} of them", missing)});
}

base::Result<void> note_lost(Taking& taking, StreamMark& mark, std::int64_t lost) {
  if (lost <= mark.lost) return {};
  const std::string words = fmt::format("The agent lost {} messages that found no room in its spool.", lost - mark.lost);
  mark.lost = lost;
  TRY(note(taking, {"agent", "Messages of the agent were lost", "", words}));
  return record_failure(taking.session, taking.machine, "Agent", words, taking.now);
}

base::Result<void> apply_messages(Taking& taking, const uplink::Batch& batch, const Matched& matched, StreamMark& mark) {
  taking.at = taking.now;
  TRY(note_lost(taking, mark, batch.header.status.lost_messages));
  for (const uplink::Message& message : batch.messages) {
    if (message.sequence > kMostSequence) return base::fail(base::Kind::invalid_input, fmt::format("sequence {} is past 2^53", message.sequence));
    const auto sequence = static_cast<std::int64_t>(message.sequence);
    if (sequence <= mark.last) continue;
    taking.at = taking.machine.last_at = believed_time(message.at, taking.machine, taking.now);
    TRY(note_gap(taking, mark, sequence));
    TRY_CONTEXT(apply_body(taking, message, matched), fmt::format("message {}", sequence));
    mark.last = sequence;
  }
  return {};
}

// Verdicts that the batch bears on, asked for once.
base::Result<void> judge(Taking& taking) {
  const Effects& effects = taking.effects;
  if (effects.engine || effects.controls) {
    TRY(assess_hardening(taking.services, taking.session, taking.machine, taking.now));
    TRY(tell_host(taking.services, taking.session, taking.machine));
  }
  if (effects.containers) TRY(assess_running_images(taking.services, taking.session, taking.machine, taking.now));
  return effects.packages ? assess_packages(taking.services, taking.session, taking.machine, taking.now) : base::Result<void>();
}

}  // namespace

// A sign of life of a host that is connected changes nothing that must be kept at once.
base::Result<std::optional<uplink::Reply>> Intake::take_sign(const std::string& machine_key, const uplink::Batch& batch, store::Millis now) {
  std::optional<uplink::Reply> out;
  TRY(hosts_.services.database.read([&](store::Session& session) -> base::Result<void> {
    auto machine = TRY(load_machine(session, machine_key));
    if (!machine) return no_such_machine();
    const StreamMark mark = TRY(load_mark(session, machine_key, batch.header.stream));
    if (machine->state != kConnected || !mark.known || batch.header.status.lost_messages > mark.lost) return {};
    if (TRY(packages_are_due(session, hosts_.services, *machine, now))) return {};
    out = uplink::Reply{static_cast<std::uint64_t>(mark.last), hosts_.settings, TRY(requests_of(session, *machine, false, now))};
    return {};
  }));
  if (out) hosts_.signs.note(machine_key, {now, batch.header});
  return out;
}

base::Result<uplink::Reply> Intake::take(const std::string& machine_key, const uplink::Batch& batch, store::Millis now) {
  if (batch.messages.empty())
    if (auto reply = TRY(take_sign(machine_key, batch, now))) return std::move(*reply);
  std::int64_t behind = 0;
  TRY(hosts_.services.database.read([&](store::Session& session) -> base::Result<void> {
    behind = TRY(load_mark(session, machine_key, batch.header.stream)).last;
    return {};
  }));
  const Matched matched = TRY(match_all(hosts_.services, batch, behind));
  uplink::Reply reply;
  reply.settings = hosts_.settings;
  TRY(hosts_.services.database.write([&](store::Session& session) -> base::Result<void> {
    auto machine = TRY(load_machine(session, machine_key));
    if (!machine) return no_such_machine();
    StreamMark mark = TRY(load_mark(session, machine_key, batch.header.stream));
    Taking taking{hosts_.services, session, *machine, now};
    TRY(apply_messages(taking, batch, matched, mark));
    TRY(take_header(hosts_, session, *machine, batch.header, now));
    TRY(judge(taking));
    TRY(save_mark(session, machine_key, batch.header.stream, mark, now));
    reply.acknowledged = static_cast<std::uint64_t>(mark.last);
    reply.requests = TRY(requests_of(session, *machine, TRY(packages_are_due(session, hosts_.services, *machine, now)), now));
    return save_machine(session, *machine);
  }));
  return reply;
}

}  // namespace providers::hybrid_compute
