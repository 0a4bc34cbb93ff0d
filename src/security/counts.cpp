// SPDX-License-Identifier: Apache-2.0
#include "security/counts.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"

namespace security {

namespace {

constexpr std::array<std::pair<std::string_view, model::Severity>, 6> kSeverityLabels{{
    {"Critical", model::Severity::critical},
    {"High", model::Severity::high},
    {"Medium", model::Severity::medium},
    {"Low", model::Severity::low},
    {"Low", model::Severity::negligible},
    {"Unknown", model::Severity::unknown},
}};

}  // namespace

void Counts::add(model::Severity severity, bool has_fix) {
  switch (severity) {
    case model::Severity::critical: ++critical; break;
    case model::Severity::high: ++high; break;
    case model::Severity::medium: ++medium; break;
    case model::Severity::low:
    case model::Severity::negligible: ++low; break;
    case model::Severity::unknown: ++unrated; break;
  }
  if (has_fix) ++fixable;
}

Counts& Counts::operator+=(const Counts& other) {
  critical += other.critical;
  high += other.high;
  medium += other.medium;
  low += other.low;
  unrated += other.unrated;
  fixable += other.fixable;
  disabled += other.disabled;
  return *this;
}

base::JsonObject to_json(const Counts& counts) {
  return {{"critical", counts.critical}, {"high", counts.high},       {"medium", counts.medium},
          {"low", counts.low},           {"unknown", counts.unrated}, {"fixable", counts.fixable},
          {"disabled", counts.disabled}};
}

std::string_view severity_label(model::Severity severity) {
  for (const auto& [label, value] : kSeverityLabels)
    if (value == severity) return label;
  return "Unknown";
}

std::optional<model::Severity> parse_severity_label(std::string_view text) {
  for (const auto& [label, value] : kSeverityLabels)
    if (base::equals_ignoring_case(label, text)) return value;
  return std::nullopt;
}

}  // namespace security
