// SPDX-License-Identifier: Apache-2.0
#include "kql/sql/lift_repeated.hpp"

#include <gtest/gtest.h>

#include "kql/bind/binder.hpp"
#include "kql/sql/sql_writer.hpp"

namespace kql {
namespace {

const model::TableSchema kAudit{"Audit", "", {{"TimeGenerated", Type::datetime, ""}, {"By", Type::dynamic, ""}, {"Text", Type::string, ""}}};

// The SQL of a query on that table; empty where there is none.
std::string sql_of(std::string_view query) {
  BindOptions options;
  options.names.table = [](std::string_view name) { return name == "Audit" ? &kAudit : nullptr; };
  const Bound bound = bind_text(query, options);
  if (!bound.diagnostics.empty()) return {};
  const RelationPtr plan = push_down(bound.query.answers.front().rows);
  SqlNames names;
  names.table = [](std::string_view) { return StoredTable{{{"w", "Audit", {}}}, {}, {}, "", "", {}}; };
  const auto sql = write_sql(*plan, names, needed_columns(*plan));
  return sql ? sql->text : std::string();
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST(LiftRepeated, paths_into_texts_of_paths_do_not_multiply) {
  const std::string one = sql_of("Audit | project a = tostring(parse_json(tostring(By.user)).name)");
  ASSERT_FALSE(one.empty());
  EXPECT_LT(one.size(), 6'000u);
  const std::string three = sql_of("Audit | project a = tostring(parse_json(tostring(parse_json(tostring(parse_json(tostring(By.a)).b)).c)).d)");
  ASSERT_FALSE(three.empty());
  EXPECT_LT(three.size(), 3 * one.size());
}

TEST(LiftRepeated, what_several_columns_repeat_is_written_once) {
  const std::string one = sql_of("Audit | project a = tostring(parse_json(tostring(By.user)).name)");
  const std::string two = sql_of("Audit | project a = tostring(parse_json(tostring(By.user)).name), b = tostring(parse_json(tostring(By.user)).address)");
  ASSERT_FALSE(two.empty());
  EXPECT_EQ(count_of(two, "'user'"), count_of(one, "'user'"));
}

TEST(LiftRepeated, conditions_that_repeat_nothing_come_first) {
  const std::string sql = sql_of("Audit | where tostring(parse_json(tostring(By.user)).name) startswith 'a' and Text == 'b'");
  ASSERT_FALSE(sql.empty());
  EXPECT_LT(sql.size(), 10'000u);
  const std::size_t inner = sql.find("FROM (");
  ASSERT_NE(inner, std::string::npos);
  EXPECT_GT(sql.find("`Text` = 'b'"), inner);
}

TEST(LiftRepeated, short_expressions_stay_where_they_are) {
  EXPECT_EQ(count_of(sql_of("Audit | project a = strlen(tostring(By.user))"), "SELECT"), 1u);
}

}  // namespace
}  // namespace kql
