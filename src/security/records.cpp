// SPDX-License-Identifier: Apache-2.0
#include "security/records.hpp"

#include <fmt/format.h>

#include <unordered_set>

#include "base/text.hpp"
#include "model/finding.hpp"
#include "store/records.hpp"

namespace security {

namespace {

constexpr std::string_view kRemoved = "Removed";

std::string recommendation_id(const std::string& resource_id, const std::string& key) {
  return fmt::format("{}/providers/Microsoft.Security/assessments/{}", resource_id, key);
}

std::string subscription_of(std::string_view resource_id) {
  return std::string(base::cut(base::cut(resource_id, "/subscriptions/").second, "/").first);
}

struct RecordedFinding {
  std::string id, vulnerability, category, package, version, fixed_version;
  model::Severity severity = model::Severity::unknown;
};

base::JsonObject nested_row(const Recommendation* recommendation, const std::string& resource_id, const std::string& key, const RecordedFinding& finding,
                            std::string_view state, const std::string& cause, store::Millis at) {
  const std::string parent = recommendation_id(resource_id, key);
  base::JsonObject more{{"packageName", finding.package}, {"packageVersion", finding.version}, {"fixedVersion", finding.fixed_version},
                        {"patchable", !finding.fixed_version.empty()}};
  return {{"TimeGenerated", store::record_time(at)},
          {"AssessedResourceId", resource_id},
          {"Category", finding.category},
          {"Cause", cause},
          {"Description", finding.vulnerability},
          {"Id", fmt::format("{}/subAssessments/{}", parent, finding.id)},
          {"NestedRecommendationId", finding.id},
          {"ParentRecommendationId", key},
          {"RecommendationName", recommendation == nullptr ? key : recommendation->title},
          {"RecommendationSeverity", std::string(severity_label(finding.severity))},
          {"RecommendationState", state},
          {"RecommendationSubscriptionId", subscription_of(resource_id)},
          {"RemediationDescription", finding.fixed_version.empty() ? std::string() : fmt::format("Update {} to {}", finding.package, finding.fixed_version)},
          {"ResourceDetails", base::JsonObject{{"id", resource_id}, {"source", "Bulwark"}}},
          {"SubAssessmentTimeGeneration", store::record_time(at)},
          {"VulnerabilityId", finding.vulnerability},
          {"AdditionalData", std::move(more)},
          {"IsSnapshot", false},
          {"_ResourceId", base::to_lower(resource_id)}};
}

base::JsonObject recommendation_row(const Recommendation* recommendation, const Change& change, store::Millis first, store::Millis changed, store::Millis now) {
  const std::string& id = change.subject.resource_id;
  base::JsonObject out{{"TimeGenerated", store::record_time(now)},
                       {"AssessedResourceId", id},
                       {"Description", recommendation == nullptr ? std::string() : recommendation->description},
                       {"Environment", "OnPremises"},
                       {"FirstEvaluationDate", store::record_time(first)},
                       {"DiscoveredTimeUTC", store::record_time(first)},
                       {"IsSnapshot", false},
                       {"PolicyDefinitionId", recommendation == nullptr ? std::string() : recommendation->policy_definition_id},
                       {"ProviderName", "Bulwark"},
                       {"RecommendationAdditionalData", to_json(change.counts)},
                       {"RecommendationDisplayName", recommendation == nullptr ? std::string() : recommendation->title},
                       {"RecommendationId", recommendation_id(id, change.subject.assessment_key)},
                       {"RecommendationName", change.subject.assessment_key},
                       {"RecommendationSeverity", recommendation == nullptr ? std::string() : recommendation->severity},
                       {"RecommendationState", change.after.empty() ? std::string(kRemoved) : change.after},
                       {"StatusChangeDate", store::record_time(changed)},
                       {"Properties", base::JsonObject{{"cause", change.cause}, {"before", change.before}}},
                       {"_ResourceId", base::to_lower(id)}};
  if (change.after != kUnhealthy && change.before == kUnhealthy) out["ResolvedTimeUTC"] = store::record_time(now);
  return out;
}

base::Result<void> record_new_findings(store::Session& session, const Recommendation* recommendation, const Change& change, store::Millis now) {
  if (change.new_findings.empty()) return {};
  const std::unordered_set<std::string> wanted(change.new_findings.begin(), change.new_findings.end());
  const std::string key = base::to_lower(change.subject.resource_id);
  std::vector<RecordedFinding> found;
  TRY(session.query(
      "SELECT f.finding_id, f.vulnerability, f.category, f.package, f.version, f.fixed_version, f.severity FROM assessments a JOIN "
      "findings f ON f.set_id = a.set_id WHERE a.resource_key = ? AND a.assessment_key = ?",
      {std::string_view(key), std::string_view(change.subject.assessment_key)}, [&](const store::Row& row) {
        if (wanted.count(std::string(row.text(0))) == 0) return;
        found.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)), std::string(row.text(4)),
                         std::string(row.text(5)), static_cast<model::Severity>(row.integer(6))});
      }));
  for (const RecordedFinding& finding : found)
    TRY(store::queue_record(session, "SecurityNestedRecommendation",
                            nested_row(recommendation, change.subject.resource_id, change.subject.assessment_key, finding, kUnhealthy, {}, now)));
  return {};
}

}  // namespace

base::Result<void> record_change(store::Session& session, const Recommendation* recommendation, const Change& change, store::Millis now) {
  const std::string key = base::to_lower(change.subject.resource_id);
  store::Millis first = now, changed = now;
  TRY(session.query("SELECT first_evaluated_at, status_changed_at FROM assessments WHERE resource_key = ? AND assessment_key = ?",
                    {std::string_view(key), std::string_view(change.subject.assessment_key)}, [&](const store::Row& row) {
                      first = row.integer(0);
                      changed = row.integer(1);
                    }));
  TRY(store::queue_record(session, "SecurityRecommendation", recommendation_row(recommendation, change, first, changed, now)));
  return record_new_findings(session, recommendation, change, now);
}

base::Result<ResolvedRecords> resolved_records(store::Session& session, const Recommendations& recommendations, std::int64_t after_id, std::size_t most) {
  ResolvedRecords out;
  out.last_id = after_id;
  TRY(session.query(
      "SELECT id, resource_id, assessment_key, finding_id, vulnerability, severity, package, version, cause, resolved_at FROM resolved_findings "
      "WHERE id > ? ORDER BY id LIMIT ?",
      {after_id, static_cast<std::int64_t>(most)}, [&](const store::Row& row) {
        out.last_id = row.integer(0);
        const std::string key(row.text(2));
        const RecordedFinding finding{std::string(row.text(3)), std::string(row.text(4)), {}, std::string(row.text(6)), std::string(row.text(7)), {},
                                   static_cast<model::Severity>(row.integer(5))};
        out.rows.push_back(nested_row(recommendations.find(key), std::string(row.text(1)), key, finding, kHealthy, std::string(row.text(8)), row.integer(9)));
      }));
  return out;
}

}  // namespace security
