// SPDX-License-Identifier: Apache-2.0
// Queries as people write them are one statement of the engine's.
#include <gtest/gtest.h>

#include "kql/bind/binder.hpp"
#include "kql/sql/sql_writer.hpp"

namespace kql {
namespace {

const model::TableSchema kLogLines{"Logs", "", {{"TimeGenerated", Type::datetime, ""}, {"Message", Type::dynamic, ""}, {"Pod", Type::string, ""}, {"Size", Type::real, ""}}};

// Empty where a part of the query has no SQL.
std::string statement_of(std::string_view query) {
  BindOptions options;
  options.now = 639'266'688'000'000'000;  // 2026-10-04
  options.names.table = [](std::string_view name) { return name == "Logs" ? &kLogLines : nullptr; };
  const Bound bound = bind_text(query, options);
  if (!bound.diagnostics.empty()) return {};
  const RelationPtr plan = push_down(bound.query.answers.front().rows);
  SqlNames names;
  names.table = [](std::string_view) { return StoredTable{{{"w", "Logs", {}}}, {"TimeGenerated"}, {"Message"}, "", "", {}}; };
  const auto sql = write_sql(*plan, names, needed_columns(*plan));
  return sql ? sql->text : std::string();
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

TEST(WholeSql, there_is_one_of_everyday_queries) {
  for (const char* query : {"Logs | extend j = parse_json(tostring(Message)) | summarize count() by level = tostring(j.level)",
                            "Logs | extend j = todynamic(Pod) | extend k = parse_json(tostring(j.inner)) | project a = toint(k.a), b = tostring(k.b[0]) | where a > 3",
                            "Logs | summarize percentiles(Size, 50, 95), percentiles_array(Size, 5, 95), percentile(TimeGenerated, 50) by Pod",
                            "Logs | summarize count() by datetime_part('hour', TimeGenerated), format_datetime(TimeGenerated, 'yyyy-MM-dd HH:mm:ss.fff'), bin_at(TimeGenerated, 1d, datetime(2026-10-01 06:00))",
                            "Logs | extend m = trim(@'\\s+', replace_regex(tostring(Message), @'\\d+', '#')) | summarize count() by substring(m, indexof(m, 'x') + 1, 3)",
                            "Logs | extend ip = tostring(extract_all(@'(\\d+[.]\\d+)', tostring(Message))[0]) | summarize count() by ip",
                            "Logs | mv-expand n = extract_all('(a.)', Pod) to typeof(string) | summarize count() by n"})
    EXPECT_NE(statement_of(query), "") << query;
}

// The engine looks for matches in the rest of the text, and stops at one of nothing.
TEST(WholeSql, there_is_none_of_patterns_that_it_takes_otherwise) {
  for (const char* query : {"Logs | project extract_all('^(a)', Pod)", "Logs | project extract_all('(a*)', Pod)", "Logs | project extract_all(@'\\b(a)', Pod)", "Logs | project replace_regex(Pod, 'x*', '-')",
                            "Logs | project replace_regex(Pod, '$', '-')"})
    EXPECT_EQ(statement_of(query), "") << query;
}

TEST(WholeSql, conditions_on_computed_times_bound_the_stored_one) {
  for (const char* condition : {"now() - TimeGenerated < 1h", "1h > now() - TimeGenerated", "TimeGenerated - now() > -1h", "TimeGenerated + 1h > now()", "now() < TimeGenerated + 1h", "TimeGenerated - 1h > ago(2h)"})
    EXPECT_TRUE(has(statement_of(std::string("Logs | where ") + condition), "(t1.`TimeGenerated` > reinterpret(toInt64(17910684000000000), ")) << condition;
  for (const char* condition : {"startofday(TimeGenerated) == datetime(2026-10-01)", "bin(TimeGenerated, 1d) between (datetime(2026-10-01) .. datetime(2026-10-01))"}) {
    const std::string sql = statement_of(std::string("Logs | where ") + condition);
    EXPECT_TRUE(has(sql, " AND t1.`TimeGenerated` >= reinterpret(toInt64(17908128000000000), ")) << condition;
    EXPECT_TRUE(has(sql, " AND t1.`TimeGenerated` < reinterpret(toInt64(17908992000000000), ")) << condition;
  }
}

TEST(WholeSql, values_are_searched_without_the_index) {
  EXPECT_TRUE(has(statement_of("Logs | where Message has 'timeout'"), "hasAllTokens"));
  EXPECT_FALSE(has(statement_of("Logs | summarize countif(Message has 'timeout')"), "hasAllTokens"));
  EXPECT_FALSE(has(statement_of("Logs | extend kind = case(Message has 'timeout', 1, 2) | summarize count() by kind"), "hasAllTokens"));
  EXPECT_FALSE(has(statement_of("search in (Logs) 'oomkilled' | count"), "toString("));
}

TEST(WholeSql, several_percentiles_are_taken_from_one_array) {
  const std::string sql = statement_of("Logs | summarize percentiles(Size, 50, 95, 99)");
  EXPECT_TRUE(has(sql, "quantilesExact("));
  EXPECT_FALSE(has(sql, "quantileExact("));
}

}  // namespace
}  // namespace kql
