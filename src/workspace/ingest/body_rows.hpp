// SPDX-License-Identifier: Apache-2.0
// Rows out of the bodies of requests. The views point into the body.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace workspace {

// A JSON array of rows, or one row: Logs Ingestion API, HTTP Data Collector API. Kind::invalid_input where it is no JSON
// (then no row counts, since where the next one begins is not known); Kind::too_large past kLargestBatch bytes or
// kMostRowsOfBatch rows. What each row is worth is for the sink.
base::Result<std::vector<std::string_view>> rows_of_json(std::string_view body);

// A row a line, blank lines passed over. Kind::too_large as above. A line that is no JSON is a row that the sink refuses.
base::Result<std::vector<std::string_view>> rows_of_lines(std::string_view body);

std::vector<std::string_view> views_of(const std::vector<std::string>& rows);

}  // namespace workspace
