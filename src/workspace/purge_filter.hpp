// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "workspace/purge.hpp"

namespace workspace {

// SQL of one filter; Kind::invalid_input says what is wrong with it, `place` in front: "filters[0]". `rows` stands in front of
// columns: "t1.", or nothing.
base::Result<std::string> filter_sql(const TableSpec& table, const PurgeFilter& filter, const std::string& place, std::string_view rows);

}  // namespace workspace
