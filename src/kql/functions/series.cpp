// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/series.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kql/number.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

// "2017-01-01T00:00:00.0000000Z" and "1.00:00:00", as make-series writes them; other texts are no numbers.
std::optional<std::int64_t> printed_ticks(std::string_view text) {
  if (text.size() < 8 || text.size() > 32) return std::nullopt;
  if (text.back() == 'Z' && text.size() > 20 && text[10] == 'T') return parse_datetime(text);
  const bool of_span = std::count(text.begin(), text.end(), ':') == 2 && text.find_first_not_of("0123456789:.-") == std::string_view::npos;
  return of_span ? parse_timespan(text) : std::nullopt;
}

std::optional<SeriesNumber> number_of_text(std::string_view text) {
  if (text == "NaN" || text == "Infinity" || text == "-Infinity") return SeriesNumber{*parse_real_number(text), std::nullopt};
  const auto ticks = printed_ticks(text);
  return ticks ? std::optional(SeriesNumber{static_cast<double>(*ticks), std::nullopt}) : std::nullopt;
}

// The quartiles that numbers above, or below, are measured with.
struct Quartiles {
  double low = 0, high = 0;
};

Quartiles quartiles_of(std::span<const double> sorted) { return {percentile_of_sorted(sorted, 25), percentile_of_sorted(sorted, 75)}; }

// A series without any spread has no measure: what differs from it at all is beyond every fence.
double distance(double number, double from, const Quartiles& quartiles) {
  const double spread = quartiles.high - quartiles.low;
  const double tiny = 1e-12 * std::max(1.0, std::abs(from));
  if (spread > tiny) return (number - from) / spread;
  if (std::abs(number - from) <= tiny) return 0;
  return number > from ? INFINITY : -INFINITY;
}

std::size_t rank(double percentile, std::size_t count) { return static_cast<std::size_t>(percentile / 100 * static_cast<double>(count)); }

}  // namespace

std::optional<SeriesNumber> series_number(const base::Json& element) {
  if (const auto* whole = element.if_int64()) return SeriesNumber{static_cast<double>(*whole), *whole};
  if (element.is_number()) return SeriesNumber{element.to_number<double>(), std::nullopt};
  if (const auto* text = element.if_string()) return number_of_text({text->data(), text->size()});
  return std::nullopt;
}

const base::JsonArray* series_array(const Value& value) {
  if (value.is_null()) return nullptr;
  const auto* array = value.json().if_array();
  return array == nullptr || array->size() > kMostSeriesElements ? nullptr : array;
}

std::optional<std::vector<double>> series_numbers(const Value& value) {
  const auto* array = series_array(value);
  if (array == nullptr) return std::nullopt;
  std::vector<double> out;
  out.reserve(array->size());
  for (const base::Json& element : *array) {
    const auto number = series_number(element);
    out.push_back(number ? number->real : NAN);
  }
  return out;
}

std::optional<std::vector<double>> complete_series(const Value& value) {
  auto out = series_numbers(value);
  if (!out || !std::all_of(out->begin(), out->end(), [](double d) { return std::isfinite(d); })) return std::nullopt;
  return out;
}

base::Json series_json(double number) {
  if (!std::isfinite(number)) return boost::json::string(real_text(number));
  return number;
}

base::JsonArray series_json(std::span<const double> numbers) {
  base::JsonArray out;
  out.reserve(numbers.size());
  for (const double number : numbers) out.push_back(series_json(number));
  return out;
}

double mean_of(std::span<const double> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

double variance_of(std::span<const double> numbers) {
  if (numbers.size() < 2) return 0;
  const double mean = mean_of(numbers);
  double squares = 0;
  for (const double number : numbers) squares += (number - mean) * (number - mean);
  return squares / static_cast<double>(numbers.size() - 1);
}

double median_of(std::vector<double> numbers) {
  if (numbers.empty()) return NAN;
  std::sort(numbers.begin(), numbers.end());
  return percentile_of_sorted(numbers, 50);
}

double percentile_of_sorted(std::span<const double> sorted, double percentile) {
  const double place = percentile / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

LineFit fit_line(std::span<const double> numbers) {
  const auto n = static_cast<double>(numbers.size());
  const double mean_x = (n + 1) / 2, mean_y = mean_of(numbers);
  double products = 0, squares_x = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double x = static_cast<double>(i + 1) - mean_x;
    products += x * (numbers[i] - mean_y);
    squares_x += x * x;
  }
  LineFit out;
  out.slope = squares_x > 0 ? products / squares_x : 0;
  out.interception = mean_y - out.slope * mean_x;
  out.variance = variance_of(numbers);
  double squares = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) squares += (numbers[i] - out.at(i)) * (numbers[i] - out.at(i));
  out.rvariance = numbers.size() < 2 ? 0 : squares / (n - 1);
  out.rsquare = out.variance > 0 ? std::max(0.0, 1 - out.rvariance / out.variance) : 1;
  return out;
}

std::vector<double> outlier_scores(std::span<const double> numbers, const OutlierOptions& options) {
  std::vector<double> sorted;
  const std::size_t learned = numbers.size() - std::min(numbers.size(), options.test_points);
  for (const double number : numbers.first(learned))
    if (!std::isnan(number)) sorted.push_back(number);
  std::vector<double> out(numbers.size());
  if (sorted.empty()) return out;
  std::sort(sorted.begin(), sorted.end());
  const Quartiles all = quartiles_of(sorted);
  Quartiles above = all, below = all;
  if (options.custom) {
    const std::size_t begin = std::min(rank(options.low_percentile, sorted.size()), sorted.size() - 1);
    const std::size_t end = std::max<std::size_t>(rank(options.high_percentile, sorted.size()), 1);
    above = quartiles_of(std::span(sorted).first(end));
    below = quartiles_of(std::span(sorted).subspan(begin));
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] > all.high) out[i] = std::max(0.0, distance(numbers[i], above.high, above));
    if (numbers[i] < all.low) out[i] = std::min(0.0, distance(numbers[i], below.low, below));
  }
  return out;
}

std::span<const Function> series_functions() {
  static const std::vector<Function> kAll = [] {
    std::vector<Function> all;
    for (const std::span<const Function> family : {series_element_functions(), series_fill_functions(), series_fit_functions(),
                                                   series_statistics_functions(), series_fourier_functions(), series_period_functions()})
      all.insert(all.end(), family.begin(), family.end());
    return all;
  }();
  return kAll;
}

}  // namespace kql
