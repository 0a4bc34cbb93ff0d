// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/body_rows.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/json_reader.hpp"

namespace workspace {

namespace {

base::Result<std::string_view> checked_body(std::string_view body) {
  if (body.size() > kLargestBatch)
    return base::fail(base::Kind::too_large, fmt::format("the body has {} bytes; send at most {} at once", body.size(), kLargestBatch));
  if (body.substr(0, 3) == "\xef\xbb\xbf") body.remove_prefix(3);  // a byte order mark
  return body;
}

base::Result<void> keep_row(std::string_view row, std::vector<std::string_view>& rows) {
  if (rows.size() == kMostRowsOfBatch)
    return base::fail(base::Kind::too_large, fmt::format("the body has more than {} rows; send fewer at once", kMostRowsOfBatch));
  rows.push_back(row);
  return {};
}

}  // namespace

base::Result<std::vector<std::string_view>> rows_of_json(std::string_view body) {
  JsonReader reader(TRY(checked_body(body)));
  std::vector<std::string_view> rows;
  if (reader.form() == JsonForm::array) {
    for (bool more = reader.enter_array(); more; more = reader.next()) TRY(keep_row(reader.value(), rows));
  } else {
    rows.push_back(reader.value());
  }
  const std::size_t offset = reader.offset();
  if (!reader.failed() && reader.at_end()) return rows;
  if (reader.failed()) return base::fail(base::Kind::invalid_input, fmt::format("the body is no JSON: {}", reader.error()));
  return base::fail(base::Kind::invalid_input, fmt::format("the body is no JSON: something stands behind its end at byte {}", offset));
}

base::Result<std::vector<std::string_view>> rows_of_lines(std::string_view body) {
  std::vector<std::string_view> rows;
  for (const std::string_view line : base::split_lines(TRY(checked_body(body)))) {
    const std::string_view row = base::trim(line);
    if (!row.empty()) TRY(keep_row(row, rows));
  }
  return rows;
}

std::vector<std::string_view> views_of(const std::vector<std::string>& rows) { return {rows.begin(), rows.end()}; }

}  // namespace workspace
