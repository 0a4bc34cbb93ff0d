// SPDX-License-Identifier: Apache-2.0
#include "scan/report_sarif.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace scan {

namespace {

constexpr std::string_view kSarifSchema = "https://json.schemastore.org/sarif-2.1.0.json";

base::Json sarif_text(std::string_view text) { return base::Json(base::printable(text)); }

base::JsonObject sarif_message(std::string_view text) { return {{"text", sarif_text(text)}}; }

std::string_view sarif_level(model::Severity severity) {
  switch (severity) {
    case model::Severity::critical:
    case model::Severity::high: return "error";
    case model::Severity::medium: return "warning";
    default: return "note";
  }
}

// Code scanning services band results by this number: the score, else one inside the band of the severity.
std::string security_severity(const model::Finding& finding) {
  if (finding.score >= 0) return fmt::format("{:.1f}", finding.score);
  switch (finding.severity) {
    case model::Severity::critical: return "9.5";
    case model::Severity::high: return "8.0";
    case model::Severity::medium: return "5.5";
    case model::Severity::low: return "2.0";
    default: return "0.0";
  }
}

bool is_vulnerability(const model::Finding& finding) { return finding.category == model::Category::vulnerability; }

std::string_view sarif_rule_name(model::Category category) {
  switch (category) {
    case model::Category::vulnerability: return "VulnerablePackage";
    case model::Category::secret: return "SecretInFile";
    case model::Category::malware: return "MalwareInFile";
    case model::Category::misconfiguration:
    case model::Category::configuration: return "Misconfiguration";
  }
  return "VulnerablePackage";
}

// Empty where there is none.
std::string sarif_help_uri(const model::Finding& finding) {
  for (const std::string& reference : finding.references)
    if (reference.substr(0, 8) == "https://" && reference.find_first_of(" <>\"") == std::string::npos) return reference;
  if (!is_vulnerability(finding)) return {};
  return "https://osv.dev/vulnerability/" + base::percent_encode(finding.id);
}

std::string sarif_help_text(const model::Finding& finding) {
  std::string text = fmt::format("{}\nSeverity: {}", finding.title.empty() ? finding.id : finding.title,
                                 model::severity_name(finding.severity));
  if (finding.score >= 0) text += fmt::format(" (CVSS {:.1f}, {})", finding.score, finding.vector);
  if (!finding.aliases.empty()) text += "\nAlso known as: " + base::join(finding.aliases, ", ");
  if (finding.kev) text += "\nKnown to be exploited (CISA KEV).";
  if (!finding.description.empty()) text += "\n" + finding.description;
  if (!finding.impact.empty()) text += "\n" + finding.impact;
  if (!finding.remediation.empty()) text += "\nTo mend it: " + finding.remediation;
  if (!finding.references.empty()) text += "\nReferences:\n" + base::join(finding.references, "\n");
  return text;
}

base::JsonObject sarif_rule(const model::Finding& finding) {
  base::JsonArray tags{"security", base::to_lower(model::category_name(finding.category))};
  if (!finding.package.type.empty()) tags.emplace_back(finding.package.type);
  const std::string help = sarif_help_text(finding);
  std::string help_lines;  // printable() would replace the line feeds as well
  for (std::string_view line : base::split(help, '\n')) help_lines += base::printable(line) + "\n";
  base::JsonObject properties{{"tags", std::move(tags)},
                              {"precision", is_vulnerability(finding) ? "very-high" : "high"},
                              {"security-severity", security_severity(finding)}};
  base::JsonObject rule{
          {"id", sarif_text(finding.id)},
          {"name", sarif_rule_name(finding.category)},
          {"shortDescription", sarif_message(finding.title.empty() ? finding.id : finding.id + ": " + finding.title)},
          {"fullDescription", sarif_message(!finding.description.empty() ? finding.description
                                            : finding.title.empty()      ? finding.id
                                                                         : finding.title)},
          {"help", base::JsonObject{{"text", std::move(help_lines)}}},
          {"defaultConfiguration", base::JsonObject{{"level", sarif_level(finding.severity)}}},
          {"properties", std::move(properties)}};
  if (const std::string uri = sarif_help_uri(finding); !uri.empty()) rule.emplace("helpUri", uri);
  return rule;
}

std::string sarif_result_text(const model::Finding& finding) {
  if (!is_vulnerability(finding))
    return fmt::format("{} ({}): {}.", finding.title, model::severity_name(finding.severity), finding.evidence);
  const std::string fix = !finding.fixed_version.empty() ? "fixed in " + finding.fixed_version
                          : finding.status == model::FixStatus::will_not_fix
                              ? "the vendor will not fix it"
                              : "no fixed version is known";
  return fmt::format("{} {} {} is affected by {} ({}): {}.", finding.package.type, finding.package.name,
                     finding.package.version, finding.id, model::severity_name(finding.severity), fix);
}

// A relative reference (RFC 3986); services refuse absolute paths and expect a region.
base::JsonObject sarif_location(const model::Artifact& artifact, const model::Package& package) {
  std::string_view place = package.path.empty() ? artifact.name : package.path;
  while (!place.empty() && place.front() == '/') place.remove_prefix(1);
  base::JsonObject physical{
      {"artifactLocation", base::JsonObject{{"uri", base::percent_encode(place, "/")}}},
      {"region", base::JsonObject{{"startLine", 1}}}};
  return {{"physicalLocation", std::move(physical)},
          {"message", sarif_message(package.name.empty() ? "in " + artifact.name
                                                         : fmt::format("{} {} in {}", package.name, package.version, artifact.name))}};
}

// Several versions of one package may have the same vulnerability at one place (npm trees in a lock file): the
// ordinal keeps their fingerprints apart without naming a version.
std::string sarif_fingerprint(const model::Finding& finding, std::map<std::string, int>& seen) {
  const model::Package& package = finding.package;
  std::string identity;
  for (const std::string* part : {&finding.id, &package.type, &package.name, &package.arch, &package.path}) {
    identity += *part;
    identity += '\n';
  }
  const int ordinal = seen[identity]++;
  return base::sha256_hex(identity + std::to_string(ordinal));
}

base::JsonObject sarif_result(const model::Artifact& artifact, const model::Finding& finding, std::size_t rule,
                              std::map<std::string, int>& seen) {
  base::JsonObject properties{{"category", model::category_name(finding.category)},
                              {"package", sarif_text(finding.package.name)},
                              {"installedVersion", sarif_text(finding.package.version)},
                              {"fixedVersion", sarif_text(finding.fixed_version)},
                              {"purl", sarif_text(finding.package.purl)},
                              {"layer", sarif_text(finding.package.layer)},
                              {"status", model::fix_status_name(finding.status)},
                              {"kev", finding.kev}};
  if (!finding.evidence.empty()) properties.emplace("evidence", sarif_text(finding.evidence));
  if (finding.epss >= 0) properties.emplace("epss", finding.epss);
  base::JsonObject result{
      {"ruleId", sarif_text(finding.id)},
      {"ruleIndex", rule},
      {"level", sarif_level(finding.severity)},
      {"message", sarif_message(sarif_result_text(finding))},
      {"locations", base::JsonArray{sarif_location(artifact, finding.package)}},
      {"partialFingerprints", base::JsonObject{{is_vulnerability(finding) ? "packageVulnerability/v1" : "artifactIssue/v1", sarif_fingerprint(finding, seen)}}},
      {"properties", std::move(properties)}};
  if (finding.suppressed)
    result.emplace("suppressions",
                   base::JsonArray{base::JsonObject{
                       {"kind", "external"},
                       {"status", "accepted"},
                       {"justification", sarif_text(fmt::format("{}: {} {}", finding.suppressed->by,
                                                                finding.suppressed->status, finding.suppressed->reason))}}});
  return result;
}

base::JsonObject sarif_invocation(const model::Inventory& inventory, const ReportContext& context) {
  base::JsonArray notifications;
  const auto notify = [&](const std::vector<std::string>& texts, std::string_view level) {
    for (const std::string& text : texts)
      notifications.emplace_back(base::JsonObject{{"level", level}, {"message", sarif_message(text)}});
  };
  notify(context.notices, "warning");
  notify(inventory.warnings, inventory.partial ? "error" : "warning");
  base::JsonObject invocation{{"executionSuccessful", !inventory.partial},
                              {"toolExecutionNotifications", std::move(notifications)}};
  if (!context.created.empty()) invocation.emplace("endTimeUtc", context.created);
  return invocation;
}

base::JsonObject sarif_run_properties(const model::Inventory& inventory) {
  const model::Artifact& artifact = inventory.artifact;
  return {{"artifact", sarif_text(artifact.name)},
          {"artifactType", sarif_text(artifact.type)},
          {"digest", sarif_text(artifact.digest)},
          {"platform", sarif_text(artifact.platform)},
          {"os", sarif_text(inventory.os ? inventory.os->id + " " + inventory.os->version : "")}};
}

}  // namespace

base::Json to_sarif(const model::Inventory& inventory, const std::vector<model::Finding>& findings,
                    const ReportContext& context) {
  base::JsonArray rules;
  base::JsonArray results;
  std::map<std::string, std::size_t> rule_of_id;
  std::map<std::string, int> seen;
  for (const model::Finding& finding : findings) {
    const auto [rule, is_new] = rule_of_id.emplace(finding.id, rules.size());
    if (is_new) rules.emplace_back(sarif_rule(finding));
    results.emplace_back(sarif_result(inventory.artifact, finding, rule->second, seen));
  }
  base::JsonObject driver{{"name", "Bulwark"},
                          {"version", context.tool_version},
                          {"rules", std::move(rules)}};
  base::JsonObject run{{"tool", base::JsonObject{{"driver", std::move(driver)}}},
                       {"invocations", base::JsonArray{sarif_invocation(inventory, context)}},
                       {"results", std::move(results)},
                       {"columnKind", "utf16CodeUnits"},
                       {"properties", sarif_run_properties(inventory)}};
  return base::JsonObject{
      {"$schema", kSarifSchema}, {"version", "2.1.0"}, {"runs", base::JsonArray{std::move(run)}}};
}

}  // namespace scan
