// SPDX-License-Identifier: Apache-2.0
#include "security/assessor.hpp"

#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "security/evaluate.hpp"
#include "security/notifications.hpp"
#include "security/records.hpp"
#include "security/scopes.hpp"

namespace security {

struct Assessor::State {
  const Recommendations& recommendations;
  OnChange on_change;

  // Records a change, and tells of it once it is committed; what did not change is neither recorded nor told.
  base::Result<void> tell(store::Session& session, const Change& change, const Counts& counts_before, store::Millis now) const {
    if (!change.status_changed() && change.counts == counts_before && change.new_findings.empty()) return {};
    TRY(record_change(session, recommendations.find(change.subject.assessment_key), change, now));
    if (on_change) session.after_commit([listener = on_change, change] { listener(change); });
    return {};
  }

  // A recommendation is new about a resource of its own type once that is unhealthy; findings are told where they hang.
  base::Result<void> notify(store::Session& session, const Change& change, store::Millis now) const {
    TRY(notify_findings(session, change, now));
    const Recommendation* known = recommendations.find(change.subject.assessment_key);
    const bool appeared = change.after == kUnhealthy && change.before != kUnhealthy;
    if (!known || !appeared || !base::equals_ignoring_case(change.subject.resource_type, known->resource_type)) return {};
    return notify_recommendation(session, *known, change, now);
  }

  // The parent whose assessment of the same key is rolled up from this one; nothing where it has none.
  std::optional<Subject> parent_of(const Subject& child) const {
    const Recommendation* known = recommendations.find(child.assessment_key);
    if (!known || known->child_type.empty() || base::equals_ignoring_case(child.resource_type, known->resource_type))
      return std::nullopt;
    std::string id = ancestor_of_type(child.resource_id, child.resource_type, known->resource_type);
    if (id.empty()) return std::nullopt;
    return Subject{std::move(id), known->resource_type, child.assessment_key};
  }
};

namespace {

// Parents to roll up, each once.
class Parents {
 public:
  void add(const std::optional<Subject>& parent) {
    if (parent && seen_.insert(base::to_lower(parent->resource_id) + " " + parent->assessment_key).second)
      subjects_.push_back(*parent);
  }
  const std::vector<Subject>& subjects() const { return subjects_; }

 private:
  std::set<std::string> seen_;
  std::vector<Subject> subjects_;
};

// The verdicts of a parent's children.
struct Children {
  std::int64_t total = 0, unhealthy = 0, healthy = 0;
  std::string cause;  // the most frequent of those that are not applicable
  Counts counts;
};

base::Result<Children> read_children(store::Session& session, const Subject& parent) {
  const std::string key = base::to_lower(parent.resource_id), first = key + "/", end = key + "0";
  Children out;
  TRY(session.query(
      "SELECT status, cause, count(*), sum(critical), sum(high), sum(medium), sum(low), sum(unrated), sum(fixable), "
      "sum(disabled) FROM assessments WHERE assessment_key = ? AND resource_key > ? AND resource_key < ? "
      "GROUP BY status, cause ORDER BY count(*), cause",
      {std::string_view(parent.assessment_key), std::string_view(first), std::string_view(end)}, [&](const store::Row& row) {
        out.total += row.integer(2);
        if (row.text(0) == kUnhealthy) out.unhealthy += row.integer(2);
        if (row.text(0) == kHealthy) out.healthy += row.integer(2);
        if (row.text(0) == kNotApplicable) out.cause = row.text(1);
        out.counts += Counts{row.integer(3), row.integer(4), row.integer(5), row.integer(6),
                             row.integer(7), row.integer(8), row.integer(9)};
      }));
  return out;
}

void fill_rolled_up(AssessmentRow& row, const Children& children, store::Millis now) {
  const std::string_view status = children.unhealthy > 0 ? kUnhealthy : children.healthy > 0 ? kHealthy : kNotApplicable;
  if (row.id == 0) row.first_evaluated_at = now;
  if (row.id == 0 || row.status != status) row.status_changed_at = now;
  row.status = status;
  row.cause = status == kNotApplicable ? children.cause : std::string();
  row.description = fmt::format("{} of {} below are unhealthy", children.unhealthy, children.total);
  row.verdict_status = kRolledUp;
  row.evaluated_at = now;
  row.counts = children.counts;
}

// What counts at and below a key goes to the resolved findings in one statement: a registry may hold a million.
base::Result<void> resolve_below(store::Session& session, const ScopeCondition& scope, const std::string& cause,
                                 store::Millis now) {
  std::vector<store::Value> parameters{std::string_view(cause), now};
  scope.append_to(parameters);
  return session.run(
      fmt::format("INSERT INTO resolved_findings (resource_key, resource_id, assessment_key, finding_id, vulnerability, "
                  "severity, package, version, cause, first_seen_at, resolved_at) "
                  "SELECT a.resource_key, a.resource_id, a.assessment_key, f.finding_id, f.vulnerability, f.severity, "
                  "f.package, f.version, ?, f.first_seen_at, ? FROM assessments a JOIN findings f ON f.set_id = a.set_id "
                  "WHERE {} AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.assessment_id = a.id AND "
                  "s.finding_id = f.finding_id)",
                  scope.sql()),
      parameters);
}

}  // namespace

Assessor::Assessor(const Recommendations& recommendations, OnChange on_change)
    : state_(std::make_unique<State>(State{recommendations, std::move(on_change)})) {}

Assessor::~Assessor() = default;

base::Result<Change> Assessor::assess(store::Session& session, const Subject& subject, const Verdict& verdict,
                                      store::Millis now) {
  const Rules rules = TRY(load_rules(session, state_->recommendations, base::to_lower(subject.resource_id), RulesBelow::no));
  AssessmentRow row = TRY(load_assessment(session, subject));
  const Counts before = row.counts;
  SetCache sets;
  Change change = TRY(evaluate(session, row, verdict, {rules, {}, now}, sets));
  TRY(state_->tell(session, change, before, now));
  TRY(state_->notify(session, change, now));
  return change;
}

base::Result<Change> Assessor::roll_up(store::Session& session, const Subject& parent, store::Millis now) {
  const Children children = TRY(read_children(session, parent));
  AssessmentRow row = TRY(load_assessment(session, parent));
  const Counts before = row.counts;
  Change change;
  change.subject = parent;
  change.before = row.status;
  if (children.total > 0) {
    fill_rolled_up(row, children, now);
    TRY(save_assessment(session, row));
    change.after = row.status;
    change.cause = row.cause;
    change.counts = row.counts;
  } else if (row.id != 0) {
    TRY(delete_assessment(session, row.id));
  }
  TRY(state_->tell(session, change, before, now));
  TRY(state_->notify(session, change, now));
  return change;
}

base::Result<void> Assessor::remove(store::Session& session, const std::string& resource_key, const std::string& cause,
                                    store::Millis now) {
  const ScopeCondition plain("resource_key", {resource_key}), joined("a.resource_key", {resource_key});
  std::vector<store::Value> parameters;
  plain.append_to(parameters);
  const std::vector<AssessmentRow> rows = TRY(load_assessments(session, plain.sql(), parameters));
  TRY(resolve_below(session, joined, cause, now));
  TRY(session.run(fmt::format("DELETE FROM suppressions WHERE assessment_id IN (SELECT id FROM assessments WHERE {})",
                              plain.sql()),
                  parameters));
  TRY(session.run(fmt::format("DELETE FROM assessments WHERE {}", plain.sql()), parameters));
  Parents parents;
  for (const AssessmentRow& row : rows) {
    TRY(state_->tell(session, Change{row.subject, row.status, "", cause, {}, {}}, row.counts, now));
    const auto parent = state_->parent_of(row.subject);
    if (parent && !at_or_below(resource_key, base::to_lower(parent->resource_id))) parents.add(parent);
  }
  for (const Subject& parent : parents.subjects()) TRY(roll_up(session, parent, now));
  return {};
}

base::Result<void> Assessor::reassess(store::Session& session, std::vector<AssessmentRow> rows, const Rules& rules,
                                      const std::string& cause, bool tell_findings, store::Millis now) {
  SetCache sets;
  Parents parents;
  for (AssessmentRow& row : rows) {
    if (row.is_rolled_up()) {
      parents.add(row.subject);
      continue;
    }
    const Counts before = row.counts;
    Change change = TRY(evaluate(session, row, verdict_of(row), {rules, cause, now}, sets));
    TRY(state_->tell(session, change, before, now));
    if (!tell_findings) change.new_findings.clear();
    TRY(state_->notify(session, change, now));
    parents.add(state_->parent_of(row.subject));
  }
  for (const Subject& parent : parents.subjects()) TRY(roll_up(session, parent, now));
  return {};
}

base::Result<void> Assessor::reassess_set(store::Session& session, std::int64_t set_id, const std::string& cause,
                                          store::Millis now) {
  auto rows = TRY(load_assessments(session, "set_id = ?", {set_id}));
  const Rules rules = TRY(load_rules(session, state_->recommendations, "/", RulesBelow::yes));
  return reassess(session, std::move(rows), rules, cause, true, now);
}

base::Result<void> Assessor::reassess_scope(store::Session& session, const std::string& scope_key, store::Millis now) {
  const ScopeCondition scope("resource_key", {scope_key});
  std::vector<store::Value> parameters;
  scope.append_to(parameters);
  auto rows = TRY(load_assessments(session, scope.sql(), parameters));
  const Rules rules = TRY(load_rules(session, state_->recommendations, scope_key, RulesBelow::yes));
  return reassess(session, std::move(rows), rules, {}, false, now);
}

base::Result<StandingFindings> Assessor::standing(store::Session& session, const Subject& subject, std::int64_t set_id,
                                                  store::Millis now) const {
  const std::string key = base::to_lower(subject.resource_id);
  const Rules rules = TRY(load_rules(session, state_->recommendations, key, RulesBelow::no));
  const Tags tags = TRY(load_tags(session, rules, key));
  const RulesAt rules_here(rules, key, tags, subject.assessment_key, now);
  const auto matched_with = TRY(store::query_text(session, "SELECT matched_with FROM finding_sets WHERE id = ?", {set_id}));
  StandingFindings out;
  out.matched = matched_with && !matched_with->empty();
  const SetContents set = TRY(load_set(session, set_id));
  for (const SetFinding& finding : set.findings) {
    const bool counts = !disregard(finding, rules_here);
    (counts ? out.open : out.disregarded).add(finding.severity, finding.patchable);
    if (finding.patchable) (counts ? out.open_fixable : out.disregarded_fixable).add(finding.severity, true);
  }
  return out;
}

}  // namespace security
