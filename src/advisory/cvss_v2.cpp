// SPDX-License-Identifier: Apache-2.0
// CVSS v2 base score: "A Complete Guide to the Common Vulnerability Scoring System Version 2.0", section 3.2.1.
#include <array>
#include <cmath>

#include "advisory/cvss_metrics.hpp"

namespace advisory {
namespace {

constexpr std::array<CvssMetric, 14> kCvss2Metrics = {{
    {"AV", "L A N", true},
    {"AC", "H M L", true},
    {"Au", "M S N", true},
    {"C", "N P C", true},
    {"I", "N P C", true},
    {"A", "N P C", true},
    {"E", "U POC F H ND"},
    {"RL", "OF TF W U ND"},
    {"RC", "UC UR C ND"},
    {"CDP", "N L LM MH H ND"},
    {"TD", "N L M H ND"},
    {"CR", "L M H ND"},
    {"IR", "L M H ND"},
    {"AR", "L M H ND"},
}};

double cvss2_impact_weight(std::string_view value) {
  if (value == "C") return 0.660;
  return value == "P" ? 0.275 : 0.0;
}

double cvss2_exploitability(const CvssMetrics& metrics) {
  const std::string_view vector = metrics["AV"];
  const std::string_view complexity = metrics["AC"];
  const std::string_view authentication = metrics["Au"];
  const double av = vector == "N" ? 1.0 : vector == "A" ? 0.646 : 0.395;
  const double ac = complexity == "L" ? 0.71 : complexity == "M" ? 0.61 : 0.35;
  const double au = authentication == "N" ? 0.704 : authentication == "S" ? 0.56 : 0.45;
  return 20 * av * ac * au;
}

}  // namespace

std::optional<double> cvss2_score(std::string_view fields) {
  const std::optional<CvssMetrics> metrics = CvssMetrics::parse(fields, kCvss2Metrics);
  if (!metrics) return std::nullopt;
  const double impact = 10.41 * (1 - (1 - cvss2_impact_weight((*metrics)["C"])) * (1 - cvss2_impact_weight((*metrics)["I"])) *
                                         (1 - cvss2_impact_weight((*metrics)["A"])));
  if ((*metrics)["C"] == "N" && (*metrics)["I"] == "N" && (*metrics)["A"] == "N") return 0.0;
  const double score = (0.6 * impact + 0.4 * cvss2_exploitability(*metrics) - 1.5) * 1.176;
  return std::round(score * 10) / 10;
}

}  // namespace advisory
