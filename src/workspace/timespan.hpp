// SPDX-License-Identifier: Apache-2.0
// The time range of a query as the Log Analytics query API takes it (ISO 8601, sections 5.5.2 and 5.5.4 of its 2019 form).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "workspace/query_service.hpp"

namespace workspace {

// "PT12H", "P1DT30M", "P2W": the time until now; "start/end", "start/duration", "duration/end". A month has 30 days and a
// year 365. Kind::invalid_input names the forms.
base::Result<TimeRange> parse_timespan(std::string_view text, std::int64_t now_ticks);

// "2026-11-29T01:02:03.1234567Z", offsets allowed; a date alone is its midnight.
base::Result<std::int64_t> parse_ticks(std::string_view text);

std::int64_t now_ticks();

}  // namespace workspace
