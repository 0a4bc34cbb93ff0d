// SPDX-License-Identifier: Apache-2.0
// Findings as the `vulnerabilities` of a CycloneDX 1.6 document.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "sbom/document_parts.hpp"

namespace sbom {

namespace {

std::string_view cyclonedx_severity(model::Severity severity) {
  switch (severity) {
    case model::Severity::critical: return "critical";
    case model::Severity::high: return "high";
    case model::Severity::medium: return "medium";
    case model::Severity::low: return "low";
    case model::Severity::negligible: return "info";
    case model::Severity::unknown: break;
  }
  return "unknown";
}

std::string_view cvss_method(std::string_view vector) {
  if (vector.starts_with("CVSS:4")) return "CVSSv4";
  if (vector.starts_with("CVSS:3.1")) return "CVSSv31";
  if (vector.starts_with("CVSS:3")) return "CVSSv3";
  if (vector.starts_with("AV:") || vector.starts_with("(AV:")) return "CVSSv2";
  return "other";
}

base::JsonObject vulnerability_source(std::string_view id) {
  if (id.starts_with("CVE-")) return {{"name", "NVD"}, {"url", fmt::format("https://nvd.nist.gov/vuln/detail/{}", id)}};
  if (id.starts_with("GHSA-")) return {{"name", "GitHub"}, {"url", fmt::format("https://github.com/advisories/{}", id)}};
  return {{"name", "OSV"}, {"url", fmt::format("https://osv.dev/vulnerability/{}", base::percent_encode(id))}};
}

base::JsonArray vulnerability_ratings(const model::Finding& finding) {
  base::JsonObject rating;
  if (finding.score >= 0) rating["score"] = finding.score;
  rating["severity"] = cyclonedx_severity(finding.severity);
  rating["method"] = cvss_method(finding.vector);
  if (!finding.vector.empty()) rating["vector"] = document_text(finding.vector);
  return {std::move(rating)};
}

// The justification of CycloneDX for one of OpenVEX or of its own; empty for free words.
std::string_view cyclonedx_justification(std::string_view reason) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kOpenVex{{
      {"component_not_present", "code_not_present"},
      {"vulnerable_code_not_present", "code_not_present"},
      {"vulnerable_code_not_in_execute_path", "code_not_reachable"},
      {"vulnerable_code_cannot_be_controlled_by_adversary", "requires_environment"},
      {"inline_mitigations_already_exist", "protected_by_mitigating_control"},
  }};
  constexpr std::array<std::string_view, 9> kOwn{
      "code_not_present",      "code_not_reachable",   "requires_configuration", "requires_dependency",
      "requires_environment",  "protected_by_compiler", "protected_at_runtime",  "protected_at_perimeter",
      "protected_by_mitigating_control"};
  for (const auto& [open_vex, own] : kOpenVex)
    if (reason == open_vex) return own;
  const auto found = std::find(kOwn.begin(), kOwn.end(), reason);
  return found == kOwn.end() ? std::string_view() : *found;
}

base::JsonObject vulnerability_analysis(const model::Suppression& suppression) {
  base::JsonObject analysis;
  if (suppression.status == "not_affected") {
    analysis["state"] = "not_affected";
    if (const auto justification = cyclonedx_justification(suppression.reason); !justification.empty())
      analysis["justification"] = justification;
  } else if (suppression.status == "fixed") {
    analysis["state"] = "resolved";
  } else {
    analysis["response"] = base::JsonArray{"will_not_fix"};  // a risk that somebody accepted
  }
  analysis["detail"] = document_text(suppression.reason.empty() ? suppression.by : fmt::format("{} ({})", suppression.reason, suppression.by));
  return analysis;
}

base::JsonArray vulnerability_properties(const model::Finding& finding) {
  base::JsonArray properties;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) properties.push_back(base::JsonObject{{"name", std::string(kFieldPrefix).append(name)}, {"value", document_text(value)}});
  };
  add("status", model::fix_status_name(finding.status));
  add("vendor_severity", finding.vendor_severity);
  if (finding.kev) add("kev", "true");
  if (finding.epss >= 0) add("epss", fmt::format("{}", finding.epss));
  if (finding.epss_percentile >= 0) add("epss_percentile", fmt::format("{}", finding.epss_percentile));
  for (const std::string& source : finding.sources) add("advisory", source);
  return properties;
}

// Everything but the packages that are affected.
base::JsonObject vulnerability_head(const model::Finding& finding) {
  base::JsonObject head{{"id", document_text(finding.id)}, {"source", vulnerability_source(document_text(finding.id))}};
  base::JsonArray references;
  for (const std::string& alias : finding.aliases)
    references.push_back(base::JsonObject{{"id", document_text(alias)}, {"source", vulnerability_source(document_text(alias))}});
  if (!references.empty()) head["references"] = std::move(references);
  head["ratings"] = vulnerability_ratings(finding);
  if (!finding.title.empty()) head["description"] = document_text(finding.title);
  base::JsonArray advisories;
  for (const std::string& url : finding.references) advisories.push_back(base::JsonObject{{"url", document_text(url)}});
  if (!advisories.empty()) head["advisories"] = std::move(advisories);
  if (const auto published = base::parse_time(finding.published)) head["published"] = base::format_time(*published);
  if (finding.suppressed) head["analysis"] = vulnerability_analysis(*finding.suppressed);
  head["properties"] = vulnerability_properties(finding);
  return head;
}

base::JsonObject affected_package(const model::Finding& finding, const std::string& ref) {
  base::JsonArray versions{base::JsonObject{{"version", document_text(finding.package.version)}, {"status", "affected"}}};
  if (!finding.fixed_version.empty())
    versions.push_back(base::JsonObject{{"version", document_text(finding.fixed_version)}, {"status", "unaffected"}});
  return {{"ref", ref}, {"versions", std::move(versions)}};
}

}  // namespace

base::JsonArray cyclonedx_vulnerabilities(const std::vector<model::Finding>& findings,
                                          const std::function<std::string(const model::Package&)>& ref_of) {
  // One entry for all packages about which the same is said.
  struct Entry {
    base::JsonObject head;
    base::JsonArray affects;
    std::vector<std::string> fixes;
  };
  std::vector<Entry> entries;
  std::map<std::string, std::size_t> by_head;
  for (const model::Finding& finding : findings) {
    base::JsonObject head = vulnerability_head(finding);
    const auto [found, fresh] = by_head.emplace(base::to_text(head), entries.size());
    if (fresh) entries.push_back({std::move(head), {}, {}});
    Entry& entry = entries[found->second];
    entry.affects.push_back(affected_package(finding, ref_of(finding.package)));
    if (finding.fixed_version.empty()) continue;
    std::string fix = fmt::format("Upgrade {} to {}", document_text(finding.package.name), document_text(finding.fixed_version));
    if (std::find(entry.fixes.begin(), entry.fixes.end(), fix) == entry.fixes.end()) entry.fixes.push_back(std::move(fix));
  }

  base::JsonArray out;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    base::JsonObject vulnerability{{"bom-ref", fmt::format("vulnerability-{}", i + 1)}};
    for (auto& member : entries[i].head) vulnerability[member.key()] = std::move(member.value());
    if (!entries[i].fixes.empty()) vulnerability["recommendation"] = base::join(entries[i].fixes, "; ");
    vulnerability["affects"] = std::move(entries[i].affects);
    out.push_back(std::move(vulnerability));
  }
  return out;
}

}  // namespace sbom
