// SPDX-License-Identifier: Apache-2.0
// The image gate: may this image be deployed? Pure. Admission, container groups and `bulwark gate` ask it alike.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/finding.hpp"
#include "security/counts.hpp"
#include "store/jobs.hpp"

namespace security {

struct GateRule {
  std::optional<model::Severity> severity = model::Severity::high;  // findings at or above keep out; nothing: none do
  bool only_fixed = false;         // only those that have a fixed version
  int max_age_days = 0;            // of the last scan; 0: any age
  bool require_approval = false;
  bool require_signature = false;
  bool obey_exemptions = true;     // exempt and disabled findings do not keep out
};

enum class ApprovalDecision { none, approved, refused };

struct ImageFacts {
  std::string name;                  // as people know it, for the reasons
  std::string scan_state;            // queued, scanning, complete, failed, unsupported, off
  store::Millis scanned_at = 0;      // 0: never
  bool matched = true;               // there was vulnerability data to compare it with
  Counts open;                       // what counts
  Counts open_fixable;               // of those, with a fixed version
  Counts disregarded;                // exempt or disabled, by severity
  Counts disregarded_fixable;
  ApprovalDecision decision = ApprovalDecision::none;
  std::string decision_reason;
  store::Millis approval_expires = 0;  // 0: never
  bool is_signed = false;
};

struct GateAnswer {
  bool allowed = true;
  bool scanned = false, approved = false;
  std::vector<std::string> reasons;  // why not, each with its mend; empty where allowed
};

// What an image takes from the indexes that it is in: their signatures; where it has no decision of its own that holds, an
// approval of any of them, else a refusal of all. A refusal of the index that was asked about (null: none) holds in any case.
void inherit(ImageFacts& image, const std::vector<ImageFacts>& indexes, const ImageFacts* asked, store::Millis now);

// The answer about an index out of those about the images in it: let in where each is, with the reasons of all. Without any
// it stays out; `platforms` then says which were looked for.
GateAnswer join_answers(const std::string& index_name, const std::vector<GateAnswer>& images, std::string_view platforms);

GateAnswer ask_gate(const GateRule& rule, const ImageFacts& image, store::Millis now);

}  // namespace security
