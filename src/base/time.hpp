// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace base {

using Seconds = std::chrono::sys_seconds;  // UTC, whole seconds

// RFC 3339 date-time ("2026-11-21T19:46:45.123Z", offsets allowed, fraction dropped) or full-date (midnight UTC).
Result<Seconds> parse_time(std::string_view text);

std::string format_time(Seconds time);  // 2026-11-21T19:46:45Z
std::string format_date(Seconds time);  // 2026-11-21

// The wall clock; tests hand in a function of their own wherever a Clock is taken.
using Clock = Seconds (*)();
Seconds system_now();  // SOURCE_DATE_EPOCH in the environment, when set, is the time instead

}  // namespace base
