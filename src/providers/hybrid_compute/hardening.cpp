// SPDX-License-Identifier: Apache-2.0
// The assessment of how a host is hardened: findings from failed controls.
#include <fmt/format.h>

#include "base/text.hpp"
#include "benchmark/control.hpp"
#include "providers/hybrid_compute/controls.hpp"
#include "providers/hybrid_compute/evidence.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "security/finding_sets.hpp"
#include "security/recommendations.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::size_t kEvidenceLines = 50;

security::Verdict no_verdict(std::string cause, std::string description) {
  return {std::nullopt, std::string(security::kNotApplicable), std::move(cause), std::move(description)};
}

std::string set_key(const std::string& machine_key) { return fmt::format("host:{}:{}", machine_key, benchmark::cis_docker().id); }

// A line for the host and for each container, image or network that fails.
std::string evidence_of_finding(const std::vector<StoredResource>& resources, std::int64_t failing) {
  std::string out;
  std::int64_t lines = 0;
  for (const StoredResource& resource : resources) {
    if (resource.status != "fail" || lines >= static_cast<std::int64_t>(kEvidenceLines)) continue;
    const std::string line = evidence_line(resource.scope, resource.name, resource.evidence);
    if (line.empty()) continue;
    out += (out.empty() ? "" : "\n") + line;
    ++lines;
  }
  if (failing > lines && lines > 0) out += fmt::format("\nand {} more", failing - lines);
  return out;
}

}  // namespace

model::Finding control_finding(const benchmark::Control& control) {
  model::Finding finding;
  finding.category = model::Category::configuration;
  finding.id = "CIS-" + control.id;
  finding.title = fmt::format("{} {}", control.id, control.title);
  finding.description = control.rationale;
  finding.remediation = base::join(control.remediation, "\n");
  finding.severity = control.severity;
  return finding;
}

namespace {

model::Finding finding_of(const benchmark::Control& control, const StoredControl& stored, const std::vector<StoredResource>& resources) {
  model::Finding finding = control_finding(control);
  finding.evidence = stored.status == "fail" ? evidence_of_finding(resources, stored.counts.fail)
                                             : "It failed when it was last judged, and cannot be judged now: " + control_words(resources);
  return finding;
}

base::Result<std::vector<model::Finding>> failed_findings(store::Session& session, const MachineRow& machine) {
  const StoredControls controls = TRY(load_controls(session, machine.key));
  const StoredResources resources = TRY(load_control_resources(session, machine.key));
  std::vector<model::Finding> out;
  for (const benchmark::Control& control : benchmark::cis_docker().controls) {
    const auto stored = controls.find(control.id);
    if (stored == controls.end() || !stored->second.failing) continue;
    const auto listed = resources.find(control.id);
    out.push_back(finding_of(control, stored->second, listed == resources.end() ? std::vector<StoredResource>() : listed->second));
  }
  return out;
}

std::string engine_error(const MachineRow& machine) {
  return std::string(base::get_string(base::Json(base::get_object(machine.facts, "engine")), "error"));
}

// What stands in the way of a verdict; nothing where there is to be one.
std::optional<security::Verdict> obstacle(const MachineRow& machine, store::Millis now) {
  if (machine.engine == "none") {
    const bool containerd = base::get_bool(base::Json(base::get_object(machine.facts, "engine")), "containerdAlone");
    return no_verdict("NoContainerEngine", containerd ? "containerd runs on this machine without Docker; the benchmark is of Docker." : "There is no container engine on this machine.");
  }
  // A whole assessment of a host whose engine did not answer says nothing; one from before holds for a while.
  if (machine.engine == "unreachable" && (machine.assessed_at == 0 || base::get_string(machine.assessment, "engine") == "unreachable" || now - machine.engine_since >= kEngineGrace))
    return no_verdict("EngineUnreachable", fmt::format("The agent cannot reach the container engine: {}", engine_error(machine)));
  if (machine.assessed_at == 0) return no_verdict("AssessmentPending", "The agent has not compared the machine with the benchmark yet.");
  return std::nullopt;
}

}  // namespace

base::Result<void> forget_hardening(store::Session& session, const std::string& machine_key) {
  const std::string key = set_key(machine_key);
  for (const std::string_view sql : {"DELETE FROM findings WHERE set_id IN (SELECT id FROM finding_sets WHERE set_key = ?)",
                                     "DELETE FROM set_changes WHERE set_id IN (SELECT id FROM finding_sets WHERE set_key = ?)", "DELETE FROM finding_sets WHERE set_key = ?"})
    TRY(session.run(sql, {std::string_view(key)}));
  return {};
}

base::Result<void> assess_hardening(const Services& services, store::Session& session, const MachineRow& machine, store::Millis now) {
  const security::Subject subject{machine.resource_id, std::string(kMachineType), std::string(security::kHostConfiguration)};
  if (const auto none = obstacle(machine, now)) {
    TRY(services.assessor.assess(session, subject, *none, now));
    return {};
  }
  const auto findings = TRY(failed_findings(session, machine));
  const auto& benchmark = benchmark::cis_docker();
  const auto set = TRY(security::put_finding_set(session, set_key(machine.key), nullptr, findings,
                                                 fmt::format("{} {}", benchmark.id, benchmark.version), now));
  TRY(services.assessor.assess(session, subject, {set.set_id, {}, {}, {}}, now));
  return {};
}

}  // namespace providers::hybrid_compute
