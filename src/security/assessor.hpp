// SPDX-License-Identifier: Apache-2.0
// Verdicts about resources: stored, compared with what was said before, and told to whoever listens.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "security/counts.hpp"
#include "security/recommendations.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace security {

inline constexpr std::string_view kHealthy = "Healthy", kUnhealthy = "Unhealthy", kNotApplicable = "NotApplicable";

struct AssessmentRow;
struct Rules;

struct Subject {
  std::string resource_id;
  std::string resource_type;   // "Microsoft.ContainerRegistry/registries/repositories/images"
  std::string assessment_key;  // a UUID, lower case
};

// What an evaluation came to. With a set, the status is Unhealthy where a finding counts, else Healthy. Without, it is as given.
struct Verdict {
  std::optional<std::int64_t> set_id;
  std::string status;       // where there is no set; NotApplicable goes with a cause
  std::string cause;        // "OffByPolicy", "ScanFailed", "UnsupportedImage" …; "Exempt" is said by the assessor
  std::string description;  // a sentence for people
};

struct Change {
  Subject subject;
  std::string before, after;  // statuses; before is empty where there was no assessment, after where it is gone
  std::string cause;
  Counts counts;
  std::vector<std::string> new_findings;  // ids that count now and did not before
  bool status_changed() const { return before != after; }
};

// The findings of a set as rules and exemptions leave them at a resource.
struct StandingFindings {
  Counts open, open_fixable;                // what counts; of those, with a fixed version
  Counts disregarded, disregarded_fixable;  // exempt, disabled or not affected, by severity
  bool matched = false;                     // against vulnerability data
};

// Called after the transaction that made the change is committed.
using OnChange = std::function<void(const Change&)>;

// Thread-safe; every method works inside the caller's write transaction.
class Assessor {
 public:
  Assessor(const Recommendations& recommendations, OnChange on_change);
  ~Assessor();

  // Stores the verdict. Disable rules and exemptions that hold at the resource are applied (suppressions, counts);
  // findings that counted before and no longer do are kept as resolved, with the cause ("Disabled", "Exempt", "NotAffected" where
  // VEX says so, "RescanWithNewData" for a set with a package list, which cannot change, "Fixed" for another, else the verdict's);
  // first evaluation and time of the last change of status are kept. Notifications that are due are put into the outbox.
  // What an exemption covers as a whole is NotApplicable with the cause Exempt, whatever the verdict.
  base::Result<Change> assess(store::Session& session, const Subject& subject, const Verdict& verdict, store::Millis now);

  // A parent's verdict from those of its children of the same key (ids below it): Unhealthy where one is, Healthy where one
  // is Healthy and none Unhealthy, NotApplicable with the children's cause where all are; removed where there is none.
  base::Result<Change> roll_up(store::Session& session, const Subject& parent, store::Millis now);

  // The resource, with everything below it, is gone: its findings are resolved with the cause, its assessments removed, and
  // the parents that stay are rolled up.
  base::Result<void> remove(store::Session& session, const std::string& resource_key, const std::string& cause,
                            store::Millis now);

  // Every assessment that uses the set, after its findings changed, and the parents' roll-ups.
  base::Result<void> reassess_set(store::Session& session, std::int64_t set_id, const std::string& cause, store::Millis now);

  // Every assessment at and below a scope, after rules or exemptions there changed, and the parents' roll-ups. Sends no
  // notifications of findings: they are not new.
  base::Result<void> reassess_scope(store::Session& session, const std::string& scope_key, store::Millis now);

  // What stands against a resource by a set now, also where its assessment does not show it (an image that no tag leads to).
  // Reads alone.
  base::Result<StandingFindings> standing(store::Session& session, const Subject& subject, std::int64_t set_id, store::Millis now) const;

 private:
  base::Result<void> reassess(store::Session& session, std::vector<AssessmentRow> rows, const Rules& rules,
                              const std::string& cause, bool tell_findings, store::Millis now);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace security
