// SPDX-License-Identifier: Apache-2.0
#include "benchmark/report_json.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace benchmark {

namespace {

constexpr std::array<Status, 5> kStatuses{Status::pass, Status::fail, Status::manual, Status::not_applicable, Status::error};

base::Json json_text(std::string_view text) { return base::Json(base::printable(text)); }

std::string resource_label(const ResourceVerdict& resource) {
  return resource.scope == Scope::host ? "host" : base::printable(std::string(scope_name(resource.scope)) + "/" + resource.name);
}

void add_evidence(const Evidence& evidence, base::JsonObject& out) {
  if (!evidence.source.empty()) out.emplace("source", json_text(evidence.source));
  if (!evidence.path.empty()) out.emplace("path", json_text(evidence.path));
  if (!evidence.source.empty()) out.emplace("value", evidence.value);
  if (!evidence.message.empty()) out.emplace("message", json_text(evidence.message));
}

base::JsonObject evidence_json(const ResourceVerdict& resource, const Evidence& evidence) {
  base::JsonObject out{{"resource", resource_label(resource)}};
  add_evidence(evidence, out);
  return out;
}

base::JsonArray all_evidence(const ControlResult& result) {
  base::JsonArray out;
  for (const ResourceVerdict& resource : result.resources) {
    if (resource.scope != Scope::host && resource.verdict.status == Status::pass) continue;
    for (const Evidence& evidence : resource.verdict.evidence) out.emplace_back(evidence_json(resource, evidence));
  }
  return out;
}

base::JsonArray resources_json(const ControlResult& result) {
  base::JsonArray out;
  for (const ResourceVerdict& resource : result.resources)
    out.emplace_back(base::JsonObject{{"type", scope_name(resource.scope)},
                                      {"id", json_text(resource.id)},
                                      {"name", json_text(resource.name)},
                                      {"status", status_name(resource.verdict.status)}});
  return out;
}

base::JsonObject result_json(const ControlResult& result) {
  const Control& control = *result.control;
  return {{"id", control.id},
          {"cceId", control.cce_id},
          {"title", control.title},
          {"section", control.section},
          {"level", control.level},
          {"severity", base::to_lower(model::severity_name(control.severity))},
          {"status", status_name(result.status)},
          {"evidence", all_evidence(result)},
          {"remediation", base::join(control.remediation, "\n")},
          {"resources", resources_json(result)}};
}

std::string_view engine_name(EngineKind kind) {
  switch (kind) {
    case EngineKind::none: return "none";
    case EngineKind::docker: return "docker";
    case EngineKind::podman: return "podman";
    case EngineKind::unreachable: return "unreachable";
  }
  return "none";
}

base::JsonObject host_json(const HostFacts& facts) {
  const Reading version = facts.engine("version");
  base::JsonObject out{
      {"name", json_text(facts.host_text("name"))},
      {"os", json_text(facts.host_text("os"))},
      {"kernel", json_text(facts.host_text("kernel"))},
      {"engine", engine_name(facts.engine_kind())},
      {"engineVersion", json_text(version.value ? base::get_string(*version.value, "Version") : std::string_view())},
      {"rootless", facts.rootless()},
      {"usernsRemap", facts.userns_remap()},
      {"containers", facts.containers().size()},
      {"images", facts.images().size()},
      {"collectedAt", json_text(base::get_string(facts.document(), "collectedAt"))}};
  if (!facts.engine_error().empty()) out.emplace("engineError", json_text(facts.engine_error()));
  return out;
}

base::JsonObject benchmark_json(const Benchmark& benchmark) {
  base::JsonObject sections;
  for (const Section& section : benchmark.sections) sections.emplace(section.id, section.title);
  base::JsonArray unverified;
  base::JsonObject aliases;
  for (const Control& control : benchmark.controls) {
    if (!control.level_verified) unverified.emplace_back(control.id);
    if (!control.aliases.empty()) aliases.emplace(control.id, base::JsonArray(control.aliases.begin(), control.aliases.end()));
  }
  return {{"id", benchmark.id},
          {"version", benchmark.version},
          {"title", benchmark.title},
          {"sections", std::move(sections)},
          {"aliases", std::move(aliases)},
          {"unverifiedLevels", std::move(unverified)}};
}

base::JsonObject summary_json(const std::vector<ControlResult>& results) {
  base::JsonObject out{{"total", results.size()}};
  for (const Status status : kStatuses)
    out.emplace(status_name(status), std::count_if(results.begin(), results.end(),
                                                   [status](const ControlResult& result) { return result.status == status; }));
  base::JsonObject failed;
  for (const auto severity : {model::Severity::critical, model::Severity::high, model::Severity::medium, model::Severity::low})
    failed.emplace(base::to_lower(model::severity_name(severity)),
                   std::count_if(results.begin(), results.end(), [severity](const ControlResult& result) {
                     return result.status == Status::fail && result.control->severity == severity;
                   }));
  out.emplace("failedBySeverity", std::move(failed));
  return out;
}

}  // namespace

std::string evidence_text(const ControlResult& result) {
  std::vector<std::string> lines;
  std::size_t left_out = 0;
  for (const ResourceVerdict& resource : result.resources) {
    if (resource.verdict.status != result.status) continue;
    if (lines.size() == 10) {
      ++left_out;
      continue;
    }
    const Evidence& evidence = resource.verdict.evidence.front();
    std::string line = resource.scope == Scope::host ? "" : resource_label(resource) + ": ";
    std::vector<std::string> parts;
    if (!evidence.source.empty())
      parts.push_back(base::printable(evidence.source + (evidence.path.empty() ? "" : " " + evidence.path)));
    if (!evidence.value.is_null()) parts.push_back(base::to_text(evidence.value));
    if (!evidence.message.empty()) parts.push_back(base::printable(evidence.message));
    lines.push_back(line + base::join(parts, ", "));
  }
  if (left_out > 0) lines.push_back("and " + std::to_string(left_out) + " more");
  return base::join(lines, "; ");
}

base::JsonObject to_json(const Evidence& evidence) {
  base::JsonObject out;
  add_evidence(evidence, out);
  return out;
}

base::Json to_report_json(const HostFacts& facts, const Benchmark& benchmark, const std::vector<ControlResult>& results) {
  base::JsonArray rows;
  for (const ControlResult& result : results) rows.emplace_back(result_json(result));
  return base::JsonObject{{"schemaVersion", kAuditSchemaVersion},
                          {"host", host_json(facts)},
                          {"benchmark", benchmark_json(benchmark)},
                          {"results", std::move(rows)},
                          {"summary", summary_json(results)}};
}

}  // namespace benchmark
