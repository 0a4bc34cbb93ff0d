// SPDX-License-Identifier: Apache-2.0
// Lines and polynomials through a series: series_fit_line, series_fit_2lines, series_fit_poly.
#include <algorithm>
#include <cmath>

#include "kql/functions/series.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

constexpr std::int64_t kHighestDegree = 64;
constexpr std::size_t kMostPowers = 8'000'000;  // elements times degree: 64 MB

base::JsonArray values_of_line(const LineFit& line, std::size_t size) {
  base::JsonArray out;
  out.reserve(size);
  for (std::size_t i = 0; i < size; ++i) out.push_back(series_json(line.at(i)));
  return out;
}

Value line_columns(const Arguments& a) {
  const auto numbers = complete_series(a[0]);
  if (!numbers || numbers->empty()) return {};
  const LineFit line = fit_line(*numbers);
  return Value::dynamic(base::JsonArray{series_json(line.rsquare), series_json(line.slope), series_json(line.variance), series_json(line.rvariance),
                                        series_json(line.interception), values_of_line(line, numbers->size())});
}

Value line_bag(const Arguments& a) {
  const auto numbers = complete_series(a[0]);
  if (!numbers || numbers->empty()) return {};
  const LineFit line = fit_line(*numbers);
  return Value::dynamic(base::JsonObject{{"rsquare", series_json(line.rsquare)},
                                         {"slope", series_json(line.slope)},
                                         {"variance", series_json(line.variance)},
                                         {"rvariance", series_json(line.rvariance)},
                                         {"interception", series_json(line.interception)},
                                         {"line_fit", values_of_line(line, numbers->size())}});
}

// Sums over the beginnings of a series, from which the error of the best line through any part of it follows.
class LineErrors {
 public:
  explicit LineErrors(std::span<const double> numbers) : mean_(mean_of(numbers)), y_(1), xy_(1), yy_(1) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const double y = numbers[i] - mean_;
      y_.push_back(y_.back() + y);
      xy_.push_back(xy_.back() + static_cast<double>(i) * y);
      yy_.push_back(yy_.back() + y * y);
    }
  }
  double squares(std::size_t begin, std::size_t end) const {
    const auto n = static_cast<double>(end - begin);
    const double y = y_[end] - y_[begin], xy = xy_[end] - xy_[begin], yy = yy_[end] - yy_[begin];
    const double mean_x = (static_cast<double>(begin) + static_cast<double>(end) - 1) / 2;
    const double squares_x = n * (n * n - 1) / 12, products = xy - mean_x * y, squares_y = yy - y * y / n;
    return std::max(0.0, squares_y - (squares_x > 0 ? products * products / squares_x : 0));
  }

 private:
  double mean_;
  std::vector<double> y_, xy_, yy_;
};

// The two lines of a series with its best split; `right` begins at `split`.
struct TwoLines {
  std::size_t split = 0;
  double rsquare = 0, variance = 0, rvariance = 0;
  LineFit left, right;
};

std::optional<TwoLines> two_lines(std::span<const double> numbers) {
  const std::size_t n = numbers.size();
  if (n < 4) return std::nullopt;
  const LineErrors errors(numbers);
  TwoLines out;
  double least = INFINITY;
  for (std::size_t split = 2; split + 2 <= n; ++split) {
    const double squares = errors.squares(0, split) + errors.squares(split, n);
    if (squares >= least) continue;
    least = squares;
    out.split = split;
  }
  out.left = fit_line(numbers.first(out.split));
  out.right = fit_line(numbers.subspan(out.split));
  out.variance = variance_of(numbers);
  out.rvariance = least / static_cast<double>(n - 1);
  out.rsquare = out.variance > 0 ? std::max(0.0, 1 - out.rvariance / out.variance) : 1;
  return out;
}

base::JsonArray values_of_lines(const TwoLines& lines, std::size_t size) {
  base::JsonArray out = values_of_line(lines.left, lines.split);
  for (base::Json& value : values_of_line(lines.right, size - lines.split)) out.push_back(std::move(value));
  return out;
}

Value two_lines_columns(const Arguments& a) {
  const auto numbers = complete_series(a[0]);
  const auto lines = numbers ? two_lines(*numbers) : std::nullopt;
  if (!lines) return {};
  base::JsonArray out{series_json(lines->rsquare), static_cast<std::int64_t>(lines->split), series_json(lines->variance), series_json(lines->rvariance),
                      values_of_lines(*lines, numbers->size())};
  for (const LineFit* line : {&lines->right, &lines->left})
    for (const double part : {line->rsquare, line->slope, line->interception, line->variance, line->rvariance}) out.push_back(series_json(part));
  return Value::dynamic(std::move(out));
}

base::JsonObject side_bag(const LineFit& line) {
  return {{"rsquare", series_json(line.rsquare)},
          {"slope", series_json(line.slope)},
          {"interception", series_json(line.interception)},
          {"variance", series_json(line.variance)},
          {"rvariance", series_json(line.rvariance)}};
}

Value two_lines_bag(const Arguments& a) {
  const auto numbers = complete_series(a[0]);
  const auto lines = numbers ? two_lines(*numbers) : std::nullopt;
  if (!lines) return {};
  return Value::dynamic(base::JsonObject{{"rsquare", series_json(lines->rsquare)},
                                         {"split_idx", static_cast<std::int64_t>(lines->split)},
                                         {"variance", series_json(lines->variance)},
                                         {"rvariance", series_json(lines->rvariance)},
                                         {"line_fit", values_of_lines(*lines, numbers->size())},
                                         {"right", side_bag(lines->right)},
                                         {"left", side_bag(lines->left)}});
}

// Householder's reduction of the matrix of powers, column by column; the coefficients from the constant upwards.
// Nothing where the points do not decide them.
std::optional<std::vector<double>> least_squares(std::vector<std::vector<double>> columns, std::vector<double> y) {
  const std::size_t n = y.size(), count = columns.size();
  std::vector<double> diagonal(count);
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<double>& v = columns[k];
    double norm = 0, whole = 0;
    for (std::size_t i = 0; i < n; ++i) (i < k ? whole : norm) += v[i] * v[i];
    if (norm <= 1e-24 * (whole + norm)) return std::nullopt;
    const double pivot = v[k] > 0 ? -std::sqrt(norm) : std::sqrt(norm);
    diagonal[k] = pivot;
    v[k] -= pivot;
    const double scale = -pivot * v[k];  // half of |v|², of the part from k on
    const auto reflect = [&](std::vector<double>& w) {
      double dot = 0;
      for (std::size_t i = k; i < n; ++i) dot += v[i] * w[i];
      for (std::size_t i = k; i < n; ++i) w[i] -= dot / scale * v[i];
    };
    for (std::size_t other = k + 1; other < count; ++other) reflect(columns[other]);
    reflect(y);
  }
  std::vector<double> out(count);
  for (std::size_t k = count; k-- > 0;) {
    double rest = y[k];
    for (std::size_t other = k + 1; other < count; ++other) rest -= columns[other][k] * out[other];
    out[k] = rest / diagonal[k];
  }
  return out;
}

// p(t) with t = (x - middle) / half, written in powers of x.
std::vector<double> in_powers_of_x(const std::vector<double>& scaled, double middle, double half) {
  std::vector<double> out(scaled.size());
  for (std::size_t k = scaled.size(); k-- > 0;) {  // Horner's rule on polynomials: out = out * t + scaled[k]
    for (std::size_t i = out.size(); i-- > 0;) out[i] = (i > 0 ? out[i - 1] / half : 0) - out[i] * middle / half;
    out[0] += scaled[k];
  }
  return out;
}

double polynomial_at(const std::vector<double>& coefficients, double x) {
  double out = 0;
  for (std::size_t k = coefficients.size(); k-- > 0;) out = out * x + coefficients[k];
  return out;
}

Value polynomial_columns(const Arguments& a) {
  const auto y = complete_series(a[0]);
  if (!y || y->empty()) return {};
  std::vector<double> x(y->size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i + 1);
  if (a.has(1)) {
    auto given = complete_series(a[1]);
    if (!given || given->size() != y->size()) return {};
    x = std::move(*given);
  }
  const std::int64_t degree = a.has(2) ? a.integer(2) : 1;
  if (degree < 0 || degree > kHighestDegree || static_cast<std::size_t>(degree) >= y->size()) return {};
  if (y->size() * static_cast<std::size_t>(degree + 1) > kMostPowers) return {};
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const double middle = (*low + *high) / 2, half = *high > *low ? (*high - *low) / 2 : 1;
  std::vector<std::vector<double>> columns(1, std::vector<double>(x.size(), 1.0));
  for (double& value : x) value = (value - middle) / half;
  while (columns.size() <= static_cast<std::size_t>(degree)) {
    columns.push_back(columns.back());
    for (std::size_t i = 0; i < x.size(); ++i) columns.back()[i] *= x[i];
  }
  const auto scaled = least_squares(std::move(columns), *y);
  if (!scaled) return {};
  double squares = 0;
  std::vector<double> fit;
  for (std::size_t i = 0; i < x.size(); ++i) {
    fit.push_back(polynomial_at(*scaled, x[i]));
    squares += ((*y)[i] - fit[i]) * ((*y)[i] - fit[i]);
  }
  std::vector<double> coefficients = in_powers_of_x(*scaled, middle, half);
  std::reverse(coefficients.begin(), coefficients.end());
  const double variance = variance_of(*y), rvariance = y->size() < 2 ? 0 : squares / static_cast<double>(y->size() - 1);
  const double rsquare = variance > 0 ? std::max(0.0, 1 - rvariance / variance) : 1;
  return Value::dynamic(base::JsonArray{series_json(rsquare), series_json(coefficients), series_json(variance), series_json(rvariance), series_json(fit)});
}

constexpr Function kSeriesFitFunctions[] = {
    {.name = "series_fit_line", .signature = "(dynamic) dynamic", .evaluate = line_columns,
     .columns = "rsquare:real, slope:real, variance:real, rvariance:real, interception:real, line_fit:dynamic"},
    {.name = "series_fit_line_dynamic", .signature = "(dynamic) dynamic", .evaluate = line_bag},
    {.name = "series_fit_2lines", .signature = "(dynamic) dynamic", .evaluate = two_lines_columns,
     .columns = "rsquare:real, split_idx:long, variance:real, rvariance:real, line_fit:dynamic, right_rsquare:real, right_slope:real, "
                "right_interception:real, right_variance:real, right_rvariance:real, left_rsquare:real, left_slope:real, left_interception:real, "
                "left_variance:real, left_rvariance:real"},
    {.name = "series_fit_2lines_dynamic", .signature = "(dynamic) dynamic", .evaluate = two_lines_bag},
    {.name = "series_fit_poly", .signature = "(dynamic, dynamic?, int?) dynamic", .evaluate = polynomial_columns, .nulls = Nulls::handled,
     .columns = "rsquare:real, coefficients:dynamic, variance:real, rvariance:real, poly_fit:dynamic"},
};

}  // namespace

std::span<const Function> series_fit_functions() { return kSeriesFitFunctions; }

}  // namespace kql
