// SPDX-License-Identifier: Apache-2.0
#include "advisory/cvss.hpp"

#include <algorithm>

#include "advisory/cvss_metrics.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

const CvssMetric* find_cvss_metric(std::span<const CvssMetric> known, std::string_view name) {
  const auto found = std::find_if(known.begin(), known.end(), [name](const CvssMetric& metric) { return metric.name == name; });
  return found == known.end() ? nullptr : &*found;
}

bool has_cvss_value(const CvssMetric& metric, std::string_view value) {
  PartWalker values(metric.values, ' ');
  while (!values.done()) {
    if (values.next() == value) return true;
  }
  return false;
}

}  // namespace

std::optional<CvssMetrics> CvssMetrics::parse(std::string_view fields, std::span<const CvssMetric> known) {
  CvssMetrics metrics;
  PartWalker walker(fields, '/');
  while (!walker.done()) {
    const std::string_view field = walker.next();
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view name = field.substr(0, colon);
    const std::string_view value = field.substr(colon + 1);
    const CvssMetric* metric = find_cvss_metric(known, name);
    if (metric == nullptr || !has_cvss_value(*metric, value)) return std::nullopt;
    const bool repeated = std::any_of(metrics.given_.begin(), metrics.given_.end(),
                                      [name](const auto& given) { return given.first == name; });
    if (repeated) return std::nullopt;
    metrics.given_.emplace_back(name, value);
  }
  for (const CvssMetric& metric : known) {
    if (metric.mandatory && metrics[metric.name] == "X") return std::nullopt;
  }
  return metrics;
}

std::string_view CvssMetrics::operator[](std::string_view metric) const {
  for (const auto& given : given_) {
    if (given.first == metric) return given.second;
  }
  return "X";
}

std::optional<double> cvss_score(std::string_view vector) {
  vector = trim_ascii(vector);
  constexpr std::string_view kPrefix = "CVSS:3.0/";
  const std::string_view prefix = vector.substr(0, kPrefix.size());
  const std::string_view fields = vector.substr(prefix.size());
  if (prefix == kPrefix) return cvss3_score(fields, Cvss3::v3_0);
  if (prefix == "CVSS:3.1/") return cvss3_score(fields, Cvss3::v3_1);
  if (prefix == "CVSS:4.0/") return cvss4_score(fields);
  if (vector.size() > 1 && vector.front() == '(' && vector.back() == ')') vector = vector.substr(1, vector.size() - 2);
  return cvss2_score(vector);
}

}  // namespace advisory
