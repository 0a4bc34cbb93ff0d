// SPDX-License-Identifier: Apache-2.0
// Functions that compute element by element: series_add, series_less, series_sin …
#include <cmath>

#include "kql/functions/series.hpp"

namespace kql {

namespace {

using ElementPair = base::Json (*)(const SeriesNumber&, const SeriesNumber&);
using ElementOf = base::Json (*)(const SeriesNumber&);

// One side of an operation: a series, or a number that stands at every place.
struct SeriesOperand {
  const base::JsonArray* array = nullptr;
  std::optional<SeriesNumber> scalar;

  std::size_t size() const { return array == nullptr ? 0 : array->size(); }
  std::optional<SeriesNumber> at(std::size_t i) const {
    if (array == nullptr) return scalar;
    return i < array->size() ? series_number((*array)[i]) : std::nullopt;
  }
};

std::optional<SeriesOperand> series_operand(const Arguments& a, std::size_t i) {
  if (a.types[i] == Type::dynamic) {
    const auto* array = series_array(a[i]);
    return array == nullptr ? std::nullopt : std::optional(SeriesOperand{array, std::nullopt});
  }
  return SeriesOperand{nullptr, SeriesNumber{a.number(i), is_whole(a.types[i]) ? std::optional(a.integer(i)) : std::nullopt}};
}

template <ElementPair operation>
Value for_each_pair(const Arguments& a) {
  const auto left = series_operand(a, 0), right = series_operand(a, 1);
  if (!left || !right) return {};
  base::JsonArray out;
  const std::size_t size = std::max(left->size(), right->size());
  out.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto x = left->at(i), y = right->at(i);
    out.push_back(x && y ? operation(*x, *y) : base::Json());
  }
  return Value::dynamic(std::move(out));
}

template <ElementOf operation>
Value for_each_element(const Arguments& a) {
  const auto* array = series_array(a[0]);
  if (array == nullptr) return {};
  base::JsonArray out;
  out.reserve(array->size());
  for (const base::Json& element : *array) {
    const auto number = series_number(element);
    out.push_back(number ? operation(*number) : base::Json());
  }
  return Value::dynamic(std::move(out));
}

std::uint64_t bits_of_element(const std::optional<std::int64_t>& whole) { return static_cast<std::uint64_t>(*whole); }
base::Json wrapped_element(std::uint64_t whole) { return static_cast<std::int64_t>(whole); }

base::Json element_sum(const SeriesNumber& x, const SeriesNumber& y) {
  return x.whole && y.whole ? wrapped_element(bits_of_element(x.whole) + bits_of_element(y.whole)) : series_json(x.real + y.real);
}
base::Json element_difference(const SeriesNumber& x, const SeriesNumber& y) {
  return x.whole && y.whole ? wrapped_element(bits_of_element(x.whole) - bits_of_element(y.whole)) : series_json(x.real - y.real);
}
base::Json element_product(const SeriesNumber& x, const SeriesNumber& y) {
  return x.whole && y.whole ? wrapped_element(bits_of_element(x.whole) * bits_of_element(y.whole)) : series_json(x.real * y.real);
}
base::Json element_quotient(const SeriesNumber& x, const SeriesNumber& y) { return series_json(x.real / y.real); }
base::Json element_power(const SeriesNumber& x, const SeriesNumber& y) { return series_json(std::pow(x.real, y.real)); }
base::Json is_element_less(const SeriesNumber& x, const SeriesNumber& y) { return x.whole && y.whole ? *x.whole < *y.whole : x.real < y.real; }
base::Json is_element_less_or_equal(const SeriesNumber& x, const SeriesNumber& y) { return x.whole && y.whole ? *x.whole <= *y.whole : x.real <= y.real; }
base::Json is_element_greater(const SeriesNumber& x, const SeriesNumber& y) { return is_element_less(y, x); }
base::Json is_element_greater_or_equal(const SeriesNumber& x, const SeriesNumber& y) { return is_element_less_or_equal(y, x); }
base::Json is_element_equal(const SeriesNumber& x, const SeriesNumber& y) { return x.whole && y.whole ? *x.whole == *y.whole : x.real == y.real; }
base::Json is_element_different(const SeriesNumber& x, const SeriesNumber& y) { return !is_element_equal(x, y).as_bool(); }

base::Json element_magnitude_of(const SeriesNumber& x) {
  if (x.whole) return *x.whole < 0 ? wrapped_element(0 - bits_of_element(x.whole)) : base::Json(*x.whole);
  return series_json(std::abs(x.real));
}
base::Json element_sign_of(const SeriesNumber& x) {
  const int sign = x.real > 0 ? 1 : x.real < 0 ? -1 : 0;
  return x.whole ? base::Json(std::int64_t{sign}) : series_json(static_cast<double>(sign));
}
base::Json element_floor_of(const SeriesNumber& x) { return series_json(std::floor(x.real)); }
base::Json element_ceiling_of(const SeriesNumber& x) { return series_json(std::ceil(x.real)); }
base::Json element_exponential(const SeriesNumber& x) { return series_json(std::exp(x.real)); }
base::Json element_logarithm(const SeriesNumber& x) { return series_json(std::log(x.real)); }
base::Json element_sine(const SeriesNumber& x) { return series_json(std::sin(x.real)); }
base::Json element_cosine(const SeriesNumber& x) { return series_json(std::cos(x.real)); }
base::Json element_tangent(const SeriesNumber& x) { return series_json(std::tan(x.real)); }
base::Json element_arc_sine(const SeriesNumber& x) { return series_json(std::asin(x.real)); }
base::Json element_arc_cosine(const SeriesNumber& x) { return series_json(std::acos(x.real)); }
base::Json element_arc_tangent(const SeriesNumber& x) { return series_json(std::atan(x.real)); }

constexpr std::string_view kPairs = "(dynamic, dynamic) dynamic", kWithNumber = "(dynamic, number) dynamic", kNumberWith = "(number, dynamic) dynamic";

#define PAIRWISE(Name, operation)                                                             \
  {.name = Name, .signature = kPairs, .evaluate = for_each_pair<operation>},                  \
      {.name = Name, .signature = kWithNumber, .evaluate = for_each_pair<operation>}, {       \
    .name = Name, .signature = kNumberWith, .evaluate = for_each_pair<operation>              \
  }
#define ELEMENTWISE(Name, operation) \
  { .name = Name, .signature = "(dynamic) dynamic", .evaluate = for_each_element<operation> }

constexpr Function kSeriesElementFunctions[] = {
    PAIRWISE("series_add", element_sum),
    PAIRWISE("series_subtract", element_difference),
    PAIRWISE("series_multiply", element_product),
    PAIRWISE("series_divide", element_quotient),
    PAIRWISE("series_pow", element_power),
    PAIRWISE("series_less", is_element_less),
    PAIRWISE("series_less_equals", is_element_less_or_equal),
    PAIRWISE("series_greater", is_element_greater),
    PAIRWISE("series_greater_equals", is_element_greater_or_equal),
    PAIRWISE("series_equals", is_element_equal),
    PAIRWISE("series_not_equals", is_element_different),
    ELEMENTWISE("series_abs", element_magnitude_of),
    ELEMENTWISE("series_sign", element_sign_of),
    ELEMENTWISE("series_floor", element_floor_of),
    ELEMENTWISE("series_ceiling", element_ceiling_of),
    ELEMENTWISE("series_exp", element_exponential),
    ELEMENTWISE("series_log", element_logarithm),
    ELEMENTWISE("series_sin", element_sine),
    ELEMENTWISE("series_cos", element_cosine),
    ELEMENTWISE("series_tan", element_tangent),
    ELEMENTWISE("series_asin", element_arc_sine),
    ELEMENTWISE("series_acos", element_arc_cosine),
    ELEMENTWISE("series_atan", element_arc_tangent),
};

#undef PAIRWISE
#undef ELEMENTWISE

}  // namespace

std::span<const Function> series_element_functions() { return kSeriesElementFunctions; }

}  // namespace kql
