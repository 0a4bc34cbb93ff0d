// SPDX-License-Identifier: Apache-2.0
#include "scan/report_json.hpp"

#include "base/text.hpp"

namespace scan {

namespace {

// Paths and names come from hostile archives and may hold anything; JSON text is UTF-8.
base::Json json_text(std::string_view text) { return base::Json(base::printable(text)); }

base::JsonArray json_strings(const std::vector<std::string>& texts) {
  base::JsonArray out;
  out.reserve(texts.size());
  for (const auto& text : texts) out.emplace_back(json_text(text));
  return out;
}

base::Json json_number_or_null(double number) { return number < 0 ? base::Json(nullptr) : base::Json(number); }

base::Json json_os(const std::optional<model::Distribution>& os) {
  if (!os) return nullptr;
  return base::JsonObject{{"id", json_text(os->id)},
                          {"version", json_text(os->version)},
                          {"codename", json_text(os->codename)},
                          {"prettyName", json_text(os->pretty_name)}};
}

base::JsonObject json_artifact(const model::Inventory& inventory) {
  const model::Artifact& artifact = inventory.artifact;
  return {{"name", json_text(artifact.name)},
          {"type", json_text(artifact.type)},
          {"digest", json_text(artifact.digest)},
          {"platform", json_text(artifact.platform)},
          {"os", json_os(inventory.os)},
          {"layers", json_strings(artifact.layers)}};
}

base::JsonObject json_package(const model::Package& package) {
  base::JsonObject out{{"name", json_text(package.name)},
                       {"version", json_text(package.version)},
                       {"type", json_text(package.type)},
                       {"purl", json_text(package.purl)},
                       {"arch", json_text(package.arch)},
                       {"source", json_text(package.source)},
                       {"sourceVersion", json_text(package.source_version)},
                       {"layer", json_text(package.layer)},
                       {"path", json_text(package.path)},
                       {"dev", package.dev}};
  if (!package.managed_by.empty()) out.emplace("managedBy", json_text(package.managed_by));
  if (!package.modularity.empty()) out.emplace("modularity", json_text(package.modularity));
  return out;
}

base::JsonObject json_finding(const model::Finding& finding) {
  const model::Package& package = finding.package;
  base::JsonObject out{{"id", json_text(finding.id)},
                       {"category", model::category_name(finding.category)},
                       {"aliases", json_strings(finding.aliases)},
                       {"title", json_text(finding.title)},
                       {"description", json_text(finding.description)},
                       {"impact", json_text(finding.impact)},
                       {"remediation", json_text(finding.remediation)},
                       {"evidence", json_text(finding.evidence)},
                       {"package", json_text(package.name)},
                       {"version", json_text(package.version)},
                       {"type", json_text(package.type)},
                       {"purl", json_text(package.purl)},
                       {"fixedVersion", json_text(finding.fixed_version)},
                       {"status", model::fix_status_name(finding.status)},
                       {"severity", model::severity_name(finding.severity)},
                       {"score", json_number_or_null(finding.score)},
                       {"vector", json_text(finding.vector)},
                       {"vectors", json_strings(finding.vectors)},
                       {"vendorSeverity", json_text(finding.vendor_severity)},
                       {"kev", finding.kev},
                       {"epss", json_number_or_null(finding.epss)},
                       {"epssPercentile", json_number_or_null(finding.epss_percentile)},
                       {"layer", json_text(package.layer)},
                       {"path", json_text(package.path)},
                       {"references", json_strings(finding.references)},
                       {"sources", json_strings(finding.sources)},
                       {"published", json_text(finding.published)}};
  if (finding.suppressed)
    out.emplace("suppressed", base::JsonObject{{"by", json_text(finding.suppressed->by)},
                                               {"reason", json_text(finding.suppressed->reason)},
                                               {"status", json_text(finding.suppressed->status)}});
  return out;
}

base::Json json_database(const ReportContext& context) {
  if (context.database_built.empty()) return nullptr;
  return base::JsonObject{{"built", context.database_built}, {"advisories", context.database_advisories}};
}

}  // namespace

base::Json to_report_json(const model::Inventory& inventory, const std::vector<model::Finding>& findings,
                          const ReportContext& context) {
  base::JsonArray packages;
  packages.reserve(inventory.packages.size());
  for (const auto& package : inventory.packages) packages.emplace_back(json_package(package));
  base::JsonArray found;
  found.reserve(findings.size());
  for (const auto& finding : findings) found.emplace_back(json_finding(finding));
  return base::JsonObject{{"schemaVersion", kReportSchemaVersion},
                          {"tool", base::JsonObject{{"name", "bulwark"}, {"version", context.tool_version}}},
                          {"created", context.created},
                          {"artifact", json_artifact(inventory)},
                          {"database", json_database(context)},
                          {"partial", inventory.partial},
                          {"notices", json_strings(context.notices)},
                          {"warnings", json_strings(inventory.warnings)},
                          {"packages", std::move(packages)},
                          {"findings", std::move(found)}};
}

}  // namespace scan
