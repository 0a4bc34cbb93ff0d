// SPDX-License-Identifier: Apache-2.0
// One assessment asked again: what counts now, against what counted before.
#pragma once

#include "security/assessment_row.hpp"

namespace security {

// Sets read once while assessments are looked at in order of their set.
class SetCache {
 public:
  base::Result<const SetContents*> get(store::Session& session, std::int64_t set_id);

 private:
  SetContents last_;
};

struct Evaluation {
  const Rules& rules;
  std::string resolved_cause;  // of findings that left the set; empty: as the kind of set has it
  store::Millis now = 0;
};

// Applies rules and exemptions to the verdict, writes the row, its suppressions and what was resolved. `row` is as
// stored (id 0: new) and comes back as written.
base::Result<Change> evaluate(store::Session& session, AssessmentRow& row, const Verdict& verdict, const Evaluation& evaluation,
                              SetCache& sets);

// Why a finding does not count at a resource: VEX says so, or a rule does. Nothing where it counts.
std::optional<Disregard> disregard(const SetFinding& finding, const RulesAt& rules);

// The verdict as it was given when the row was written.
Verdict verdict_of(const AssessmentRow& row);

}  // namespace security
