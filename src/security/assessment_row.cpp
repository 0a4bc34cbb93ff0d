// SPDX-License-Identifier: Apache-2.0
#include "security/assessment_row.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace security {

namespace {

constexpr std::string_view kAssessmentColumns =
    "id, resource_id, resource_type, assessment_key, status, cause, description, set_id, seen_revision, verdict_status, "
    "verdict_cause, verdict_description, first_evaluated_at, status_changed_at, evaluated_at, critical, high, medium, low, "
    "unrated, fixable, disabled";

AssessmentRow assessment_of(const store::Row& row) {
  AssessmentRow out;
  out.id = row.integer(0);
  out.subject = {std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3))};
  out.status = row.text(4);
  out.cause = row.text(5);
  out.description = row.text(6);
  if (!row.is_null(7)) out.set_id = row.integer(7);
  out.seen_revision = row.integer(8);
  out.verdict_status = row.text(9);
  out.verdict_cause = row.text(10);
  out.verdict_description = row.text(11);
  out.first_evaluated_at = row.integer(12);
  out.status_changed_at = row.integer(13);
  out.evaluated_at = row.integer(14);
  out.counts = {row.integer(15), row.integer(16), row.integer(17), row.integer(18),
                row.integer(19), row.integer(20), row.integer(21)};
  return out;
}

store::Value set_value(const std::optional<std::int64_t>& set_id) {
  return set_id ? store::Value(*set_id) : store::Value(nullptr);
}

base::Result<void> insert_assessment(store::Session& session, AssessmentRow& row) {
  const std::string key = base::to_lower(row.subject.resource_id);
  const auto text = [](const std::string& value) { return std::string_view(value); };
  const Counts& counts = row.counts;
  TRY(session.run(
      "INSERT INTO assessments (resource_key, resource_id, resource_type, assessment_key, status, cause, description, set_id, "
      "seen_revision, verdict_status, verdict_cause, verdict_description, first_evaluated_at, status_changed_at, "
      "evaluated_at, critical, high, medium, low, unrated, fixable, disabled, owner, due_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0)",
      {text(key), text(row.subject.resource_id), text(row.subject.resource_type), text(row.subject.assessment_key),
       text(row.status), text(row.cause), text(row.description), set_value(row.set_id), row.seen_revision,
       text(row.verdict_status), text(row.verdict_cause), text(row.verdict_description), row.first_evaluated_at,
       row.status_changed_at, row.evaluated_at, counts.critical, counts.high, counts.medium, counts.low, counts.unrated,
       counts.fixable, counts.disabled}));
  row.id = session.last_insert_id();
  return {};
}

base::Result<void> update_assessment(store::Session& session, const AssessmentRow& row) {
  const auto text = [](const std::string& value) { return std::string_view(value); };
  const Counts& counts = row.counts;
  return session.run(
      "UPDATE assessments SET status = ?, cause = ?, description = ?, set_id = ?, seen_revision = ?, verdict_status = ?, "
      "verdict_cause = ?, verdict_description = ?, status_changed_at = ?, evaluated_at = ?, critical = ?, high = ?, "
      "medium = ?, low = ?, unrated = ?, fixable = ?, disabled = ? WHERE id = ?",
      {text(row.status), text(row.cause), text(row.description), set_value(row.set_id), row.seen_revision,
       text(row.verdict_status), text(row.verdict_cause), text(row.verdict_description), row.status_changed_at,
       row.evaluated_at, counts.critical, counts.high, counts.medium, counts.low, counts.unrated, counts.fixable,
       counts.disabled, row.id});
}

SetFinding set_finding_of(const store::Row& row) {
  SetFinding out;
  out.id = row.text(0);
  out.category = row.text(1);
  out.vulnerability = row.text(2);
  out.package = row.text(3);
  out.version = row.text(4);
  out.ignored = row.text(5);
  out.severity = static_cast<model::Severity>(row.integer(6));
  out.score = row.real(7);
  out.patchable = row.integer(8) != 0;
  out.first_seen_at = row.integer(9);
  return out;
}

}  // namespace

base::Result<AssessmentRow> load_assessment(store::Session& session, const Subject& subject) {
  const std::string key = base::to_lower(subject.resource_id);
  AssessmentRow out;
  TRY(session.query(
      fmt::format("SELECT {} FROM assessments WHERE resource_key = ? AND assessment_key = ?", kAssessmentColumns),
      {std::string_view(key), std::string_view(subject.assessment_key)},
      [&](const store::Row& row) { out = assessment_of(row); }));
  if (out.id == 0) out.subject = subject;
  return out;
}

base::Result<std::vector<AssessmentRow>> load_assessments(store::Session& session, const std::string& where,
                                                          const std::vector<store::Value>& parameters) {
  std::vector<AssessmentRow> out;
  TRY(session.query(fmt::format("SELECT {} FROM assessments WHERE {} ORDER BY set_id, id", kAssessmentColumns, where),
                    parameters, [&](const store::Row& row) { out.push_back(assessment_of(row)); }));
  return out;
}

base::Result<void> save_assessment(store::Session& session, AssessmentRow& row) {
  return row.id == 0 ? insert_assessment(session, row) : update_assessment(session, row);
}

base::Result<void> delete_assessment(store::Session& session, std::int64_t id) {
  TRY(session.run("DELETE FROM suppressions WHERE assessment_id = ?", {id}));
  return session.run("DELETE FROM assessments WHERE id = ?", {id});
}

base::Result<SetContents> load_set(store::Session& session, std::int64_t set_id) {
  SetContents out;
  TRY(session.query("SELECT id, revision, inventory IS NOT NULL FROM finding_sets WHERE id = ?", {set_id},
                    [&](const store::Row& row) {
                      out.set_id = row.integer(0);
                      out.revision = row.integer(1);
                      out.has_inventory = row.integer(2) != 0;
                    }));
  if (out.set_id == 0)
    return base::fail(base::Kind::not_found, fmt::format("no finding set {}; scan the resource again", set_id));
  TRY(session.query(
      "SELECT finding_id, category, vulnerability, package, version, ignored, severity, score, fixed_version <> '', "
      "first_seen_at FROM findings WHERE set_id = ?",
      {set_id}, [&](const store::Row& row) { out.findings.push_back(set_finding_of(row)); }));
  return out;
}

base::Result<std::unordered_map<std::string, SetFinding>> findings_at_revision(store::Session& session, const SetContents& now,
                                                                               std::int64_t revision) {
  std::unordered_map<std::string, SetFinding> out;
  out.reserve(now.findings.size());
  for (const SetFinding& finding : now.findings) out.emplace(finding.id, finding);
  if (revision == now.revision) return out;
  TRY(session.query(
      "SELECT finding_id, added, vulnerability, severity, package, version, first_seen_at FROM set_changes "
      "WHERE set_id = ? AND revision > ? ORDER BY revision DESC",
      {now.set_id, revision}, [&](const store::Row& row) {
        const std::string id(row.text(0));
        if (row.integer(1) != 0) {
          out.erase(id);
          return;
        }
        SetFinding& finding = out[id];
        finding.id = id;
        finding.vulnerability = row.text(2);
        finding.severity = static_cast<model::Severity>(row.integer(3));
        finding.package = row.text(4);
        finding.version = row.text(5);
        finding.first_seen_at = row.integer(6);
      }));
  return out;
}

base::Result<void> forget_seen_changes(store::Session& session, std::int64_t set_id) {
  return session.run(
      "DELETE FROM set_changes WHERE set_id = ? AND revision <= (SELECT min(seen_revision) FROM assessments WHERE set_id = ?)",
      {set_id, set_id});
}

base::Result<Suppressions> load_suppressions(store::Session& session, std::int64_t assessment_id) {
  Suppressions out;
  TRY(session.query("SELECT finding_id, cause, reason, rule_key FROM suppressions WHERE assessment_id = ?", {assessment_id},
                    [&](const store::Row& row) {
                      out.emplace(row.text(0), SuppressionRow{std::string(row.text(1)), std::string(row.text(2)),
                                                              std::string(row.text(3))});
                    }));
  return out;
}

base::Result<void> save_suppressions(store::Session& session, std::int64_t assessment_id, const Suppressions& before,
                                     const Suppressions& after) {
  for (const auto& entry : before)
    if (after.count(entry.first) == 0)
      TRY(session.run("DELETE FROM suppressions WHERE assessment_id = ? AND finding_id = ?",
                      {assessment_id, std::string_view(entry.first)}));
  for (const auto& [finding_id, row] : after) {
    const auto old = before.find(finding_id);
    if (old != before.end() && old->second == row) continue;
    TRY(session.run(
        "INSERT INTO suppressions (assessment_id, finding_id, cause, reason, rule_key) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (assessment_id, finding_id) DO UPDATE SET cause = excluded.cause, reason = excluded.reason, "
        "rule_key = excluded.rule_key",
        {assessment_id, std::string_view(finding_id), std::string_view(row.cause), std::string_view(row.reason),
         std::string_view(row.rule_key)}));
  }
  return {};
}

base::Result<void> add_resolved(store::Session& session, const Subject& subject, const SetFinding& finding,
                                std::string_view cause, store::Millis now) {
  const std::string key = base::to_lower(subject.resource_id);
  const auto text = [](const std::string& value) { return std::string_view(value); };
  return session.run(
      "INSERT INTO resolved_findings (resource_key, resource_id, assessment_key, finding_id, vulnerability, severity, "
      "package, version, cause, first_seen_at, resolved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {text(key), text(subject.resource_id), text(subject.assessment_key), text(finding.id), text(finding.vulnerability),
       static_cast<std::int64_t>(finding.severity), text(finding.package), text(finding.version), cause,
       finding.first_seen_at, now});
}

}  // namespace security
