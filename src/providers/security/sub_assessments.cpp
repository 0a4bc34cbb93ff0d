// SPDX-License-Identifier: Apache-2.0
// Microsoft.Security/assessments/subAssessments, api 2019-01-01-preview: findings, in the form ContainerRegistryVulnerability.
#include <fmt/format.h>

#include "base/text.hpp"
#include "providers/security/ranged_list.hpp"
#include "providers/security/types.hpp"
#include "security/counts.hpp"

namespace providers {

namespace {

constexpr std::string_view kSubColumns =
    "a.resource_id, a.assessment_key, a.id, f.finding_id, f.vulnerability, f.category, f.severity, f.score, f.package, f.package_type, f.version, "
    "f.fixed_version, f.fix_status, f.detail, f.first_seen_at, s.cause, s.reason, v.title, v.published, v.detail, i.repository, i.digest, a.resource_key, "
    "a.assessment_key, f.finding_id";
constexpr int kSubOrderColumn = 22;
// From the assessments on: a list walks them in the order of their index, and the findings of each in that of theirs.
constexpr std::string_view kSubTables =
    "assessments a CROSS JOIN findings f ON f.set_id = a.set_id LEFT JOIN vulnerabilities v ON v.id = f.vulnerability "
    "LEFT JOIN suppressions s ON s.assessment_id = a.id AND s.finding_id = f.finding_id LEFT JOIN images i ON i.resource_key = a.resource_key";

base::JsonArray links_of(const base::Json& detail) {
  base::JsonArray links;
  for (const auto& reference : base::get_array(detail, "references"))
    links.emplace_back(base::JsonObject{{"title", base::as_string(reference)}, {"link", base::as_string(reference)}});
  return links;
}

bool is_of_host(std::string_view resource_id) { return base::to_lower(resource_id).find("/providers/microsoft.hybridcompute/machines/") != std::string::npos; }

base::JsonObject additional_data(const store::Row& row, const base::Json& vulnerability) {
  base::JsonObject cvss;
  if (row.real(7) >= 0) cvss.emplace("3.0", base::JsonObject{{"base", row.real(7)}});
  base::JsonArray cve;
  if (row.text(5) == "Vulnerability")
    cve.emplace_back(base::JsonObject{{"title", row.text(4)}, {"link", fmt::format("https://nvd.nist.gov/vuln/detail/{}", row.text(4))}});
  return {{"assessedResourceType", is_of_host(row.text(0)) ? "ServerVulnerability" : "ContainerRegistryVulnerability"},
          {"type", row.text(5)},
          {"cvss", std::move(cvss)},
          {"patchable", !row.text(11).empty()},
          {"cve", std::move(cve)},
          {"publishedTime", row.text(18).empty() ? base::Json(nullptr) : base::Json(row.text(18))},
          {"vendorReferences", links_of(vulnerability)},
          {"repositoryName", row.text(20)},
          {"imageDigest", row.text(21)},
          {"packageName", row.text(8)},
          {"packageType", row.text(9)},
          {"version", row.text(10)},
          {"fixedVersion", row.text(11)},
          {"fixStatus", row.text(12)}};
}

// What the finding says itself, else what all findings of its kind share.
std::string_view words_of(const base::Json& detail, const base::Json& vulnerability, std::string_view name, std::string_view otherwise) {
  return base::get_string(detail, name, base::get_string(vulnerability, name, otherwise));
}

std::string remedy(const store::Row& row, const base::Json& detail, const base::Json& vulnerability) {
  if (const auto given = words_of(detail, vulnerability, "remediation", ""); !given.empty()) return std::string(given);
  if (row.text(11).empty()) return fmt::format("There is no fixed version of {} yet.", row.text(8));
  return fmt::format("Upgrade {} from {} to {} and push the image again.", row.text(8), row.text(10), row.text(11));
}

base::JsonObject sub_json(const store::Row& row, const arm::ResourceId& assessed, std::string_view key) {
  const auto detail = base::parse_json(row.text(13), "a finding").value_or(base::JsonObject{});
  const auto vulnerability = base::parse_json(row.text(19).empty() ? "{}" : row.text(19), "a vulnerability").value_or(base::JsonObject{});
  const bool suppressed = !row.is_null(15);
  const std::string title(row.text(17).empty() ? row.text(4) : row.text(17));
  base::JsonObject status{{"code", suppressed ? "NotApplicable" : "Unhealthy"},
                          {"cause", row.text(15)},
                          {"severity", security::severity_label(static_cast<model::Severity>(row.integer(6)))},
                          {"description", suppressed ? row.text(16) : std::string_view("The resource is unhealthy")}};
  return {{"id", fmt::format("{}/providers/{}/{}/subAssessments/{}", assessed.text(), kAssessmentType, key, row.text(3))},
          {"name", row.text(3)},
          {"type", kSubAssessmentType},
          {"properties", base::JsonObject{{"id", row.text(4)},
                                          {"displayName", title},
                                          {"status", std::move(status)},
                                          {"remediation", remedy(row, detail, vulnerability)},
                                          {"impact", words_of(detail, vulnerability, "impact", title)},
                                          {"category", row.text(5)},
                                          {"description", words_of(detail, vulnerability, "description", title)},
                                          {"timeGenerated", arm::format_millis(row.integer(14))},
                                          {"resourceDetails", base::JsonObject{{"source", "Azure"}, {"id", row.text(0)}}},
                                          {"additionalData", additional_data(row, vulnerability)}}}};
}

// Findings of everything at and below `scope`; `key` empty: of every assessment.
base::Result<arm::Reply> list_findings(const arm::Call& call, store::Session& session, const arm::ResourceId& scope, const std::string& key) {
  const RangedSelect select{kSubColumns, kSubTables, " AND (? = '' OR a.assessment_key = ?)", {std::string_view(key), std::string_view(key)},
                            {"a.resource_key", "a.assessment_key", "f.finding_id"}, kSubOrderColumn};
  return list_ranges(call, session, scope.key(), select, [](const store::Row& row) {
    return base::Json(sub_json(row, arm::ResourceId::parse(row.text(0)).value_or(arm::ResourceId()), row.text(1)));
  });
}

base::Result<arm::Reply> list_sub_assessments(const security::Recommendations& recommendations, const arm::Call& call,
                                              store::Session& session, const arm::Target& target) {
  const auto* recommendation = recommendations.find(target.id.name());
  if (!recommendation) return arm::refuse(404, "ResourceNotFound", fmt::format("There is no assessment '{}'.", target.id.name()));
  return list_findings(call, session, target.id.parent(), recommendation->key);
}

base::Result<arm::Reply> get_sub_assessment(const security::Recommendations& recommendations, const arm::Call& call, store::Session& session,
                                            const arm::ResourceId& id) {
  const auto assessment = id.parent();
  const auto assessed = assessment.parent();
  const auto* recommendation = recommendations.find(assessment.name());
  arm::Reply reply = arm::refuse(404, "ResourceNotFound", fmt::format("There is no sub-assessment '{}'.", id.text()));
  if (!recommendation) return reply;
  const std::string begin = assessed.key() + "/";
  std::string end = begin;
  end.back() = '0';
  const std::string finding = base::to_lower(id.name());
  TRY(session.query(fmt::format("SELECT {} FROM {} WHERE (a.resource_key = ? OR (a.resource_key >= ? AND a.resource_key < ?)) AND a.assessment_key = ? AND f.finding_id = ? LIMIT 1",
                                kSubColumns, kSubTables),
                    {assessed.key(), begin, end, recommendation->key, finding},
                    [&](const store::Row& row) { reply = {200, sub_json(row, assessed, assessment.name()), {}}; }));
  (void)call;
  return reply;
}

}  // namespace

arm::ResourceType sub_assessments_type(const security::Recommendations& recommendations) {
  arm::ResourceType type;
  type.name = kSubAssessmentType;
  type.api_versions = {"2019-01-01-preview"};
  type.stored = false;
  type.get = [&recommendations](const arm::Call& call, store::Session& session, const arm::ResourceId& id) {
    return get_sub_assessment(recommendations, call, session, id);
  };
  type.list = [&recommendations](const arm::Call& call, store::Session& session, const arm::Target& target) {
    return list_sub_assessments(recommendations, call, session, target);
  };
  return type;
}

arm::ResourceType all_sub_assessments_type(const security::Recommendations&) {
  arm::ResourceType type;
  type.name = "Microsoft.Security/subAssessments";
  type.api_versions = {"2019-01-01-preview"};
  type.stored = false;
  type.list = [](const arm::Call& call, store::Session& session, const arm::Target& target) {
    return list_findings(call, session, target.id, {});
  };
  return type;
}

}  // namespace providers
