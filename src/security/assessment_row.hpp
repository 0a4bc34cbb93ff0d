// SPDX-License-Identifier: Apache-2.0
// Rows that the assessor reads and writes: assessments, the findings of a set, suppressions, resolved findings.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "security/assessor.hpp"
#include "security/rules.hpp"

namespace security {

inline constexpr std::string_view kRolledUp = "RolledUp";  // verdict_status of a parent's assessment

struct AssessmentRow {
  std::int64_t id = 0;  // 0: not stored yet
  Subject subject;
  std::string status, cause, description;
  std::optional<std::int64_t> set_id;
  std::int64_t seen_revision = 0;  // of the set
  std::string verdict_status, verdict_cause, verdict_description;  // as given, to be asked again when rules change
  store::Millis first_evaluated_at = 0, status_changed_at = 0, evaluated_at = 0;
  Counts counts;

  bool is_rolled_up() const { return verdict_status == kRolledUp; }
};

// The row of a resource and key; id 0 where there is none.
base::Result<AssessmentRow> load_assessment(store::Session& session, const Subject& subject);

// Rows that a condition on `assessments` chooses, ordered by set, so that a set is read once.
base::Result<std::vector<AssessmentRow>> load_assessments(store::Session& session, const std::string& where,
                                                          const std::vector<store::Value>& parameters);

base::Result<void> save_assessment(store::Session& session, AssessmentRow& row);  // inserts where id is 0, and sets it
base::Result<void> delete_assessment(store::Session& session, std::int64_t id);

// What the assessor needs of a finding.
struct SetFinding {
  std::string id, category, vulnerability, package, version, ignored;
  model::Severity severity = model::Severity::unknown;
  double score = -1;
  bool patchable = false;
  store::Millis first_seen_at = 0;

  FindingFacts facts() const { return {id, category, vulnerability, package, severity, score, patchable}; }
};

struct SetContents {
  std::int64_t set_id = 0, revision = 0;
  bool has_inventory = false;
  std::vector<SetFinding> findings;
};

base::Result<SetContents> load_set(store::Session& session, std::int64_t set_id);

// The findings that the set had at an earlier revision, by id.
base::Result<std::unordered_map<std::string, SetFinding>> findings_at_revision(store::Session& session, const SetContents& now,
                                                                               std::int64_t revision);
base::Result<void> forget_seen_changes(store::Session& session, std::int64_t set_id);  // those that all have seen

struct SuppressionRow {
  std::string cause, reason, rule_key;
  bool operator==(const SuppressionRow&) const = default;
};
using Suppressions = std::unordered_map<std::string, SuppressionRow>;  // by finding id

base::Result<Suppressions> load_suppressions(store::Session& session, std::int64_t assessment_id);
base::Result<void> save_suppressions(store::Session& session, std::int64_t assessment_id, const Suppressions& before,
                                     const Suppressions& after);

base::Result<void> add_resolved(store::Session& session, const Subject& subject, const SetFinding& finding,
                                std::string_view cause, store::Millis now);

}  // namespace security
