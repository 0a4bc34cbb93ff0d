// SPDX-License-Identifier: Apache-2.0
#include "model/finding.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace model {

namespace {

constexpr std::array<std::pair<std::string_view, Severity>, 11> kSeverityWords{{
    {"UNKNOWN", Severity::unknown},
    {"NEGLIGIBLE", Severity::negligible},
    {"LOW", Severity::low},
    {"MEDIUM", Severity::medium},
    {"HIGH", Severity::high},
    {"CRITICAL", Severity::critical},
    {"NONE", Severity::negligible},
    {"UNIMPORTANT", Severity::negligible},
    {"MINOR", Severity::low},
    {"MODERATE", Severity::medium},
    {"IMPORTANT", Severity::high},
}};

bool same_word(std::string_view word, std::string_view upper) {
  return std::equal(word.begin(), word.end(), upper.begin(), upper.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 32) : a) == b; });
}

}  // namespace

std::string_view severity_name(Severity severity) {
  for (const auto& [word, value] : kSeverityWords)
    if (value == severity) return word;
  return "UNKNOWN";
}

std::optional<Severity> parse_severity(std::string_view text) {
  for (const auto& [word, value] : kSeverityWords)
    if (same_word(text, word)) return value;
  return std::nullopt;
}

Severity severity_of_score(double score) {
  if (score >= 9.0) return Severity::critical;
  if (score >= 7.0) return Severity::high;
  if (score >= 4.0) return Severity::medium;
  if (score > 0.0) return Severity::low;
  return score == 0.0 ? Severity::negligible : Severity::unknown;
}

std::string_view fix_status_name(FixStatus status) {
  switch (status) {
    case FixStatus::affected: return "affected";
    case FixStatus::fixed: return "fixed";
    case FixStatus::will_not_fix: return "will_not_fix";
    case FixStatus::fix_deferred: return "fix_deferred";
    case FixStatus::end_of_life: return "end_of_life";
    case FixStatus::under_investigation: return "under_investigation";
  }
  return "affected";
}

std::string_view category_name(Category category) {
  switch (category) {
    case Category::vulnerability: return "Vulnerability";
    case Category::secret: return "Secret";
    case Category::malware: return "Malware";
    case Category::misconfiguration: return "Misconfiguration";
    case Category::configuration: return "Configuration";
  }
  return "Vulnerability";
}

}  // namespace model
