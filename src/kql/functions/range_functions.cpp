// SPDX-License-Identifier: Apache-2.0
// range(): an array of values at equal distances.
#include <cmath>

#include "kql/functions/datetime_value.hpp"
#include "kql/functions/function.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostElements = 1 << 20;  // of the language; more are left away
constexpr std::int64_t kHour = kTicksPerDay / 24;

Value range_of_wholes(const Arguments& a) {
  const Type type = a.types[0];
  const std::int64_t usual_step = is_whole(type) ? 1 : kHour;
  const std::int64_t step = a.size() > 2 ? a.integer(2) : usual_step;
  if (step == 0) return {};
  base::JsonArray out;
  std::int64_t at = a.integer(0);
  while ((step > 0 ? at <= a.integer(1) : at >= a.integer(1)) && out.size() < kMostElements) {
    out.push_back(to_json(Value::integer(at), type));
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return Value::dynamic(std::move(out));
}

Value range_of_reals(const Arguments& a) {
  const double step = a.size() > 2 ? a.real(2) : 1.0;
  if (step == 0 || !std::isfinite(step) || !std::isfinite(a.real(0)) || std::isnan(a.real(1))) return {};
  base::JsonArray out;
  for (std::size_t i = 0; i < kMostElements; ++i) {
    const double at = a.real(0) + static_cast<double>(i) * step;
    if (step > 0 ? at > a.real(1) : at < a.real(1)) break;
    out.emplace_back(at);
  }
  return Value::dynamic(std::move(out));
}

constexpr Function kFunctions[] = {
    {.name = "range", .signature = "(long, long, long?) dynamic", .evaluate = range_of_wholes},
    {.name = "range", .signature = "(real, real, real?) dynamic", .evaluate = range_of_reals},
    {.name = "range", .signature = "(datetime, datetime, timespan?) dynamic", .evaluate = range_of_wholes},
    {.name = "range", .signature = "(timespan, timespan, timespan?) dynamic", .evaluate = range_of_wholes},
};

}  // namespace

std::span<const Function> range_functions() { return kFunctions; }

}  // namespace kql
