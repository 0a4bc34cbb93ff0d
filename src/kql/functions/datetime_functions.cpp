// SPDX-License-Identifier: Apache-2.0
// Functions of points and spans of time.
#include "kql/functions/function.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

Value start_of_day(const Arguments& a) {
  const std::int64_t offset = a.has(1) ? a.integer(1) : 0;
  return Value::integer((a.integer(0) / kTicksPerDay + offset) * kTicksPerDay);
}

constexpr Function kFunctions[] = {
    {.name = "startofday", .signature = "(datetime, whole?) datetime", .evaluate = start_of_day, .naming = Naming::first_argument},
};

}  // namespace

std::span<const Function> datetime_functions() { return kFunctions; }

}  // namespace kql
