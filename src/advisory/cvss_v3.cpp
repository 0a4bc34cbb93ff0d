// SPDX-License-Identifier: Apache-2.0
// CVSS v3.0 and v3.1 base score: specification documents, sections 7.1 and 8.1; roundup of 3.1: appendix A.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "advisory/cvss_metrics.hpp"

namespace advisory {
namespace {

constexpr std::array<CvssMetric, 22> kCvss3Metrics = {{
    {"AV", "N A L P", true},
    {"AC", "L H", true},
    {"PR", "N L H", true},
    {"UI", "N R", true},
    {"S", "U C", true},
    {"C", "H L N", true},
    {"I", "H L N", true},
    {"A", "H L N", true},
    {"E", "X H F P U"},
    {"RL", "X U W T O"},
    {"RC", "X C R U"},
    {"CR", "X H M L"},
    {"IR", "X H M L"},
    {"AR", "X H M L"},
    {"MAV", "X N A L P"},
    {"MAC", "X L H"},
    {"MPR", "X N L H"},
    {"MUI", "X N R"},
    {"MS", "X U C"},
    {"MC", "X H L N"},
    {"MI", "X H L N"},
    {"MA", "X H L N"},
}};

double cvss3_impact_weight(std::string_view value) {
  if (value == "H") return 0.56;
  return value == "L" ? 0.22 : 0.0;
}

double cvss3_exploitability(const CvssMetrics& metrics, bool scope_changed) {
  const std::string_view vector = metrics["AV"];
  const std::string_view privileges = metrics["PR"];
  const double av = vector == "N" ? 0.85 : vector == "A" ? 0.62 : vector == "L" ? 0.55 : 0.2;
  const double ac = metrics["AC"] == "L" ? 0.77 : 0.44;
  const double low = scope_changed ? 0.68 : 0.62;
  const double high = scope_changed ? 0.50 : 0.27;
  const double pr = privileges == "N" ? 0.85 : privileges == "L" ? low : high;
  const double ui = metrics["UI"] == "N" ? 0.85 : 0.62;
  return 8.22 * av * ac * pr * ui;
}

// Both mean "up to the next tenth". 3.1 takes what is within 0.000005 above a tenth for that tenth, 3.0 takes the exact
// value; the tiny allowance there is for binary fractions only.
double cvss3_roundup(double value, Cvss3 version) {
  if (version == Cvss3::v3_0) return std::ceil(value * 10 - 1e-9) / 10;
  const auto scaled = static_cast<std::int64_t>(std::llround(value * 100000));
  if (scaled % 10000 == 0) return static_cast<double>(scaled / 10000) / 10;
  return static_cast<double>(scaled / 10000 + 1) / 10;
}

}  // namespace

std::optional<double> cvss3_score(std::string_view fields, Cvss3 version) {
  const std::optional<CvssMetrics> metrics = CvssMetrics::parse(fields, kCvss3Metrics);
  if (!metrics) return std::nullopt;
  const bool scope_changed = (*metrics)["S"] == "C";
  const double base = 1 - (1 - cvss3_impact_weight((*metrics)["C"])) * (1 - cvss3_impact_weight((*metrics)["I"])) *
                              (1 - cvss3_impact_weight((*metrics)["A"]));
  const double impact = scope_changed ? 7.52 * (base - 0.029) - 3.25 * std::pow(base - 0.02, 15) : 6.42 * base;
  if (impact <= 0) return 0.0;
  const double sum = impact + cvss3_exploitability(*metrics, scope_changed);
  return cvss3_roundup(std::min(scope_changed ? 1.08 * sum : sum, 10.0), version);
}

}  // namespace advisory
