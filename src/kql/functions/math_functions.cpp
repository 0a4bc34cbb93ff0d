// SPDX-License-Identifier: Apache-2.0
// Mathematical functions and bin().
#include <cmath>

#include "kql/functions/function.hpp"

namespace kql {

namespace {

constexpr Naming kFirst = Naming::first_argument;

// The largest multiple of `size` that is not above `value`; nothing for sizes that are none.
Value floor_to(std::int64_t value, std::int64_t size) {
  if (size <= 0) return {};
  std::int64_t rest = value % size;
  if (rest < 0) rest += size;
  return Value::integer(value - rest);
}

Value whole_bin(const Arguments& a) { return floor_to(a.integer(0), a.integer(1)); }
Value real_bin(const Arguments& a) {
  if (!(a.real(1) > 0)) return {};
  return Value::real(std::floor(a.real(0) / a.real(1)) * a.real(1));
}

constexpr Function kFunctions[] = {
    {.name = "bin", .signature = "(whole, whole) first", .evaluate = whole_bin, .naming = kFirst},
    {.name = "bin", .signature = "(real, real) real", .evaluate = real_bin, .naming = kFirst},
    {.name = "bin", .signature = "(datetime, timespan) datetime", .evaluate = whole_bin, .naming = kFirst},
    {.name = "bin", .signature = "(timespan, timespan) timespan", .evaluate = whole_bin, .naming = kFirst},
    {.name = "floor", .signature = "(whole, whole) first", .evaluate = whole_bin, .naming = kFirst},
    {.name = "floor", .signature = "(real, real) real", .evaluate = real_bin, .naming = kFirst},
    {.name = "floor", .signature = "(datetime, timespan) datetime", .evaluate = whole_bin, .naming = kFirst},
    {.name = "floor", .signature = "(timespan, timespan) timespan", .evaluate = whole_bin, .naming = kFirst},
};

}  // namespace

std::span<const Function> math_functions() { return kFunctions; }

}  // namespace kql
