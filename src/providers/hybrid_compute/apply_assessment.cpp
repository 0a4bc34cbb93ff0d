// SPDX-License-Identifier: Apache-2.0
// Results of the benchmark: written where they differ; what changed is told, recorded and kept as drift.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "benchmark/control.hpp"
#include "providers/hybrid_compute/apply.hpp"
#include "providers/hybrid_compute/controls.hpp"
#include "providers/hybrid_compute/evidence.hpp"
#include "providers/hybrid_compute/host_events.hpp"
#include "providers/hybrid_compute/host_records.hpp"
#include "security/finding_text.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::size_t kResourcesOfControl = 200;  // that are kept; the counts know of all
constexpr std::size_t kControlIdBytes = 512;
constexpr std::array<std::string_view, 5> kStatuses{"pass", "fail", "manual", "notApplicable", "error"};

bool is_status(std::string_view word) { return std::find(kStatuses.begin(), kStatuses.end(), word) != kStatuses.end(); }

struct ResourceText {
  std::string name, status, evidence;
  bool operator==(const ResourceText&) const = default;
};
using ResourceTexts = std::map<std::pair<std::string, std::string>, ResourceText>;  // by scope and id

base::Result<std::map<std::string, ResourceTexts>> load_texts(Taking& taking, const uplink::Assessment& assessment) {
  std::map<std::string, ResourceTexts> out;
  const bool one = assessment.controls.size() == 1;
  std::vector<store::Value> parameters{std::string_view(taking.machine.key)};
  if (one) parameters.emplace_back(std::string_view(assessment.controls.front().id));
  TRY(taking.session.query(fmt::format("SELECT control, scope, id, name, status, evidence FROM host_control_resources WHERE machine_key = ?{}", one ? " AND control = ?" : ""),
                           parameters, [&](const store::Row& row) {
                             out[std::string(row.text(0))][{std::string(row.text(1)), std::string(row.text(2))}] = {std::string(row.text(3)), std::string(row.text(4)),
                                                                                                                     std::string(row.text(5))};
                           }));
  return out;
}

// What is to be stored of the control's resources: of a whole result what it lists, else that over what was there.
base::Result<ResourceTexts> wanted_resources(const uplink::ControlResult& result, bool whole, const ResourceTexts& stored) {
  ResourceTexts out = whole ? ResourceTexts{} : stored;
  for (const std::string& settled : result.settled) {
    const auto [scope, id] = base::cut(settled, "/");
    out.erase({security::stored_text(scope), security::stored_text(id)});
  }
  for (const bool wrong : {true, false}) {
    for (const uplink::ResourceResult& resource : result.resources) {
      if ((resource.status == "fail" || resource.status == "error") != wrong) continue;
      if (!is_status(resource.status)) return base::fail(base::Kind::invalid_input, fmt::format("control {}: '{}' is no status", result.id, security::stored_text(resource.status)));
      if (resource.id.size() > kControlIdBytes) continue;
      const std::pair key(security::stored_text(resource.scope), security::stored_text(resource.id));
      if (out.size() >= kResourcesOfControl && out.count(key) == 0) continue;
      out[key] = {security::stored_text(resource.name), resource.status, base::to_text(stored_evidence(resource.evidence))};
    }
  }
  return out;
}

// True where a row was written.
base::Result<bool> write_resources(Taking& taking, const std::string& control, const ResourceTexts& stored, const ResourceTexts& wanted) {
  bool changed = false;
  for (const auto& [key, resource] : stored) {
    if (wanted.count(key) > 0) continue;
    changed = true;
    TRY(taking.session.run("DELETE FROM host_control_resources WHERE machine_key = ? AND control = ? AND scope = ? AND id = ?",
                           {std::string_view(taking.machine.key), std::string_view(control), std::string_view(key.first), std::string_view(key.second)}));
  }
  for (const auto& [key, resource] : wanted) {
    const auto before = stored.find(key);
    if (before != stored.end() && before->second == resource) continue;
    changed = true;
    TRY(taking.session.run("INSERT INTO host_control_resources (machine_key, control, scope, id, name, status, evidence) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT "
                           "(machine_key, control, scope, id) DO UPDATE SET name = excluded.name, status = excluded.status, evidence = excluded.evidence",
                           {std::string_view(taking.machine.key), std::string_view(control), std::string_view(key.first), std::string_view(key.second),
                            std::string_view(resource.name), std::string_view(resource.status), std::string_view(resource.evidence)}));
  }
  return changed;
}

bool same_counts(const uplink::ControlCounts& a, const uplink::ControlCounts& b) {
  return a.pass == b.pass && a.fail == b.fail && a.manual == b.manual && a.not_applicable == b.not_applicable && a.error == b.error;
}

base::Result<void> write_control(Taking& taking, const std::string& control, const StoredControl& stored) {
  const uplink::ControlCounts& counts = stored.counts;
  return taking.session.run("INSERT INTO host_controls (machine_key, control, status, failing, since, pass, fail, manual, not_applicable, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                            "ON CONFLICT (machine_key, control) DO UPDATE SET status = excluded.status, failing = excluded.failing, since = excluded.since, pass = excluded.pass, fail = excluded.fail, "
                            "manual = excluded.manual, not_applicable = excluded.not_applicable, error = excluded.error",
                            {std::string_view(taking.machine.key), std::string_view(control), std::string_view(stored.status), std::int64_t{stored.failing}, stored.since, counts.pass, counts.fail, counts.manual,
                             counts.not_applicable, counts.error});
}

std::vector<StoredResource> listed(const ResourceTexts& texts) {
  std::vector<StoredResource> out;
  for (const auto& [key, resource] : texts)
    out.push_back({key.first, key.second, resource.name, resource.status, base::parse_json(resource.evidence, "evidence").value_or(base::JsonArray{}).as_array()});
  return out;
}

class Results {
 public:
  Results(Taking& taking, const uplink::Assessment& assessment) : taking_(taking), assessment_(assessment), first_(taking.machine.assessed_at == 0) {}

  base::Result<void> apply() {
    stored_ = TRY(load_controls(taking_.session, taking_.machine.key));
    auto texts = TRY(load_texts(taking_, assessment_));
    for (const uplink::ControlResult& result : assessment_.controls) {
      const benchmark::Control* control = benchmark::cis_docker().find(result.id);
      if (!control) continue;  // of a newer agent: the hub has no words for it
      if (!is_status(result.status)) return base::fail(base::Kind::invalid_input, fmt::format("control {}: '{}' is no status", result.id, security::stored_text(result.status)));
      TRY(take(*control, result, texts[result.id]));
    }
    return note_errors();
  }

 private:
  base::Result<void> take(const benchmark::Control& control, const uplink::ControlResult& result, ResourceTexts& texts) {
    const auto before = stored_.find(control.id);
    const bool turned = before == stored_.end() || before->second.status != result.status;
    const ResourceTexts wanted = TRY(wanted_resources(result, assessment_.whole, texts));
    const bool moved = TRY(write_resources(taking_, control.id, texts, wanted));
    const bool failed = before != stored_.end() && before->second.failing;
    const StoredControl now{result.status, result.status == "fail" || (result.status == "error" && failed), turned ? taking_.at : before->second.since, result.counts};
    if (turned || !same_counts(before->second.counts, result.counts)) TRY(write_control(taking_, control.id, now));
    if (turned || moved) taking_.effects.controls = true;
    const std::string words = control_words(listed(wanted));
    if (turned) TRY(tell(control, before == stored_.end() ? std::string() : before->second.status, result.status, words));
    if (result.status == "error" && turned) errors_.push_back(control.id);
    stored_[control.id] = now;
    texts = wanted;  // of a control that the message names twice
    if (!assessment_.whole && !turned && !moved) return {};
    return record_control(taking_.session, taking_.machine, {control, result.status, words, security::stored_text(assessment_.id)}, taking_.at);
  }

  base::Result<void> tell(const benchmark::Control& control, const std::string& before, const std::string& after, const std::string& words) {
    if (first_) return {};
    tell_control(taking_.services, taking_.session, taking_.machine, control.id, before, after);
    return note(taking_, {"control", fmt::format("{} {}", control.id, control.title), before, after, words, control.id});
  }

  base::Result<void> note_errors() {
    if (errors_.empty()) return {};
    return record_failure(taking_.session, taking_.machine, "Security Baseline",
                          fmt::format("{} could not be judged: {}", errors_.size() == 1 ? "A control" : fmt::format("{} controls", errors_.size()), base::join(errors_, ", ")),
                          taking_.at);
  }

  Taking& taking_;
  const uplink::Assessment& assessment_;
  const bool first_;  // what was so before the hub knew the host is no change
  StoredControls stored_;
  std::vector<std::string> errors_;
};

}  // namespace

base::Result<void> apply(Taking& taking, const uplink::Assessment& assessment) {
  if (assessment.benchmark != benchmark::cis_docker().id)
    return base::fail(base::Kind::invalid_input, fmt::format("this hub does not know the benchmark '{}'", security::stored_text(assessment.benchmark)));
  TRY(Results(taking, assessment).apply());
  if (!assessment.whole || assessment.more) return {};
  MachineRow& machine = taking.machine;
  machine.assessment = base::JsonObject{{"id", security::stored_text(assessment.id)},
                                        {"benchmark", security::stored_text(assessment.benchmark)},
                                        {"version", security::stored_text(assessment.benchmark_version)},
                                        {"cause", security::stored_text(assessment.cause)},
                                        {"engine", machine.engine},
                                        {"tookMs", assessment.took_ms}};
  machine.assessed_at = taking.at;
  if (assessment.cause == "asked" || taking.at > machine.asked_at) machine.asked_at = 0;
  taking.effects.controls = true;
  return record_summary(taking.session, machine, security::stored_text(assessment.id), taking.at);
}

}  // namespace providers::hybrid_compute
