// SPDX-License-Identifier: Apache-2.0
// What a check says about one resource, and what it says so by.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace benchmark {

// `manual`: a person must decide; `not_applicable`: the host lacks what the control is about; `error`: what the control
// reads could not be read, or is not what it claims to be. The last three always come with a reason.
enum class Status { pass, fail, manual, not_applicable, error };

std::string_view status_name(Status status);  // "pass", "fail", "manual", "notApplicable", "error"

// One fact that a verdict stands on.
struct Evidence {
  std::string source;  // "GET /info", "stat /etc/docker", "audit rules", "dockerd arguments"; empty for a mere reason
  std::string path;    // JSON path in the source: "$.HostConfig.Privileged"; empty where there is none
  base::Json value;    // as it stands there, cut short; null where there is none
  std::string message; // what it means
};

struct Verdict {
  Status status = Status::error;
  std::vector<Evidence> evidence;  // never empty

  Verdict& because(Evidence more) &;
  Verdict&& because(Evidence more) &&;
};

// Verdicts that stand on one fact, or on a mere reason.
Verdict judged(bool passes, Evidence evidence);
Verdict verdict(Status status, Evidence evidence);
Verdict verdict(Status status, std::string reason);

// The worst of several: fail before error before manual before pass before not_applicable.
Status worst(Status a, Status b);

// A value for evidence: texts cut at 200 bytes and safe to print, lists and objects at 20 members.
base::Json shortened(const base::Json& value);
base::Json shortened(std::string_view text);

}  // namespace benchmark
