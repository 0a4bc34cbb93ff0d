// SPDX-License-Identifier: Apache-2.0
// CVSS v4.0 (base, threat and environmental): specification document, section 8. A vector belongs to one of 270
// MacroVectors, and its score lies between that of its MacroVector and those of the next lower ones.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "advisory/cvss_metrics.hpp"

namespace advisory {
namespace {

constexpr std::array<CvssMetric, 32> kCvss4Metrics = {{
    {"AV", "N A L P", true},
    {"AC", "L H", true},
    {"AT", "N P", true},
    {"PR", "N L H", true},
    {"UI", "N P A", true},
    {"VC", "H L N", true},
    {"VI", "H L N", true},
    {"VA", "H L N", true},
    {"SC", "H L N", true},
    {"SI", "H L N", true},
    {"SA", "H L N", true},
    {"E", "X A P U"},
    {"CR", "X H M L"},
    {"IR", "X H M L"},
    {"AR", "X H M L"},
    {"MAV", "X N A L P"},
    {"MAC", "X L H"},
    {"MAT", "X N P"},
    {"MPR", "X N L H"},
    {"MUI", "X N P A"},
    {"MVC", "X H L N"},
    {"MVI", "X H L N"},
    {"MVA", "X H L N"},
    {"MSC", "X H L N"},
    {"MSI", "X S H L N"},
    {"MSA", "X S H L N"},
    {"S", "X N P"},
    {"AU", "X N Y"},
    {"R", "X A U I"},
    {"V", "X D C"},
    {"RE", "X L M H"},
    {"U", "X Clear Green Amber Red"},
}};

// Scores of the MacroVectors in tenths: a row for each (EQ1, EQ2, EQ3 and EQ6), which holds EQ5 0 … 2 for EQ4 0, then
// for EQ4 1, then for EQ4 2.
constexpr std::array<std::array<std::uint8_t, 9>, 30> kMacroScores = {{
    {100, 98, 95, 100, 93, 91, 93, 89, 81},  // 0 0 0 0
    {99, 95, 92, 96, 87, 81, 90, 80, 68},  // 0 0 0 1
    {98, 95, 90, 93, 89, 81, 88, 78, 69},  // 0 0 1 0
    {95, 92, 84, 92, 81, 65, 80, 70, 48},  // 0 0 1 1
    {92, 82, 72, 79, 69, 50, 69, 55, 27},  // 0 0 2 1
    {99, 95, 92, 95, 90, 84, 92, 82, 72},  // 0 1 0 0
    {97, 92, 85, 91, 83, 71, 81, 71, 53},  // 0 1 0 1
    {95, 92, 85, 92, 80, 70, 84, 71, 50},  // 0 1 1 0
    {93, 85, 73, 82, 72, 59, 70, 52, 30},  // 0 1 1 1
    {86, 75, 52, 71, 52, 29, 63, 29, 17},  // 0 1 2 1
    {98, 94, 91, 94, 86, 77, 87, 74, 63},  // 1 0 0 0
    {95, 87, 81, 89, 74, 64, 75, 63, 49},  // 1 0 0 1
    {94, 88, 76, 86, 74, 59, 72, 57, 52},  // 1 0 1 0
    {89, 77, 67, 76, 58, 50, 57, 52, 25},  // 1 0 1 1
    {83, 70, 54, 65, 58, 26, 53, 21, 13},  // 1 0 2 1
    {95, 88, 76, 90, 75, 61, 77, 68, 52},  // 1 1 0 0
    {90, 76, 70, 77, 62, 53, 66, 59, 30},  // 1 1 0 1
    {89, 76, 62, 74, 57, 47, 61, 57, 24},  // 1 1 1 0
    {78, 67, 58, 59, 57, 23, 52, 29, 16},  // 1 1 1 1
    {71, 59, 30, 58, 26, 15, 23, 13, 6},  // 1 1 2 1
    {93, 86, 75, 86, 74, 56, 70, 52, 40},  // 2 0 0 0
    {87, 72, 58, 74, 61, 34, 54, 40, 22},  // 2 0 0 1
    {85, 74, 62, 72, 55, 46, 53, 34, 19},  // 2 0 1 0
    {75, 55, 51, 57, 41, 19, 36, 19, 8},  // 2 0 1 1
    {64, 51, 20, 47, 21, 11, 24, 9, 4},  // 2 0 2 1
    {88, 73, 60, 73, 59, 41, 54, 45, 20},  // 2 1 0 0
    {75, 53, 50, 55, 40, 20, 43, 22, 11},  // 2 1 0 1
    {75, 58, 40, 61, 48, 20, 46, 17, 8},  // 2 1 1 0
    {55, 45, 21, 51, 18, 9, 18, 7, 2},  // 2 1 1 1
    {53, 24, 14, 24, 12, 5, 10, 3, 1},  // 2 1 2 1
}};

// The metrics that decide, each as its distance from the most severe value in steps of 0.1 (table of section 8.2).
enum Metric4 { kAV, kPR, kUI, kAC, kAT, kVC, kVI, kVA, kCR, kIR, kAR, kSC, kSI, kSA, kMetric4Count };
using Levels = std::array<int, kMetric4Count>;

struct LevelScale {
  std::string_view name;
  std::string_view scale;    // values from the most severe on, a character each
  std::string_view modified; // the environmental metric that takes its place; empty: none
  char otherwise;            // for "X"
};
constexpr std::array<LevelScale, kMetric4Count> kScales = {{
    {"AV", "NALP", "MAV", 0},
    {"PR", "NLH", "MPR", 0},
    {"UI", "NPA", "MUI", 0},
    {"AC", "LH", "MAC", 0},
    {"AT", "NP", "MAT", 0},
    {"VC", "HLN", "MVC", 0},
    {"VI", "HLN", "MVI", 0},
    {"VA", "HLN", "MVA", 0},
    {"CR", "HML", "", 'H'},
    {"IR", "HML", "", 'H'},
    {"AR", "HML", "", 'H'},
    {"SC", "SHLN", "MSC", 0},
    {"SI", "SHLN", "MSI", 0},
    {"SA", "SHLN", "MSA", 0},
}};

Levels cvss4_levels(const CvssMetrics& metrics) {
  Levels levels{};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const LevelScale& scale = kScales[i];
    char value = metrics[scale.name].front();
    if (!scale.modified.empty() && metrics[scale.modified] != "X") value = metrics[scale.modified].front();
    if (value == 'X') value = scale.otherwise;
    levels[i] = static_cast<int>(scale.scale.find(value));
  }
  return levels;
}

// Equivalence classes (table of section 8.1); EQ3 and EQ6 depend on each other and make five classes together.
struct MacroVector {
  int eq1 = 0;
  int eq2 = 0;
  int eq3 = 0;
  int eq4 = 0;
  int eq5 = 0;
  int eq6 = 0;
};

MacroVector macro_vector_of(const Levels& levels, std::string_view exploit) {
  MacroVector macro;
  const bool av = levels[kAV] == 0;
  const bool pr = levels[kPR] == 0;
  const bool ui = levels[kUI] == 0;
  const bool physical = levels[kAV] == 3;
  if (!(av && pr && ui)) macro.eq1 = !physical && (av || pr || ui) ? 1 : 2;
  macro.eq2 = levels[kAC] == 0 && levels[kAT] == 0 ? 0 : 1;
  const bool vc = levels[kVC] == 0;
  const bool vi = levels[kVI] == 0;
  const bool va = levels[kVA] == 0;
  if (!(vc && vi)) macro.eq3 = vc || vi || va ? 1 : 2;
  const bool safety = levels[kSI] == 0 || levels[kSA] == 0;
  const bool high = levels[kSC] == 1 || levels[kSI] == 1 || levels[kSA] == 1;
  if (!safety) macro.eq4 = high ? 1 : 2;
  macro.eq5 = exploit == "U" ? 2 : exploit == "P" ? 1 : 0;
  const bool required = (levels[kCR] == 0 && vc) || (levels[kIR] == 0 && vi) || (levels[kAR] == 0 && va);
  macro.eq6 = required ? 0 : 1;
  return macro;
}

// In tenths; below zero where there is no such MacroVector.
int macro_score(const MacroVector& macro) {
  const bool exists = macro.eq1 < 3 && macro.eq2 < 2 && macro.eq3 < 3 && macro.eq4 < 3 && macro.eq5 < 3 && macro.eq6 < 2 &&
                      !(macro.eq3 == 2 && macro.eq6 == 0);
  if (!exists) return -1;
  const int eq36 = macro.eq3 == 2 ? 4 : macro.eq3 * 2 + macro.eq6;
  const auto row = static_cast<std::size_t>((macro.eq1 * 2 + macro.eq2) * 5 + eq36);
  return kMacroScores[row][static_cast<std::size_t>(macro.eq4 * 3 + macro.eq5)];
}

// The most severe vectors of each class, as levels of the metrics that the class looks at.
struct HighestVector {
  int equivalence;  // 1, 2, 3 (with 6) or 4
  int eq;           // value of the class; for 3: EQ3 * 2 + EQ6
  std::array<int, 6> levels;
};
constexpr std::array<HighestVector, 23> kHighest = {{
    {1, 0, {0, 0, 0}},           // AV PR UI
    {1, 1, {1, 0, 0}},
    {1, 1, {0, 1, 0}},
    {1, 1, {0, 0, 1}},
    {1, 2, {3, 0, 0}},
    {1, 2, {1, 1, 1}},
    {2, 0, {0, 0}},              // AC AT
    {2, 1, {1, 0}},
    {2, 1, {0, 1}},
    {3, 0, {0, 0, 0, 0, 0, 0}},  // VC VI VA CR IR AR
    {3, 1, {0, 0, 1, 1, 1, 0}},
    {3, 1, {0, 0, 0, 1, 1, 1}},
    {3, 2, {1, 0, 0, 0, 0, 0}},
    {3, 2, {0, 1, 0, 0, 0, 0}},
    {3, 3, {1, 0, 1, 0, 1, 0}},
    {3, 3, {1, 0, 0, 0, 1, 1}},
    {3, 3, {0, 1, 0, 1, 0, 1}},
    {3, 3, {0, 1, 1, 1, 0, 0}},
    {3, 3, {1, 1, 0, 0, 0, 1}},
    {3, 5, {1, 1, 1, 0, 0, 0}},
    {4, 0, {1, 0, 0}},           // SC SI SA
    {4, 1, {1, 1, 1}},
    {4, 2, {2, 2, 2}},
}};

// Steps from the first highest vector of the class that is at least as severe in every metric.
int distance_from_highest(const HighestVector& highest, const Levels& levels, std::size_t first, std::size_t count) {
  int distance = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const int step = levels[first + i] - highest.levels[i];
    if (step < 0) return -1;
    distance += step;
  }
  return distance;
}

int severity_distance(int equivalence, int eq, const Levels& levels, std::size_t first, std::size_t count) {
  for (const HighestVector& highest : kHighest) {
    if (highest.equivalence != equivalence || highest.eq != eq) continue;
    const int distance = distance_from_highest(highest, levels, first, count);
    if (distance >= 0) return distance;
  }
  return 0;  // not reached: every vector of a class is at or below one of its highest
}

// Depth of each class in steps (table of section 8.2, "maximal severity distance" plus one).
constexpr std::array<int, 3> kDepth1 = {1, 4, 5};
constexpr std::array<int, 2> kDepth2 = {1, 2};
constexpr std::array<int, 6> kDepth36 = {7, 6, 8, 8, 0, 10};
constexpr std::array<int, 3> kDepth4 = {6, 5, 4};

// Score of the next lower MacroVector in the direction of EQ3 and EQ6; of two the higher.
int lower_score_36(const MacroVector& macro) {
  MacroVector lower3 = macro;
  ++lower3.eq3;
  MacroVector lower6 = macro;
  ++lower6.eq6;
  if (macro.eq3 == 1 && macro.eq6 == 0) return macro_score(lower6);
  if (macro.eq3 == 0 && macro.eq6 == 0) return std::max(macro_score(lower3), macro_score(lower6));
  return macro_score(lower3);
}

struct Interpolation {
  int score;      // of the MacroVector, in tenths
  double sum = 0; // of the proportional distances
  int lower = 0;  // how many lower MacroVectors there are

  void add(int lower_score, int distance, int depth) {
    if (lower_score < 0) return;
    ++lower;
    sum += static_cast<double>(score - lower_score) * distance / depth;
  }
};

double cvss4_interpolated(const MacroVector& macro, const Levels& levels) {
  Interpolation mean{macro_score(macro)};
  MacroVector next = macro;
  ++next.eq1;
  mean.add(macro_score(next), severity_distance(1, macro.eq1, levels, kAV, 3), kDepth1[static_cast<std::size_t>(macro.eq1)]);
  next = macro;
  ++next.eq2;
  mean.add(macro_score(next), severity_distance(2, macro.eq2, levels, kAC, 2), kDepth2[static_cast<std::size_t>(macro.eq2)]);
  const int eq36 = macro.eq3 * 2 + macro.eq6;
  mean.add(lower_score_36(macro), severity_distance(3, eq36, levels, kVC, 6), kDepth36[static_cast<std::size_t>(eq36)]);
  next = macro;
  ++next.eq4;
  mean.add(macro_score(next), severity_distance(4, macro.eq4, levels, kSC, 3), kDepth4[static_cast<std::size_t>(macro.eq4)]);
  next = macro;
  ++next.eq5;
  mean.add(macro_score(next), 0, 1);  // one vector a class: no distance, and it counts in the mean
  const double tenths = mean.score - (mean.lower == 0 ? 0 : mean.sum / mean.lower);
  return std::clamp(tenths, 0.0, 100.0);
}

}  // namespace

std::optional<double> cvss4_score(std::string_view fields) {
  const std::optional<CvssMetrics> metrics = CvssMetrics::parse(fields, kCvss4Metrics);
  if (!metrics) return std::nullopt;
  const Levels levels = cvss4_levels(*metrics);
  const bool no_impact = levels[kVC] == 2 && levels[kVI] == 2 && levels[kVA] == 2 && levels[kSC] == 3 && levels[kSI] == 3 &&
                         levels[kSA] == 3;
  if (no_impact) return 0.0;
  const MacroVector macro = macro_vector_of(levels, (*metrics)["E"]);
  constexpr double kBinaryFraction = 1e-5;  // lifts what is a half in decimals and a hair less in binary
  return std::floor(cvss4_interpolated(macro, levels) + 0.5 + kBinaryFraction) / 10;
}

}  // namespace advisory
