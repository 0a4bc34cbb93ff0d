// SPDX-License-Identifier: Apache-2.0
#include "workspace/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "kql/sql/sql_literals.hpp"

namespace workspace {

namespace {

constexpr std::size_t kLongestId = 64;
constexpr std::size_t kLongestToken = 128;
constexpr std::uint64_t kLongestStatement = 16u << 20;

bool consists_of(std::string_view text, std::string_view marks, std::size_t longest) {
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
  });
}

base::Result<void> check_id(std::string_view id) {
  if (consists_of(id, "-_", kLongestId)) return {};
  return base::fail(base::Kind::invalid_input,
                    fmt::format("the query id '{}' is not 1 to {} letters, digits, '-' and '_'", base::printable(id), kLongestId));
}

}  // namespace

base::Result<EngineSettings> query_settings(const SqlQuery& query) {
  EngineSettings out;
  if (!query.id.empty()) {
    TRY(check_id(query.id));
    out.emplace_back(kQueryIdSetting, query.id);
  }
  for (const auto& [name, value] : query.settings) {
    if (!consists_of(name, "_", kLongestId))
      return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no name of a setting", base::printable(name)));
    out.emplace_back(name, value);
  }
  const QueryLimits& limits = query.limits;
  const auto number = [&](std::string_view name, std::uint64_t value) { out.emplace_back(name, fmt::to_string(value)); };
  number("max_query_size", kLongestStatement);
  number("max_memory_usage", limits.memory_bytes);
  number("max_result_rows", limits.result_rows);
  number("max_result_bytes", limits.result_bytes);
  out.emplace_back("result_overflow_mode", "throw");
  out.emplace_back("max_execution_time", fmt::format("{:.3f}", static_cast<double>(limits.time.count()) / 1000));
  out.emplace_back("timeout_overflow_mode", "throw");
  if (limits.threads > 0) number("max_threads", limits.threads);
  out.emplace_back("readonly", "1");
  return out;
}

base::Result<std::string> insert_statement(const RowBatch& batch) {
  if (!consists_of(batch.token, "-_:", kLongestToken))
    return base::fail(base::Kind::invalid_input, fmt::format("the token '{}' of a batch of rows is not 1 to {} letters, digits, '-', '_' and ':'",
                                                             base::printable(batch.token), kLongestToken));
  if (batch.rows.empty() || batch.rows.front() != '{' || batch.rows.find("\n\n") != std::string_view::npos)
    return base::fail(base::Kind::invalid_input,
                      fmt::format("rows for {} must be JSON objects, one a line, without empty lines", base::printable(batch.table)));
  return fmt::format("INSERT INTO {} SETTINGS insert_deduplication_token={}, async_insert=0, distributed_foreground_insert=1, "
                     "input_format_skip_unknown_fields=0 FORMAT JSONEachRow",
                     batch.table, kql::quote_sql_text(batch.token));
}

base::Result<std::string> kill_statement(std::string_view query_id, std::string_view cluster) {
  TRY(check_id(query_id));
  const std::string where = cluster.empty() ? "" : fmt::format(" ON CLUSTER {}", kql::quote_sql_name(cluster));
  return fmt::format("KILL QUERY{} WHERE Settings['{}'] = {} ASYNC", where, kQueryIdSetting, kql::quote_sql_text(query_id));
}

}  // namespace workspace
