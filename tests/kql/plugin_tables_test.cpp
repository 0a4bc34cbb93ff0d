// SPDX-License-Identifier: Apache-2.0
// Plugins that give several tables, where the query ends with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kql/run.hpp"

namespace {

constexpr std::string_view kVisits =
    "datatable(id:string, t:datetime, s:string)['u',datetime(2020-01-01),'A', 'u',datetime(2020-01-01 01:00),'B', 'u',datetime(2020-01-01 02:00),'C', "
    "'v',datetime(2020-01-01),'A', 'v',datetime(2020-01-01 01:00),'B', 'w',datetime(2020-01-01),'B', 'w',datetime(2020-01-01 01:00),'C'] "
    "| evaluate funnel_sequence(id, t, datetime(2020-01-01), datetime(2020-01-02), 1h, 1d, s, dynamic(['B']))";

std::vector<std::string> tables_of(const std::string& query) {
  kql::BindOptions options;
  const auto rows = kql::run_query(query, options, [](const kql::Relation&) -> base::Result<std::optional<kql::Rows>> { return std::nullopt; });
  if (!rows) return {rows.error().message};
  std::vector<std::string> out;
  for (const auto& [name, table] : rows->answers) {
    std::string text = name + ":";
    for (const kql::Column& column : table.schema) text += " " + column.name;
    for (const kql::Row& row : table.rows) {
      text += " |";
      for (std::size_t i = 1; i < row.size(); ++i) text += " " + kql::to_text(row[i], table.schema[i].type);
    }
    out.push_back(std::move(text));
  }
  return out;
}

TEST(PluginTables, a_funnel_tells_what_was_before_what_is_next_and_both) {
  EXPECT_THAT(tables_of(std::string(kVisits)),
              testing::ElementsAre("funnel_sequence: t prev next dcount samples | A C 1 [\"u\"] | A  1 [\"v\"] |  C 1 [\"w\"]",
                                   "funnel_sequence_previous: t prev dcount samples | A 2 [\"u\",\"v\"] |  1 [\"w\"]",
                                   "funnel_sequence_next: t next dcount samples | C 2 [\"u\",\"w\"] |  1 [\"v\"]"));
}

TEST(PluginTables, operators_behind_a_funnel_see_its_first_table) {
  EXPECT_THAT(tables_of(std::string(kVisits) + " | where next == 'C' | project prev, dcount"), testing::ElementsAre("PrimaryResult: prev dcount | 1 | 1"));
  EXPECT_THAT(tables_of("let f = " + std::string(kVisits) + "; f | count"), testing::ElementsAre("PrimaryResult: Count |"));
}

}  // namespace
