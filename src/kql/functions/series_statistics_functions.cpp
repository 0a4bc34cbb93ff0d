// SPDX-License-Identifier: Apache-2.0
// What a series, or two of them, are as a whole: series_stats, series_outliers, series_dot_product …
#include <algorithm>
#include <cmath>

#include "kql/functions/series.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

struct SeriesStatistics {
  std::size_t count = 0, least_at = 0, largest_at = 0;
  double least = 0, largest = 0, sum = 0, variance = 0;
  double average() const { return sum / static_cast<double>(count); }
};

// Without the elements that are no finite numbers where the second argument says so; else there may be none of them.
std::optional<SeriesStatistics> statistics_of(const Arguments& a) {
  const auto all = series_numbers(a[0]);
  const bool ignores = a.has(1) && a[1].boolean();
  if (!all) return std::nullopt;
  SeriesStatistics out;
  std::vector<double> finite;
  for (std::size_t i = 0; i < all->size(); ++i) {
    const double number = (*all)[i];
    if (!std::isfinite(number)) {
      if (ignores) continue;
      return std::nullopt;
    }
    if (finite.empty() || number < out.least) out.least = number, out.least_at = i;
    if (finite.empty() || number > out.largest) out.largest = number, out.largest_at = i;
    out.sum += number;
    finite.push_back(number);
  }
  if (finite.empty()) return std::nullopt;
  out.count = finite.size();
  out.variance = variance_of(finite);
  return out;
}

Value statistics_columns(const Arguments& a) {
  const auto s = statistics_of(a);
  if (!s) return {};
  return Value::dynamic(base::JsonArray{series_json(s->least), static_cast<std::int64_t>(s->least_at), series_json(s->largest), static_cast<std::int64_t>(s->largest_at),
                                        series_json(s->average()), series_json(std::sqrt(s->variance)), series_json(s->variance)});
}

Value statistics_bag(const Arguments& a) {
  const auto s = statistics_of(a);
  if (!s) return {};
  return Value::dynamic(base::JsonObject{{"min", series_json(s->least)},
                                         {"min_idx", static_cast<std::int64_t>(s->least_at)},
                                         {"max", series_json(s->largest)},
                                         {"max_idx", static_cast<std::int64_t>(s->largest_at)},
                                         {"avg", series_json(s->average())},
                                         {"stdev", series_json(std::sqrt(s->variance))},
                                         {"variance", series_json(s->variance)},
                                         {"sum", series_json(s->sum)},
                                         {"len", static_cast<std::int64_t>(s->count)}});
}

// series_outliers(series, kind, ignored value, low percentile, high percentile, test points)
Value outliers_of_series(const Arguments& a) {
  auto numbers = series_numbers(a[0]);
  if (!numbers) return {};
  OutlierOptions options;
  const std::string kind = a.has(1) && !a.text(1).empty() ? a.text(1) : "ctukey";
  if (kind != "tukey" && kind != "ctukey") return {};
  options.custom = kind == "ctukey";
  if (a.has(2))
    for (double& number : *numbers)
      if (number == a.number(2)) number = NAN;
  if (a.has(3)) options.low_percentile = a.real(3);
  if (a.has(4)) options.high_percentile = a.real(4);
  if (!(options.low_percentile >= 2 && options.low_percentile < options.high_percentile && options.high_percentile <= 98)) return {};
  if (a.has(5)) options.test_points = static_cast<std::size_t>(std::max<std::int64_t>(a.integer(5), 0));
  return Value::dynamic(series_json(outlier_scores(*numbers, options)));
}

// The numbers at the places where both have one, as far as the shorter reaches. A number stands for a series of it.
struct PairedSeries {
  std::vector<double> left, right;
};

std::optional<PairedSeries> paired(const Arguments& a) {
  std::optional<std::vector<double>> sides[2];
  for (std::size_t i = 0; i < 2; ++i) {
    if (a.types[i] != Type::dynamic) continue;
    sides[i] = series_numbers(a[i]);
    if (!sides[i] || sides[i]->empty()) return std::nullopt;
  }
  for (std::size_t i = 0; i < 2; ++i)
    if (!sides[i]) sides[i] = std::vector<double>(sides[1 - i] ? sides[1 - i]->size() : 1, a.number(i));
  PairedSeries out;
  for (std::size_t i = 0; i < std::min(sides[0]->size(), sides[1]->size()); ++i) {
    if (std::isnan((*sides[0])[i]) || std::isnan((*sides[1])[i])) continue;
    out.left.push_back((*sides[0])[i]);
    out.right.push_back((*sides[1])[i]);
  }
  return out;
}

double dot_of(const std::vector<double>& left, const std::vector<double>& right) {
  double sum = 0;
  for (std::size_t i = 0; i < left.size(); ++i) sum += left[i] * right[i];
  return sum;
}

Value dot_product(const Arguments& a) {
  const auto pair = paired(a);
  return pair ? Value::real(dot_of(pair->left, pair->right)) : Value();
}

// series_cosine_similarity(left, right, magnitude of left, of right)
Value cosine_similarity(const Arguments& a) {
  if (a[0].is_null() || a[1].is_null()) return {};
  const auto pair = paired(a);
  if (!pair) return {};
  const double left = a.has(2) ? a.real(2) : std::sqrt(dot_of(pair->left, pair->left));
  const double right = a.has(3) ? a.real(3) : std::sqrt(dot_of(pair->right, pair->right));
  return Value::real(dot_of(pair->left, pair->right) / (left * right));
}

Value pearson_correlation(const Arguments& a) {
  const auto left = complete_series(a[0]), right = complete_series(a[1]);
  if (!left || !right || left->size() != right->size() || left->empty()) return {};
  const double mean_left = mean_of(*left), mean_right = mean_of(*right);
  double products = 0, squares_left = 0, squares_right = 0;
  for (std::size_t i = 0; i < left->size(); ++i) {
    const double x = (*left)[i] - mean_left, y = (*right)[i] - mean_right;
    products += x * y;
    squares_left += x * x;
    squares_right += y * y;
  }
  return Value::real(products / std::sqrt(squares_left * squares_right));
}

std::optional<std::vector<double>> present_numbers(const Value& value) {
  auto out = series_numbers(value);
  if (out) out->erase(std::remove_if(out->begin(), out->end(), [](double d) { return std::isnan(d); }), out->end());
  return out;
}

Value sum_of_series(const Arguments& a) {
  const auto numbers = present_numbers(a[0]);
  if (!numbers) return {};
  double sum = 0;
  for (const double number : *numbers) sum += number;
  return Value::real(sum);
}

Value product_of_series(const Arguments& a) {
  const auto numbers = present_numbers(a[0]);
  if (!numbers) return {};
  double product = 1;
  for (const double number : *numbers) product *= number;
  return Value::real(product);
}

Value magnitude_of_series(const Arguments& a) {
  const auto numbers = present_numbers(a[0]);
  return numbers ? Value::real(std::sqrt(dot_of(*numbers, *numbers))) : Value();
}

constexpr Function kSeriesStatisticsFunctions[] = {
    {.name = "series_stats", .signature = "(dynamic, const bool?) dynamic", .evaluate = statistics_columns, .nulls = Nulls::handled,
     .columns = "min:real, min_idx:long, max:real, max_idx:long, avg:real, stdev:real, variance:real"},
    {.name = "series_stats_dynamic", .signature = "(dynamic, const bool?) dynamic", .evaluate = statistics_bag, .nulls = Nulls::handled},
    {.name = "series_outliers", .signature = "(dynamic, string?, number?, real?, real?, whole?) dynamic", .evaluate = outliers_of_series,
     .naming = Naming::first_argument, .nulls = Nulls::handled},
    {.name = "series_pearson_correlation", .signature = "(dynamic, dynamic) real", .evaluate = pearson_correlation},
    {.name = "series_dot_product", .signature = "(dynamic, dynamic) real", .evaluate = dot_product},
    {.name = "series_dot_product", .signature = "(dynamic, number) real", .evaluate = dot_product},
    {.name = "series_dot_product", .signature = "(number, dynamic) real", .evaluate = dot_product},
    {.name = "series_cosine_similarity", .signature = "(dynamic, dynamic, real?, real?) real", .evaluate = cosine_similarity, .nulls = Nulls::handled},
    {.name = "series_magnitude", .signature = "(dynamic) real", .evaluate = magnitude_of_series},
    {.name = "series_sum", .signature = "(dynamic) real", .evaluate = sum_of_series},
    {.name = "series_product", .signature = "(dynamic) real", .evaluate = product_of_series},
};

}  // namespace

std::span<const Function> series_statistics_functions() { return kSeriesStatisticsFunctions; }

}  // namespace kql
