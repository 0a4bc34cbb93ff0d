// SPDX-License-Identifier: Apache-2.0
// Functions that fill the gaps of a series, and the filters series_fir and series_iir.
#include <algorithm>
#include <cmath>

#include "kql/functions/series.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

constexpr std::size_t kMostFilterSteps = std::size_t{1} << 30;  // products of one call

bool is_affordable(std::size_t elements, std::size_t coefficients) { return coefficients <= kMostFilterSteps / std::max<std::size_t>(elements, 1); }

// What stands in a series where there is no value: null, or a number that the call names.
struct Gap {
  std::optional<double> number;

  Gap(const Arguments& a, std::size_t i) : number(a.has(i) ? std::optional(a.number(i)) : std::nullopt) {}
  bool is(const base::Json& element) const {
    const auto found = series_number(element);
    if (!number) return !found || std::isnan(found->real);
    return found && found->real == *number;
  }
};

base::Json number_argument(const Arguments& a, std::size_t i) {
  if (!a.has(i)) return nullptr;
  return to_json(a[i], a.types[i]);
}

template <bool forward>
Value filled_in_direction(const Arguments& a) {
  const auto* array = series_array(a[0]);
  if (array == nullptr) return {};
  const Gap gap(a, 1);
  base::JsonArray out = *array;
  const base::Json* last = nullptr;
  for (std::size_t k = 0; k < out.size(); ++k) {
    base::Json& element = out[forward ? k : out.size() - 1 - k];
    if (!gap.is(element)) last = &element;
    else if (last != nullptr) element = *last;
  }
  return Value::dynamic(std::move(out));
}

Value filled_with_constant(const Arguments& a) {
  const auto* array = series_array(a[0]);
  if (array == nullptr) return {};
  const Gap gap(a, 2);
  const base::Json constant = a.size() < 2 ? base::Json(0.0) : number_argument(a, 1);
  base::JsonArray out = *array;
  for (base::Json& element : out)
    if (gap.is(element)) element = constant;
  return Value::dynamic(std::move(out));
}

// Between the values around a gap; whole numbers stay whole where the series has no others.
class LinearFill {
 public:
  LinearFill(const base::JsonArray& array, const Gap& gap) : out_(array), known_(array.size()) {
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (gap.is(array[i])) continue;
      const auto number = series_number(array[i]);
      known_[i] = number;
      whole_ = whole_ && number && number->whole;
      if (number && !first_) first_ = i;
      if (number) last_ = i;
    }
  }
  bool is_all_gap() const { return !first_; }

  base::JsonArray filled(bool edges) {
    std::size_t before = *first_;
    for (std::size_t i = *first_ + 1; i <= last_; ++i) {
      if (!known_[i]) continue;
      fill_between(before, i);
      before = i;
    }
    if (edges) {
      for (std::size_t i = 0; i < *first_; ++i) out_[i] = base::Json(out_[*first_]);
      for (std::size_t i = last_ + 1; i < out_.size(); ++i) out_[i] = base::Json(out_[last_]);
    }
    return std::move(out_);
  }

 private:
  void fill_between(std::size_t from, std::size_t to) {
    const double low = known_[from]->real, high = known_[to]->real;
    for (std::size_t i = from + 1; i < to; ++i) {
      const double part = static_cast<double>(i - from) / static_cast<double>(to - from);
      const double number = low + (high - low) * part;
      if (whole_) out_[i] = static_cast<std::int64_t>(number);
      else out_[i] = series_json(number);
    }
  }

  base::JsonArray out_;
  std::vector<std::optional<SeriesNumber>> known_;
  std::optional<std::size_t> first_;
  std::size_t last_ = 0;
  bool whole_ = true;
};

// series_fill_linear(series, gap, fill_edges, constant)
Value filled_linearly(const Arguments& a) {
  const auto* array = series_array(a[0]);
  if (array == nullptr) return {};
  LinearFill fill(*array, Gap(a, 1));
  if (!fill.is_all_gap()) return Value::dynamic(fill.filled(!a.has(2) || a[2].boolean()));
  const base::Json constant = a.size() < 4 ? base::Json(0.0) : number_argument(a, 3);
  return Value::dynamic(base::JsonArray(array->size(), constant));
}

// series_fir(series, filter, normalize, center)
Value finite_response(const Arguments& a) {
  const auto numbers = series_numbers(a[0]);
  auto filter = complete_series(a[1]);
  if (!numbers || !filter || filter->empty() || !is_affordable(numbers->size(), filter->size())) return {};
  const bool negative = std::any_of(filter->begin(), filter->end(), [](double d) { return d < 0; });
  const bool normalize = a.has(2) ? a[2].boolean() : !negative;
  if (normalize && negative) return {};
  double total = 0;
  for (const double coefficient : *filter) total += coefficient;
  if (normalize)
    for (double& coefficient : *filter) coefficient /= total;
  const std::size_t ahead = a.has(3) && a[3].boolean() ? filter->size() / 2 : 0;
  base::JsonArray out;
  out.reserve(numbers->size());
  for (std::size_t i = 0; i < numbers->size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < filter->size() && k <= i + ahead; ++k)
      if (i + ahead - k < numbers->size()) sum += (*filter)[k] * (*numbers)[i + ahead - k];
    out.push_back(std::isnan(sum) ? base::Json() : series_json(sum));
  }
  return Value::dynamic(std::move(out));
}

// series_iir(series, numerators, denominators)
Value infinite_response(const Arguments& a) {
  const auto x = series_numbers(a[0]);
  const auto numerators = complete_series(a[1]), denominators = complete_series(a[2]);
  if (!x || !numerators || !denominators || denominators->empty() || (*denominators)[0] == 0) return {};
  if (!is_affordable(x->size(), numerators->size() + denominators->size())) return {};
  std::vector<double> y(x->size());
  base::JsonArray out;
  out.reserve(x->size());
  for (std::size_t i = 0; i < x->size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < numerators->size() && k <= i; ++k) sum += (*numerators)[k] * (*x)[i - k];
    for (std::size_t k = 1; k < denominators->size() && k <= i; ++k) sum -= (*denominators)[k] * y[i - k];
    y[i] = sum / (*denominators)[0];
    out.push_back(std::isnan(y[i]) ? base::Json() : series_json(y[i]));
  }
  return Value::dynamic(std::move(out));
}

constexpr Function kSeriesFillFunctions[] = {
    {.name = "series_fill_forward", .signature = "(dynamic, number?) dynamic", .evaluate = filled_in_direction<true>, .naming = Naming::first_argument, .nulls = Nulls::handled},
    {.name = "series_fill_backward", .signature = "(dynamic, number?) dynamic", .evaluate = filled_in_direction<false>, .naming = Naming::first_argument, .nulls = Nulls::handled},
    {.name = "series_fill_const", .signature = "(dynamic, number?, number?) dynamic", .evaluate = filled_with_constant, .naming = Naming::first_argument, .nulls = Nulls::handled},
    {.name = "series_fill_linear", .signature = "(dynamic, number?, bool?, number?) dynamic", .evaluate = filled_linearly, .naming = Naming::first_argument, .nulls = Nulls::handled},
    {.name = "series_fir", .signature = "(dynamic, dynamic, bool?, bool?) dynamic", .evaluate = finite_response, .naming = Naming::first_argument, .nulls = Nulls::handled},
    {.name = "series_iir", .signature = "(dynamic, dynamic, dynamic) dynamic", .evaluate = infinite_response, .naming = Naming::first_argument},
};

}  // namespace

std::span<const Function> series_fill_functions() { return kSeriesFillFunctions; }

}  // namespace kql
