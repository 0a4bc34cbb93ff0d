// SPDX-License-Identifier: Apache-2.0
// transformKql of a data collection rule: KQL on the rows that come in, of a table called `source`.
#pragma once

#include <span>
#include <string_view>

#include "hub/logs/ingest_seams.hpp"

namespace hub {

// Kind::invalid_input says what is wrong with the transform, a line each, with place and suggestion.
base::Result<void> check_transform(std::string_view transform, std::span<const model::ColumnSchema> columns);

// Kind::invalid_input where the transform is no KQL, or asks for other tables than `source`.
base::Result<BodyRows> transform_rows(std::string_view transform, std::span<const model::ColumnSchema> columns, std::span<const std::string_view> rows);

}  // namespace hub
