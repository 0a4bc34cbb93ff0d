// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kql/calendar.hpp"
#include "kql/value.hpp"

namespace kql {

// Ticks out of the years 1 to 9999 are null.
inline Value datetime_value(std::int64_t ticks) { return is_datetime(ticks) ? Value::integer(ticks) : Value(); }

// The day of a datetime, since 0001-01-01.
inline std::int64_t day_of(std::int64_t ticks) { return ticks / kTicksPerDay; }

}  // namespace kql
