// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "benchmark/control.hpp"
#include "providers/hybrid_compute/controls.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "providers/hybrid_compute/host_views.hpp"
#include "security/finding_sets.hpp"
#include "security/sql_text.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::size_t kResourcesShown = 20;

// Why findings of the host's controls do not count, by finding id.
base::Result<std::map<std::string, base::JsonObject>> disabled_controls(store::Session& session, const MachineRow& machine) {
  std::map<std::string, base::JsonObject> out;
  TRY(session.query("SELECT s.finding_id, s.rule_key, s.cause, s.reason FROM suppressions s JOIN assessments a ON a.id = s.assessment_id WHERE a.resource_key = ? AND "
                    "a.assessment_key = ?",
                    {std::string_view(machine.key), security::kHostConfiguration}, [&](const store::Row& row) {
                      out[std::string(row.text(0))] = {{"rule", row.text(1)}, {"cause", row.text(2)}, {"reason", row.text(3)}};
                    }));
  return out;
}

base::JsonObject counts_json(const uplink::ControlCounts& counts) {
  return {{"pass", counts.pass}, {"fail", counts.fail}, {"manual", counts.manual}, {"notApplicable", counts.not_applicable}, {"error", counts.error}};
}

void add_resources(const std::vector<StoredResource>& resources, const uplink::ControlCounts& counts, base::JsonObject& row) {
  base::JsonArray shown;
  std::int64_t others = 0;
  for (const StoredResource& resource : resources) {
    if (resource.scope == "host") {
      row["evidence"] = resource.evidence;
      continue;
    }
    ++others;
    if (shown.size() < kResourcesShown)
      shown.emplace_back(base::JsonObject{{"scope", resource.scope}, {"id", resource.id}, {"name", resource.name}, {"status", resource.status}, {"evidence", resource.evidence}});
  }
  // What is stored is capped; the agent's counts are not. The host itself may be one of them.
  const std::int64_t counted = counts.fail + counts.error + counts.manual;
  row["resources"] = std::move(shown);
  row["resourceTotal"] = others == 0 ? 0 : std::max(others, counted);
}

base::JsonObject control_row(const benchmark::Control& control) {
  base::JsonArray remediation;
  for (const std::string& line : control.remediation) remediation.emplace_back(line);
  return {{"id", control.id},
          {"title", control.title},
          {"rationale", control.rationale},
          {"section", control.section},
          {"level", control.level},
          {"severity", security::severity_label(control.severity)},
          {"cceId", control.cce_id},
          {"status", "notApplicable"},
          {"counts", counts_json({})},
          {"evidence", base::JsonArray{}},
          {"resources", base::JsonArray{}},
          {"resourceTotal", 0},
          {"remediation", std::move(remediation)},
          {"since", nullptr},
          {"disabled", nullptr},
          {"findingId", security::finding_id(control_finding(control))}};
}

bool among(const std::vector<std::string>& values, std::string_view value) {
  return values.empty() || std::any_of(values.begin(), values.end(), [&](const std::string& one) { return base::equals_ignoring_case(one, value); });
}

bool has_words(const std::string& q, const benchmark::Control& control) {
  const std::string text = base::to_lower(control.id + " " + control.title + " " + control.cce_id);
  for (const std::string_view word : base::split(q, ' '))
    if (text.find(base::to_lower(word)) == std::string::npos) return false;
  return true;
}

}  // namespace

base::Result<base::JsonArray> control_rows(store::Session& session, const MachineRow& machine, const security::Query& query) {
  security::Filters filters(query);
  const auto sections = filters.values("section"), statuses = filters.values("status"), severities = filters.values("severity");
  TRY(filters.finish());
  const StoredControls controls = TRY(load_controls(session, machine.key));
  const StoredResources resources = TRY(load_control_resources(session, machine.key));
  const auto disabled = TRY(disabled_controls(session, machine));
  base::JsonArray out;
  for (const benchmark::Control& control : benchmark::cis_docker().controls) {
    base::JsonObject row = control_row(control);
    if (const auto stored = controls.find(control.id); stored != controls.end()) {
      row["status"] = stored->second.status;
      row["counts"] = counts_json(stored->second.counts);
      row["since"] = time_or_nothing(stored->second.since);
      if (const auto listed = resources.find(control.id); listed != resources.end()) add_resources(listed->second, stored->second.counts, row);
    }
    if (const auto why = disabled.find(std::string(base::as_string(row["findingId"]))); why != disabled.end()) row["disabled"] = why->second;
    if (among(sections, control.section) && among(statuses, base::as_string(row["status"])) && among(severities, base::as_string(row["severity"])) && has_words(query.q, control))
      out.emplace_back(std::move(row));
  }
  return out;
}

}  // namespace providers::hybrid_compute
