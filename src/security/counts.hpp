// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "model/finding.hpp"

namespace security {

// Open findings by severity. Negligible counts as low.
struct Counts {
  std::int64_t critical = 0, high = 0, medium = 0, low = 0, unrated = 0;
  std::int64_t fixable = 0;   // of those, with a fixed version
  std::int64_t disabled = 0;  // not among those: disabled by a rule, or exempt

  std::int64_t open() const { return critical + high + medium + low + unrated; }
  void add(model::Severity severity, bool has_fix);
  Counts& operator+=(const Counts& other);
  bool operator==(const Counts&) const = default;
};

base::JsonObject to_json(const Counts& counts);  // as docs/rest-api.md has it

// "Critical", "High", "Medium", "Low", "Unknown": how REST and pages write a severity.
std::string_view severity_label(model::Severity severity);
std::optional<model::Severity> parse_severity_label(std::string_view text);  // any case

}  // namespace security
