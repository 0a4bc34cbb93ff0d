// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/host_records.hpp"

#include <fmt/format.h>

#include <cmath>

#include "arm/resource_id.hpp"
#include "base/text.hpp"
#include "store/records.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::string_view kBaselineType = "Docker";

// What every row of a host has.
base::JsonObject host_row(const MachineRow& machine, store::Millis at) {
  const auto id = arm::ResourceId::parse(machine.resource_id);
  return {{"TimeGenerated", store::record_time(at)},
          {"Computer", machine.name},
          {"ComputerEnvironment", "Non-Azure"},
          {"SourceComputerId", machine.machine_id},
          {"Resource", machine.name},
          {"ResourceGroup", id ? id->resource_group() : ""},
          {"ResourceId", machine.resource_id},
          {"ResourceProvider", "Microsoft.HybridCompute"},
          {"ResourceType", "machines"},
          {"SubscriptionId", id ? id->subscription() : ""},
          {"_ResourceId", machine.key}};
}

// As Azure's agent writes results; whatever is not Failed counts as a pass there.
std::string_view analyze_result(std::string_view status) {
  if (status == "fail") return "Failed";
  if (status == "pass") return "Passed";
  if (status == "manual") return "Manual";
  return status == "error" ? "Error" : "NotApplicable";
}

std::string_view rule_severity(model::Severity severity) {
  if (severity >= model::Severity::high) return "Critical";
  return severity == model::Severity::medium ? "Warning" : "Informational";
}

struct FailedRules {
  std::int64_t critical = 0, warning = 0, informational = 0, passed = 0;
  std::int64_t failed() const { return critical + warning + informational; }
};

base::Result<FailedRules> count_rules(store::Session& session, const MachineRow& machine) {
  FailedRules out;
  TRY(session.query("SELECT control, status FROM host_controls WHERE machine_key = ?", {std::string_view(machine.key)}, [&](const store::Row& row) {
    if (row.text(1) == "pass") ++out.passed;
    const benchmark::Control* control = benchmark::cis_docker().find(row.text(0));
    if (row.text(1) != "fail" || !control) return;
    const std::string_view severity = rule_severity(control->severity);
    ++(severity == "Critical" ? out.critical : severity == "Warning" ? out.warning : out.informational);
  }));
  return out;
}

// "registry.example.com/team/web:1.2" → repository "registry.example.com/team", image "web", tag "1.2".
struct ImageParts {
  std::string repository, image, tag;
};

ImageParts parts_of(std::string_view name) {
  name = base::cut(name, "@").first;
  const std::size_t slash = name.rfind('/');
  ImageParts out;
  if (slash != std::string_view::npos) out.repository = name.substr(0, slash);
  const auto [image, tag] = base::cut(slash == std::string_view::npos ? name : name.substr(slash + 1), ":");
  out.image = image;
  out.tag = tag.empty() ? "latest" : std::string(tag);
  return out;
}

// As Azure names them.
std::string_view container_state(std::string_view state, const base::Json& exit_code) {
  if (state == "running") return "Running";
  if (state == "paused") return "Paused";
  if (state == "deleted") return "Deleted";
  if (state == "exited" && exit_code.is_int64() && exit_code.get_int64() != 0) return "Failed";
  return "Stopped";
}

}  // namespace

base::Result<void> record_control(store::Session& session, const MachineRow& machine, const ControlRecord& record, store::Millis at) {
  base::JsonObject row = host_row(machine, at);
  const benchmark::Control& control = record.control;
  const std::string cis = "CIS-" + control.id;
  row["ActualResult"] = record.words;
  row["AnalyzeOperation"] = "Equals";
  row["AnalyzeResult"] = analyze_result(record.status);
  row["AssessmentId"] = record.assessment_id;
  row["AzId"] = cis;
  row["BaselineRuleType"] = control.check ? std::string(control.check->name) : "";
  row["BaselineType"] = kBaselineType;
  row["CceId"] = control.cce_id.empty() ? cis : control.cce_id;
  row["Description"] = control.title;
  row["ExpectedResult"] = control.title;
  row["OSName"] = "Linux";
  row["RuleSeverity"] = rule_severity(control.severity);
  row["Remediation"] = base::join(control.remediation, "\n");
  row["CisId"] = control.id;
  row["Status"] = record.status;
  return store::queue_record(session, "SecurityBaseline", row);
}

base::Result<void> record_summary(store::Session& session, const MachineRow& machine, const std::string& assessment_id, store::Millis at) {
  const FailedRules rules = TRY(count_rules(session, machine));
  const std::int64_t assessed = rules.passed + rules.failed();
  base::JsonObject row = host_row(machine, at);
  row["AssessmentId"] = assessment_id;
  row["BaselineType"] = kBaselineType;
  row["OSName"] = "Linux";
  row["TotalAssessedRules"] = assessed;
  row["CriticalFailedRules"] = rules.critical;
  row["WarningFailedRules"] = rules.warning;
  row["InformationalFailedRules"] = rules.informational;
  row["PercentageOfPassedRules"] = assessed == 0 ? 0 : std::llround(100.0 * static_cast<double>(rules.passed) / static_cast<double>(assessed));
  return store::queue_record(session, "SecurityBaselineSummary", row);
}

base::Result<void> record_heartbeat(store::Session& session, const MachineRow& machine, store::Millis at) {
  base::JsonObject row = host_row(machine, at);
  const auto& addresses = base::get_array(machine.facts, "addresses");
  row["Category"] = "Bulwark Agent";
  row["OSType"] = "Linux";
  row["OSName"] = base::get_string(machine.facts, "os");
  const auto [major, minor] = base::cut(base::get_string(machine.facts, "osVersion"), ".");
  row["OSMajorVersion"] = major;
  row["OSMinorVersion"] = minor;
  row["Version"] = base::get_string(machine.agent, "version");
  row["ComputerIP"] = addresses.empty() ? base::Json("") : addresses.front();
  row["ComputerPrivateIPs"] = addresses;
  row["VMUUID"] = machine.machine_id;
  row["SCAgentChannel"] = "Direct";
  row["Solutions"] = "security";
  return store::queue_record(session, "Heartbeat", row);
}

base::Result<void> record_container(store::Session& session, const MachineRow& machine, const base::JsonObject& detail, store::Millis at) {
  const base::Json container(detail);
  const ImageParts image = parts_of(base::get_string(container, "image"));
  const base::Json exit_code = detail.contains("exitCode") ? detail.at("exitCode") : base::Json(nullptr);
  base::JsonObject row{{"TimeGenerated", store::record_time(at)},
                       {"CollectionTime", store::record_time(at)},
                       {"Computer", machine.name},
                       {"ContainerID", base::get_string(container, "id")},
                       {"Name", base::get_string(container, "name")},
                       {"ContainerHostname", std::string(base::get_string(container, "id").substr(0, 12))},
                       {"ImageID", base::get_string(container, "imageId")},
                       {"Repository", image.repository},
                       {"Image", image.image},
                       {"ImageTag", image.tag},
                       {"ContainerState", container_state(base::get_string(container, "state"), exit_code)},
                       {"Ports", base::to_text(base::get_array(container, "ports"))},
                       {"ExitCode", exit_code},
                       {"ComposeGroup", base::get_string(base::Json(base::get_object(container, "labels")), "com.docker.compose.project")},
                       {"Command", base::get_string(container, "command")},
                       {"_ResourceId", machine.key}};
  for (const auto& [column, member] : {std::pair("CreatedTime", "created"), std::pair("StartedTime", "started"), std::pair("FinishedTime", "finished")})
    if (const auto time = base::get_string(container, member); !time.empty()) row[column] = time;
  return store::queue_record(session, "ContainerInventory", row);
}

base::Result<void> record_failure(store::Session& session, const MachineRow& machine, std::string_view category, const std::string& detail, store::Millis at) {
  return store::queue_record(session, "Operation",
                             {{"TimeGenerated", store::record_time(at)},
                              {"Computer", machine.name},
                              {"SourceComputerId", machine.machine_id},
                              {"OperationStatus", "Error"},
                              {"OperationCategory", category},
                              {"OperationKey", machine.name},
                              {"Solution", "Security"},
                              {"Detail", detail},
                              {"_ResourceId", machine.key}});
}

std::string failed_rules_query(const std::string& computer) {
  std::string quoted;
  for (const char c : computer) quoted.append(c == '"' || c == '\\' ? "\\" : "").push_back(c);
  return fmt::format("SecurityBaseline\n"
                     "| where BaselineType == \"Docker\"\n"
                     "| where Computer == \"{}\"\n"
                     "| summarize arg_max(TimeGenerated, *) by CceId\n"
                     "| where AnalyzeResult == \"Failed\"\n"
                     "| project CceId, Description, Resource, ResourceGroup, RuleSeverity, ActualResult, Remediation, BaselineType, Type, SubscriptionId, TenantId, "
                     "ResourceId, ComputerEnvironment, TimeGenerated\n"
                     "| order by RuleSeverity asc nulls last, CceId asc",
                     quoted);
}

}  // namespace providers::hybrid_compute
