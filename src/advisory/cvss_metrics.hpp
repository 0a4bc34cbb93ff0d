// SPDX-License-Identifier: Apache-2.0
// What the CVSS versions share: vectors of `metric:value` fields, checked against a version's metrics.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace advisory {

struct CvssMetric {
  std::string_view name;
  std::string_view values;  // with one blank between two
  bool mandatory = false;
};

class CvssMetrics {
 public:
  // Fields in any order, each metric once; nullopt for unknown metrics and values, and for missing mandatory ones.
  static std::optional<CvssMetrics> parse(std::string_view fields, std::span<const CvssMetric> known);

  // The value given; "X" (not defined) where there is none.
  std::string_view operator[](std::string_view metric) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> given_;
};

// Base score of the fields behind the prefix, 0.0 … 10.0 with one decimal.
std::optional<double> cvss2_score(std::string_view fields);
enum class Cvss3 { v3_0, v3_1 };  // they differ in how they round
std::optional<double> cvss3_score(std::string_view fields, Cvss3 version);
std::optional<double> cvss4_score(std::string_view fields);

}  // namespace advisory
