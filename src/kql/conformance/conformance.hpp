// SPDX-License-Identifier: Apache-2.0
// Cases of queries with their answers, one JSON object a line, and how an answer is compared with ours.
//
// Two forms are read: with `types` (printed examples of documentation: cells as a person reads them) and with
// `type_classes` and `kind` (answers of an engine: 'text', null, True; kind is complete, sampled, error or unstable).
// Rows are compared as a bag unless `ordered`; numbers by value, to 1e-9 (1e-2 of sketches); dynamics as JSON.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/value.hpp"

namespace kql {

using RunQuery = std::function<base::Result<Table>(std::string_view query)>;

struct CaseOutcome {
  enum class Status { passed, failed, skipped } status = Status::skipped;
  std::string id;
  std::string query;
  std::string expected, got;  // of a failure
};

// The outcome of one line. Kind::invalid_input where the line is no case.
base::Result<CaseOutcome> run_case(std::string_view line, const RunQuery& run);

}  // namespace kql
