// SPDX-License-Identifier: Apache-2.0
// Periods of a series, and its decomposition into a seasonal part, a trend and what is left
// (data-explorer/kusto/query/series-decompose-function).
#include <algorithm>
#include <cmath>

#include "kql/functions/series.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

constexpr std::size_t kShortestPeriod = 4;
constexpr double kDecomposeThreshold = 0.6, kSeasonalThreshold = 0.7;

struct Period {
  std::size_t length = 0;
  double score = 0;
};

// How alike a series is to itself some elements later, without the bias of the overlap that gets shorter.
class Autocorrelation {
 public:
  explicit Autocorrelation(std::span<const double> numbers) : longest_(numbers.size() / 2) {
    std::size_t size = 1;
    while (size < 2 * numbers.size()) size *= 2;
    const double mean = mean_of(numbers);
    std::vector<Complex> x(size);
    for (std::size_t i = 0; i < numbers.size(); ++i) x[i].real = numbers[i] - mean;
    x = fourier_transform(std::move(x), false);
    for (Complex& c : x) c = {c.real * c.real + c.imaginary * c.imaginary, 0};
    x = fourier_transform(std::move(x), true);
    const double whole = x[0].real, tiny = 1e-12 * std::max(1.0, mean * mean) * static_cast<double>(numbers.size());
    for (std::size_t lag = 0; lag <= longest_; ++lag) {
      const double overlap = static_cast<double>(numbers.size()) / static_cast<double>(numbers.size() - lag);
      at_.push_back(whole > tiny ? std::min(1.0, x[lag].real / whole * overlap) : 0);
    }
  }

  // Of a period that stands out among those a quarter shorter or longer, and holds twice; else 0. It may be a little off.
  double score(std::size_t period) const {
    if (period < kShortestPeriod || period > longest_) return 0;
    const std::size_t around = std::max<std::size_t>(1, period / 4), slack = period / 50;
    std::size_t best = period;
    for (std::size_t lag = period - around; lag <= std::min(longest_, period + around); ++lag)
      if (at_[lag] > at_[best]) best = lag;
    if (best + slack < period || best > period + slack) return 0;
    const double twice = 2 * best <= longest_ ? at_[2 * best] : at_[best];
    return std::max(0.0, std::min(at_[best], twice));
  }
  // The peaks, the best first; of a period's multiples only those that are clearly better than it.
  std::vector<Period> periods(double shortest, double longest) const;

 private:
  bool is_peak(std::size_t lag) const { return lag < longest_ && at_[lag] > at_[lag - 1] && at_[lag] >= at_[lag + 1] && stands_out(lag); }
  bool stands_out(std::size_t lag) const {
    const std::size_t around = std::max<std::size_t>(1, lag / 4);
    const auto begin = at_.begin() + static_cast<std::ptrdiff_t>(lag - around);
    const auto end = at_.begin() + static_cast<std::ptrdiff_t>(std::min(longest_, lag + around) + 1);
    return *std::max_element(begin, end) <= at_[lag];
  }
  std::size_t longest_;
  std::vector<double> at_;
};

bool is_multiple(std::size_t length, std::size_t of) {
  const std::size_t rest = length % of, slack = std::max<std::size_t>(1, length / of * (of / 50));
  return length > of && (rest <= slack || of - rest <= slack);
}

std::vector<Period> Autocorrelation::periods(double shortest, double longest) const {
  constexpr double kClearlyBetter = 1.02, kLeastScore = 0.1;
  std::vector<Period> out;
  for (std::size_t lag = kShortestPeriod; lag <= longest_; ++lag) {
    const auto length = static_cast<double>(lag);
    if (length < shortest || length > longest || !is_peak(lag)) continue;
    const double own = score(lag);
    const bool repeats = std::any_of(out.begin(), out.end(), [&](const Period& p) { return is_multiple(lag, p.length) && own <= p.score * kClearlyBetter; });
    if (own >= kLeastScore && !repeats) out.push_back({lag, own});
  }
  std::stable_sort(out.begin(), out.end(), [](const Period& a, const Period& b) { return a.score > b.score; });
  return out;
}

// The period of the best score; 0 where none reaches the threshold.
std::size_t best_period(std::span<const double> numbers, double threshold) {
  if (numbers.size() < 2 * kShortestPeriod) return 0;
  const auto found = Autocorrelation(numbers).periods(0, static_cast<double>(numbers.size()));
  return found.empty() || found.front().score < threshold ? 0 : found.front().length;
}

// For each place within a period the median of the values there, repeated as far as the series goes.
std::vector<double> seasonal_part(std::span<const double> learned, std::size_t period, std::size_t size) {
  std::vector<double> out(size);
  if (period == 0) return out;
  for (std::size_t phase = 0; phase < std::min(period, size); ++phase) {
    std::vector<double> same;
    for (std::size_t i = phase; i < learned.size(); i += period) same.push_back(learned[i]);
    const double median = same.empty() ? 0 : median_of(std::move(same));
    for (std::size_t i = phase; i < size; i += period) out[i] = median;
  }
  return out;
}

struct DecomposeOptions {
  std::int64_t seasonality = -1;  // a period; 0: none, -1: to be detected
  std::string trend = "avg";
  std::size_t test_points = 0;
  double threshold = kDecomposeThreshold;
};

struct Decomposition {
  std::vector<double> baseline, seasonal, trend, residual;
};

// The elements that are no numbers count as 0, as in a series without values for some bins.
std::vector<double> zeros_for_gaps(std::vector<double> numbers) {
  for (double& number : numbers)
    if (!std::isfinite(number)) number = 0;
  return numbers;
}

std::optional<Decomposition> decompose(const std::vector<double>& numbers, const DecomposeOptions& options) {
  const std::size_t n = numbers.size();
  if (options.test_points > n || options.seasonality < -1 || n == 0) return std::nullopt;
  const auto learned = std::span(numbers).first(n - options.test_points);
  const std::size_t period = options.seasonality < 0 ? best_period(learned, options.threshold) : static_cast<std::size_t>(options.seasonality);
  Decomposition out;
  out.seasonal = seasonal_part(learned, period, n);
  std::vector<double> rest;
  for (std::size_t i = 0; i < learned.size(); ++i) rest.push_back(learned[i] - out.seasonal[i]);
  out.trend.resize(n);
  if (options.trend == "linefit" && !rest.empty()) {
    const LineFit line = fit_line(rest);
    for (std::size_t i = 0; i < n; ++i) out.trend[i] = line.at(i);
  } else if (options.trend == "avg" && !rest.empty()) {
    std::fill(out.trend.begin(), out.trend.end(), mean_of(rest));
  } else if (options.trend != "none") {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < n; ++i) {
    out.baseline.push_back(out.seasonal[i] + out.trend[i]);
    out.residual.push_back(numbers[i] - out.baseline[i]);
  }
  return out;
}

std::int64_t whole_or(const Arguments& a, std::size_t i, std::int64_t otherwise) { return a.has(i) ? a.integer(i) : otherwise; }
std::size_t points_or_none(const Arguments& a, std::size_t i) { return a.has(i) && a.integer(i) > 0 ? static_cast<std::size_t>(a.integer(i)) : 0; }
std::string word_or(const Arguments& a, std::size_t i, std::string_view otherwise) {
  return a.has(i) && !a.text(i).empty() ? a.text(i) : std::string(otherwise);
}
double threshold_or(const Arguments& a, std::size_t i, double otherwise) { return a.has(i) ? a.number(i) : otherwise; }

Value parts_as_columns(const std::optional<Decomposition>& parts) {
  if (!parts) return {};
  return Value::dynamic(base::JsonArray{series_json(parts->baseline), series_json(parts->seasonal), series_json(parts->trend), series_json(parts->residual)});
}

// series_decompose(series, seasonality, trend, test points, threshold)
Value decomposed_series(const Arguments& a) {
  const auto numbers = series_numbers(a[0]);
  if (!numbers) return {};
  return parts_as_columns(decompose(zeros_for_gaps(*numbers), {whole_or(a, 1, -1), word_or(a, 2, "avg"), points_or_none(a, 3), threshold_or(a, 4, kDecomposeThreshold)}));
}

// series_decompose_forecast(series, points, seasonality, trend, threshold)
Value forecast_of_series(const Arguments& a) {
  const auto numbers = series_numbers(a[0]);
  if (!numbers) return {};
  return parts_as_columns(decompose(zeros_for_gaps(*numbers), {whole_or(a, 2, -1), word_or(a, 3, "avg"), points_or_none(a, 1), threshold_or(a, 4, kDecomposeThreshold)}));
}

// series_decompose_anomalies(series, threshold, seasonality, trend, test points, method, seasonality's threshold)
Value anomalies_of_series(const Arguments& a) {
  const auto numbers = series_numbers(a[0]);
  const std::string method = word_or(a, 5, "ctukey");
  if (!numbers || (method != "ctukey" && method != "tukey")) return {};
  const DecomposeOptions options{whole_or(a, 2, -1), word_or(a, 3, "avg"), points_or_none(a, 4), threshold_or(a, 6, kDecomposeThreshold)};
  const auto parts = decompose(zeros_for_gaps(*numbers), options);
  if (!parts) return {};
  OutlierOptions outliers;
  outliers.custom = method == "ctukey";
  outliers.test_points = options.test_points;
  const std::vector<double> scores = outlier_scores(parts->residual, outliers);
  const double threshold = threshold_or(a, 1, 1.5);
  base::JsonArray flags;
  for (const double score : scores) flags.push_back(std::int64_t{score > threshold ? 1 : score < -threshold ? -1 : 0});
  return Value::dynamic(base::JsonArray{std::move(flags), series_json(scores), series_json(parts->baseline)});
}

// series_seasonal(series, period, test points)
Value seasonal_of_series(const Arguments& a) {
  const auto given = series_numbers(a[0]);
  if (!given) return {};
  const std::vector<double> numbers = zeros_for_gaps(*given);
  const auto learned = std::span(numbers).first(numbers.size() - std::min(numbers.size(), points_or_none(a, 2)));
  const std::int64_t period = whole_or(a, 1, -1);
  const std::size_t length = period == -1 ? best_period(learned, kSeasonalThreshold) : period > 0 ? static_cast<std::size_t>(period) : 0;
  return Value::dynamic(series_json(seasonal_part(learned, length, numbers.size())));
}

// series_periods_detect(series, shortest, longest, number of periods)
Value detected_periods(const Arguments& a) {
  const auto numbers = complete_series(a[0]);
  if (!numbers || a.integer(3) < 0 || a.integer(3) > static_cast<std::int64_t>(kMostSeriesElements)) return {};
  std::vector<Period> found;
  if (numbers->size() >= 2 * kShortestPeriod) found = Autocorrelation(*numbers).periods(a.number(1), a.number(2));
  found.resize(static_cast<std::size_t>(a.integer(3)));
  base::JsonArray periods, scores;
  for (const Period& period : found) {
    periods.push_back(static_cast<double>(period.length));
    scores.push_back(period.score);
  }
  return Value::dynamic(base::JsonArray{std::move(periods), std::move(scores)});
}

// series_periods_validate(series, period, …)
Value validated_periods(const Arguments& a) {
  const auto numbers = complete_series(a[0]);
  if (!numbers || a.size() > 17) return {};
  base::JsonArray periods, scores;
  std::optional<Autocorrelation> autocorrelation;
  if (numbers->size() >= 2 * kShortestPeriod) autocorrelation.emplace(*numbers);
  for (std::size_t i = 1; i < a.size(); ++i) {
    const double period = a.number(i);
    periods.push_back(series_json(period));
    const bool possible = autocorrelation && period >= kShortestPeriod && period <= static_cast<double>(numbers->size()) / 2;
    scores.push_back(possible ? autocorrelation->score(static_cast<std::size_t>(std::lround(period))) : 0.0);
  }
  return Value::dynamic(base::JsonArray{std::move(periods), std::move(scores)});
}

constexpr std::string_view kDecomposeColumns = "baseline:dynamic, seasonal:dynamic, trend:dynamic, residual:dynamic";

constexpr Function kSeriesPeriodFunctions[] = {
    {.name = "series_periods_detect", .signature = "(dynamic, number, number, long) dynamic", .evaluate = detected_periods, .columns = "periods:dynamic, scores:dynamic"},
    {.name = "series_periods_validate", .signature = "(dynamic, number...) dynamic", .evaluate = validated_periods, .columns = "periods:dynamic, scores:dynamic"},
    {.name = "series_seasonal", .signature = "(dynamic, whole?, whole?) dynamic", .evaluate = seasonal_of_series, .nulls = Nulls::handled},
    {.name = "series_decompose", .signature = "(dynamic, whole?, string?, whole?, number?) dynamic", .evaluate = decomposed_series, .nulls = Nulls::handled, .columns = kDecomposeColumns},
    {.name = "series_decompose_forecast", .signature = "(dynamic, whole, whole?, string?, number?) dynamic", .evaluate = forecast_of_series, .nulls = Nulls::handled, .columns = kDecomposeColumns},
    {.name = "series_decompose_anomalies", .signature = "(dynamic, number?, whole?, string?, whole?, string?, number?) dynamic", .evaluate = anomalies_of_series,
     .nulls = Nulls::handled, .columns = "ad_flag:dynamic, ad_score:dynamic, baseline:dynamic"},
};

}  // namespace

std::span<const Function> series_period_functions() { return kSeriesPeriodFunctions; }

}  // namespace kql
