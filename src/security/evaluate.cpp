// SPDX-License-Identifier: Apache-2.0
#include "security/evaluate.hpp"

#include "base/text.hpp"

namespace security {

namespace {

using FindingsById = std::unordered_map<std::string, SetFinding>;

// What the rules leave of a set.
struct Outcome {
  std::string status, cause;
  Counts counts;
  std::vector<const SetFinding*> open;
  Suppressions suppressed;
};

void count_findings(const SetContents& set, const RulesAt& rules, Outcome& out) {
  for (const SetFinding& finding : set.findings) {
    const auto why = disregard(finding, rules);
    if (!why) {
      out.open.push_back(&finding);
      out.counts.add(finding.severity, finding.patchable);
      continue;
    }
    ++out.counts.disabled;
    out.suppressed.emplace(finding.id, SuppressionRow{std::string(why->cause), std::string(why->reason),
                                                      std::string(why->rule_key)});
  }
}

Outcome outcome_of(const Verdict& verdict, const SetContents* set, const RulesAt& rules) {
  Outcome out;
  if (set) {
    count_findings(*set, rules, out);
    out.status = out.open.empty() ? kHealthy : kUnhealthy;
  } else {
    out.status = verdict.status;
    out.cause = verdict.cause;
  }
  if (rules.whole_resource()) {
    out.status = kNotApplicable;
    out.cause = "Exempt";
  }
  return out;
}

// What counted when the row was last written. `set` is the set of the verdict, which most often is the row's too.
base::Result<FindingsById> open_before(store::Session& session, const AssessmentRow& row, const SetContents* set,
                                       const Suppressions& suppressions) {
  if (row.id == 0 || !row.set_id) return FindingsById{};
  SetContents other;
  if (!set || set->set_id != *row.set_id) {
    other = TRY(load_set(session, *row.set_id));
    set = &other;
  }
  FindingsById out = TRY(findings_at_revision(session, *set, row.seen_revision));
  for (const auto& entry : suppressions) out.erase(entry.first);
  return out;
}

std::string_view resolved_cause(const SetFinding& finding, const Outcome& outcome, const SetContents* set,
                                const Evaluation& evaluation) {
  if (const auto why = outcome.suppressed.find(finding.id); why != outcome.suppressed.end()) return why->second.cause;
  if (!set) return outcome.cause.empty() ? std::string_view("Fixed") : std::string_view(outcome.cause);
  if (!evaluation.resolved_cause.empty()) return evaluation.resolved_cause;
  return set->has_inventory ? "RescanWithNewData" : "Fixed";
}

void fill_row(AssessmentRow& row, const Verdict& verdict, const Outcome& outcome, const SetContents* set, store::Millis now) {
  if (row.id == 0) row.first_evaluated_at = now;
  if (row.id == 0 || row.status != outcome.status) row.status_changed_at = now;
  row.status = outcome.status;
  row.cause = outcome.cause;
  row.description = verdict.description;
  row.set_id = verdict.set_id;
  row.seen_revision = set ? set->revision : 0;
  row.verdict_status = verdict.status;
  row.verdict_cause = verdict.cause;
  row.verdict_description = verdict.description;
  row.evaluated_at = now;
  row.counts = outcome.counts;
}

}  // namespace

std::optional<Disregard> disregard(const SetFinding& finding, const RulesAt& rules) {
  if (!finding.ignored.empty() && !rules.whole_resource()) return Disregard{"NotAffected", finding.ignored, {}};
  return rules.of(finding.facts());
}

base::Result<const SetContents*> SetCache::get(store::Session& session, std::int64_t set_id) {
  if (last_.set_id != set_id) last_ = TRY(load_set(session, set_id));
  return &last_;
}

Verdict verdict_of(const AssessmentRow& row) {
  return {row.set_id, row.verdict_status, row.verdict_cause, row.verdict_description};
}

base::Result<Change> evaluate(store::Session& session, AssessmentRow& row, const Verdict& verdict, const Evaluation& evaluation,
                              SetCache& sets) {
  const SetContents* set = verdict.set_id ? TRY(sets.get(session, *verdict.set_id)) : nullptr;
  const std::string resource_key = base::to_lower(row.subject.resource_id);
  const Tags tags = TRY(load_tags(session, evaluation.rules, resource_key));
  const RulesAt rules(evaluation.rules, resource_key, tags, row.subject.assessment_key, evaluation.now);
  const Outcome outcome = outcome_of(verdict, set, rules);
  const Suppressions suppressed_before = row.id == 0 ? Suppressions{} : TRY(load_suppressions(session, row.id));
  FindingsById before = TRY(open_before(session, row, set, suppressed_before));

  Change change;
  change.subject = row.subject;
  change.before = row.status;
  for (const SetFinding* finding : outcome.open)
    if (before.erase(finding->id) == 0) change.new_findings.push_back(finding->id);
  for (const auto& entry : before)
    TRY(add_resolved(session, row.subject, entry.second, resolved_cause(entry.second, outcome, set, evaluation), evaluation.now));

  const bool set_moved = set && row.id != 0 && (row.set_id != verdict.set_id || row.seen_revision != set->revision);
  fill_row(row, verdict, outcome, set, evaluation.now);
  TRY(save_assessment(session, row));
  TRY(save_suppressions(session, row.id, suppressed_before, outcome.suppressed));
  if (set_moved) TRY(forget_seen_changes(session, set->set_id));
  change.after = row.status;
  change.cause = row.cause;
  change.counts = row.counts;
  return change;
}

}  // namespace security
