// SPDX-License-Identifier: Apache-2.0
// What the binder says of mistakes that people make.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kql/run.hpp"
#include "model/table_schema.hpp"

namespace {

std::string bound_errors(std::string_view query) {
  static const model::TableSchema table = [] {
    model::TableSchema out;
    out.name = "T";
    out.columns = {{"a", model::ColumnType::int64, ""}, {"b", model::ColumnType::string, ""}, {"t", model::ColumnType::datetime, ""}, {"d", model::ColumnType::dynamic, ""}};
    return out;
  }();
  kql::BindOptions options;
  options.names.table = [](std::string_view name) { return name == "T" ? &table : nullptr; };
  options.names.tables = {"T"};
  return kql::to_text(kql::bind_text(query, options).diagnostics, query);
}

TEST(KqlBinder, tells_what_was_meant) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"T | where a = 1", "line 1, column 15: a condition of type bool is expected, not long; did you mean 'a == 1'?"},
      {"T | where strlen(b, 2) > 1", "line 1, column 11: strlen() takes 1 argument, not 2"},
      {"T | extend x = substring(b)", "line 1, column 16: substring() takes 2 to 3 arguments, not 1"},
      {"T | extend x = strcat()", "line 1, column 16: strcat() takes at least 1 argument, not 0"},
      {"T | extend x = round(a, 'x')", "line 1, column 16: 'round' does not take (long, string)"},
      {"T | extend x = b + 'y'", "line 1, column 16: '+' does not take (string, string); did you mean 'strcat(b, 'y')'?"},
      {"T | where t > '2020-01-01'", "line 1, column 11: '>' does not take (datetime, string); did you mean 't > todatetime('2020-01-01')'?"},
      {"T | where t > 2020-01-01", "line 1, column 11: '>' does not take (datetime, long); did you mean 't > datetime(2020-01-01)'?"},
      {"T | where 'x' < a", "line 1, column 11: '<' does not take (string, long); did you mean 'tolong('x') < a'?"},
      {"T | extend x = if(a > 1, 1, 2)", "line 1, column 16: there is no function 'if'; did you mean 'iff'?"},
      {"T | extend x = toLower(b)", "line 1, column 16: there is no function 'toLower'; did you mean 'tolower'?"},
      {"T | extend x = concat(b, 'y')", "line 1, column 16: there is no function 'concat'; did you mean 'strcat'?"},
      {"T | extend x = cast(a, 'string')", "line 1, column 16: there is no function 'cast'; types are changed by tostring(), tolong(), todatetime() and their kin"},
      {"T | summarize average(a)", "line 1, column 15: there is no function 'average'; did you mean 'avg'?"},
      {"T | summarize dcuont(a)", "line 1, column 15: there is no function 'dcuont'; did you mean 'dcount'?"},
      {"T | summarize count by a", "line 1, column 15: there is no column or value named 'count'; did you mean 'count()'?"},
      {"T | summarize count(*)", "line 1, column 15: count() takes 0 to 1 arguments, not 4; did you mean 'count()'?"},
      {"T | summarize avg()", "line 1, column 15: avg() takes 1 argument, not 0"},
      {"T | summarize sum(b)", "line 1, column 15: sum() does not take (string)"},
      {"T | where b == null", "line 1, column 16: there is no column or value named 'null'; isnull(x) finds null, and isempty(x) a text that is empty"},
      {"T | join kind=left (T) on a", "line 1, column 15: there is no join of kind 'left'; did you mean 'leftouter'?"},
      {"T | join kind=iner (T) on a", "line 1, column 15: there is no join of kind 'iner'; did you mean 'inner'?"},
      {"T | lookup kind=rightouter (T) on a", "line 1, column 17: lookup is of kind leftouter or inner, not 'rightouter'; join has this kind"},
      {"T | lookup kind=lefouter (T) on a", "line 1, column 17: there is no lookup of kind 'lefouter'; did you mean 'leftouter'?"},
      {"T | join kind inner (T) on a", "line 1, column 10: '|' or the end of join is expected, not 'kind inner'; did you mean 'kind=inner'?"},
      {"T | where not a == 1", "line 1, column 15: '|' or the end of where is expected, not 'a'; not() is a function: not(a == 1)"},
      {"T | parse kind=regx b with 'x' y", "line 1, column 16: there is no parse of kind 'regx'; there are simple, regex and relaxed; did you mean 'regex'?"},
      {"T | partition hint.strategy=natve by b (count)", "line 1, column 29: partition has no strategy 'natve'; the strategies are native, shuffle and legacy"},
      {"T | where b == 'x' or 'y'", "line 1, column 11: 'or' does not take (bool, string); each side is a condition, and one of several texts is found by a in (\"x\", \"y\")"},
      {"T | where b in ((T | project nope))", "line 1, column 30: there is no column or value named 'nope'"},
      {"let f = (x: long) { T | where nope == x }; f(1) | join f(2) on a", "line 1, column 31: there is no column or value named 'nope'"},
      {"T | assert-schema (a:string, b:string)", "line 1, column 5: the rows are (a:long, b:string, t:datetime, d:dynamic), and assert-schema says (a:string, b:string)"},
      {"T | extend x = toscalar(a)", "line 1, column 25: there is no value named 'a' here; within toscalar() and functions the columns of the rows are not seen"},
      {"let f = (x: (k: long)) { x }; T | invoke f()", "line 1, column 42: f() asks for a column 'k' that this table does not have"},
      {"let f = (x: (a: string)) { x }; f(T)", "line 1, column 35: f() asks for 'a' of type string, and this table has it as long"},
      {"T | join (T | project b, t) | take 1", "line 1, column 28: 'on' and the columns to join by are expected behind the table of join; did you mean 'on b'?"},
      {"T | lookup (T | project y = b)", "line 1, column 31: 'on' and the columns to join by are expected behind the table of lookup; did you mean 'on $left.a == $right.b'?"},
      {"T | extend x = hll_isvalid(d, 1)", "line 1, column 16: the function 'hll_isvalid' is not supported: nothing tells what it gives"},
      {"external_table('x') | take 1", "line 1, column 1: the function 'external_table' would reach out of the workspace and is not allowed"},
      {"T | extend x = __hash_crc32(b)", "line 1, column 16: the function '__hash_crc32' is internal to another engine and is not supported"},
      {"T | evaluate estimate_rows_count()", "line 1, column 14: the plugin 'estimate_rows_count' belongs to the inside of another engine and is not supported"}};
  for (const auto& [query, error] : cases) EXPECT_EQ(bound_errors(query), error) << query;
}

TEST(KqlBinder, tells_of_at_most_fifty_errors) {
  std::string query = "T | project a";
  for (int i = 0; i < 500; ++i) query += ", zz" + std::to_string(i);
  const std::string errors = bound_errors(query);
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 49);
}

}  // namespace
