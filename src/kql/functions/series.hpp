// SPDX-License-Identifier: Apache-2.0
// Series, the arrays of numbers within dynamics that the series_…() functions take and make, and what several of those
// functions compute (data-explorer/kusto/query/scalar-functions, "Series processing functions").
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "kql/functions/function.hpp"

namespace kql {

constexpr std::size_t kMostSeriesElements = 1'048'576;  // as make-series makes at most

// An element of a series.
struct SeriesNumber {
  double real = 0;
  std::optional<std::int64_t> whole;  // where JSON has it as a whole number
};

// A number, "NaN" or "Infinity"; of a time as KQL prints it, its ticks. Nothing for other elements.
std::optional<SeriesNumber> series_number(const base::Json& element);

// The array of a value; null where it is none, or too long.
const base::JsonArray* series_array(const Value& value);

// The numbers of a series, NaN for what is none; nothing where the value is no array.
std::optional<std::vector<double>> series_numbers(const Value& value);
// Nothing too where an element is no finite number.
std::optional<std::vector<double>> complete_series(const Value& value);

base::Json series_json(double number);  // "NaN" and "Infinity" as texts, as everywhere in dynamics
base::JsonArray series_json(std::span<const double> numbers);

double mean_of(std::span<const double> numbers);      // NaN of none
double variance_of(std::span<const double> numbers);  // of the sample; 0 of fewer than two
double median_of(std::vector<double> numbers);        // NaN of none
// Between the two nearest of `sorted`, which is not empty; `percentile` from 0 to 100.
double percentile_of_sorted(std::span<const double> sorted, double percentile);

// The best line through y(1), y(2), … y(n) by least squares. Of at least one number.
struct LineFit {
  double rsquare = 0, slope = 0, variance = 0, rvariance = 0, interception = 0;
  double at(std::size_t index) const { return slope * static_cast<double>(index + 1) + interception; }
};
LineFit fit_line(std::span<const double> numbers);

// Tukey's test. "tukey" measures how far a number is from the quartiles, in the distance between these; "ctukey" does so
// with quartiles of the numbers without those beyond the percentiles given. NaNs score 0. Quartiles are those of the
// first numbers, without the last `test_points`.
struct OutlierOptions {
  bool custom = true;
  double low_percentile = 10, high_percentile = 90;
  std::size_t test_points = 0;
};
std::vector<double> outlier_scores(std::span<const double> numbers, const OutlierOptions& options);

struct Complex {
  double real = 0, imaginary = 0;
};
std::vector<Complex> fourier_transform(std::vector<Complex> numbers, bool inverse);  // of any length

std::span<const Function> series_element_functions();
std::span<const Function> series_fill_functions();
std::span<const Function> series_fit_functions();
std::span<const Function> series_statistics_functions();
std::span<const Function> series_fourier_functions();
std::span<const Function> series_period_functions();

}  // namespace kql
