// SPDX-License-Identifier: Apache-2.0
#include "workspace/purge.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "test_engine.hpp"

namespace workspace {
namespace {

using namespace workspace_test;
using testing::HasSubstr;

const std::string kRowId = "8145d822-13a7-44ad-859c-36f31a84f6dd";

TableSpec purged_table() {
  using model::ColumnType;
  TableSpec out;
  out.schema.name = "T";
  out.schema.columns = {{"n", ColumnType::int64, ""},       {"Host", ColumnType::string, ""}, {"Line", ColumnType::string, ""},  {"Small", ColumnType::int32, ""},
                        {"Share", ColumnType::real, ""},    {"Good", ColumnType::boolean, ""}, {"Id", ColumnType::guid, ""},     {"Took", ColumnType::timespan, ""},
                        {"Price", ColumnType::decimal, ""}, {"Bag", ColumnType::dynamic, ""},  {"TimeGenerated", ColumnType::datetime, ""}, {"odd `name'", ColumnType::string, ""}};
  out.low_cardinality = {"Host"};
  out.text_index = {"Line", "Bag"};
  out.sort_key = {"Host", "TimeGenerated"};
  out.retention_days = 3000;
  return out;
}

std::vector<PurgeFilter> filters_of(const std::string& json) {
  std::vector<PurgeFilter> out;
  const base::Json parsed = base::parse_json(json, "filters").value();
  for (const base::Json& one : parsed.as_array())
    out.push_back({std::string(base::get_string(one, "column")), std::string(base::get_string(one, "operator")), one.at("value"), std::string(base::get_string(one, "key"))});
  return out;
}

TEST(PurgeCondition, says_which_filter_is_wrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([])", "filters must be a list of 1 to 50 filters"},
      {R"([{"column": "Nothing", "operator": "==", "value": 1}])", "filters[0].column: the table T has no column 'Nothing'"},
      {R"([{"column": "host", "operator": "==", "value": "a"}])", "filters[0].column: the table T has no column 'host'"},
      {R"([{"column": "n", "operator": "==", "value": 1}, {"column": "n", "operator": "!=", "value": 1}])", "filters[1].operator: '!=' is none; it must be one of ==, =~, in, in~, >, >=, <, <=, between"},
      {R"([{"column": "Host", "operator": ">", "value": "a"}])", "filters[0].operator: > is no comparison of Host, which is string; it must be one of ==, =~, in, in~"},
      {R"([{"column": "n", "operator": "=~", "value": 1}])", "it must be one of ==, in, >, >=, <, <=, between"},
      {R"([{"column": "Good", "operator": "<", "value": true}])", "it must be one of ==, in"},
      {R"([{"column": "Id", "operator": "between", "value": ["a", "b"]}])", "it must be one of ==, in"},
      {R"([{"column": "n", "operator": "==", "value": "1"}])", "filters[0].value: it must be a whole number for n"},
      {R"([{"column": "n", "operator": "==", "value": 1.5}])", "filters[0].value: it must be a whole number for n"},
      {R"([{"column": "Host", "operator": "==", "value": 1}])", "filters[0].value: it must be a text for Host"},
      {R"([{"column": "Good", "operator": "==", "value": 1}])", "filters[0].value: it must be true or false for Good"},
      {R"([{"column": "Id", "operator": "==", "value": "none"}])", "filters[0].value: it must be a GUID for Id"},
      {R"([{"column": "TimeGenerated", "operator": ">", "value": "yesterday"}])", "filters[0].value: it must be a time such as"},
      {R"([{"column": "TimeGenerated", "operator": ">", "value": 1}])", "filters[0].value: it must be a time such as"},
      {R"([{"column": "Took", "operator": ">", "value": "long"}])", "filters[0].value: it must be a timespan such as"},
      {R"([{"column": "n", "operator": "in", "value": 1}])", "filters[0].value: it must be a list of 1 to 5000 values for in"},
      {R"([{"column": "Host", "operator": "in~", "value": []}])", "filters[0].value: it must be a list of 1 to 5000 values for in~"},
      {R"([{"column": "n", "operator": "between", "value": [1]}])", "filters[0].value: it must be a list of two values for between"},
      {R"([{"column": "n", "operator": "==", "value": [1]}])", "filters[0].value: it must be a whole number for n"},
      {R"([{"column": "Price", "operator": "==", "value": 1}])", "filters[0].column: Price is a decimal"},
      {R"([{"column": "Bag", "operator": "==", "value": "a"}])", "filters[0].key: it must name the member of Bag, which is dynamic"},
      {R"([{"column": "Host", "operator": "==", "value": "a", "key": "b"}])", "filters[0].key: Host is string and has no members"},
      {R"([{"column": "Bag", "operator": "in", "value": ["a", 1], "key": "b"}])", "filters[0].value: it must be texts, numbers or truths"},
      {R"([{"column": "Bag", "operator": ">", "value": "a", "key": "b"}])", "filters[0].operator: > is no comparison of the member b of Bag, which is string"},
  };
  for (const auto& [filters, words] : cases) {
    const auto sql = purge_condition_sql(purged_table(), filters_of(filters));
    ASSERT_FALSE(sql) << filters << ": " << *sql;
    EXPECT_EQ(sql.error().kind, base::Kind::invalid_input) << filters;
    EXPECT_THAT(sql.error().message, HasSubstr(words)) << filters;
  }
}

TEST(PurgeCondition, takes_as_many_values_as_a_statement_holds) {
  base::JsonArray few, many;
  for (int i = 0; i < 1000; ++i) few.emplace_back(fmt::format("somebody.{}@example.com", i));
  for (int i = 0; i < 5000; ++i) many.emplace_back(fmt::format("somebody.{}@example.com", i));
  EXPECT_TRUE(purge_condition_sql(purged_table(), std::vector<PurgeFilter>{{"Host", "in", few, ""}}));
  const auto too_many = purge_condition_sql(purged_table(), std::vector<PurgeFilter>{{"Host", "in", many, ""}});
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().message, "filters[0].value: it is more than one purge can look for in Host; send fewer values at once");
  EXPECT_FALSE(purge_condition_sql(purged_table(), std::vector<PurgeFilter>(50, {"Host", "in", few, ""})));
}

TEST(PurgeCondition, is_asked_of_the_table_with_the_rows) {
  EXPECT_EQ(delete_rows_sql("T", {"db", ""}, "a"), "ALTER TABLE `db`.`T` DELETE WHERE a SETTINGS mutations_sync = 0");
  EXPECT_EQ(delete_rows_sql("T", {"db", "c"}, "a"), "ALTER TABLE `db`.`T_local` ON CLUSTER `c` DELETE WHERE a SETTINGS mutations_sync = 0");
}

class PurgeTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    const auto made = set_up_table(engine(), purged_table(), place());
    ASSERT_TRUE(made) << made.error().message;
    insert();
  }
  TablePlace place() const { return {db, ""}; }

  // Row 0 has no values; the others have theirs.
  void insert() {
    const std::string rows = R"({"n":0,"TimeGenerated":"2026-01-01 00:00:00"}
{"n":1,"Host":"alpha","Line":"It's \\ one","Small":1,"Share":0.5,"Good":true,"Id":")" + kRowId + R"(","Took":10000000,"Price":1,"Bag":"{\"user\":\"Ann\",\"age\":30,\"on\":true,\"o'k`\":1}","TimeGenerated":"2026-01-01 10:00:00","odd `name'":"x"}
{"n":2,"Host":"ALPHA","Line":"two","Small":2,"Share":2,"Good":false,"Took":20000000,"Bag":"{\"user\":\"ann\",\"age\":31.5,\"on\":false}","TimeGenerated":"2026-01-02 10:00:00"}
{"n":3,"Host":"\u00c9cole","Line":"three","Small":3,"Share":3,"Bag":"{\"user\":{\"deep\":[1.0,2e3]}}","TimeGenerated":"2026-01-03 10:00:00"}
{"n":4,"Host":"delta","Line":"four","Small":4,"Bag":"{\"user\":7,\"age\":\"30\"}","TimeGenerated":"2026-01-04 10:00:00"}
)";
    RowBatch batch;
    batch.table = table_name_sql("T", place());
    const std::vector<std::string> days{"2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"};
    for (const std::string& day : days) {
      std::string of_day;
      for (std::size_t at = 0; at < rows.size(); at = rows.find('\n', at) + 1) {
        const std::string line = rows.substr(at, rows.find('\n', at) + 1 - at);
        if (line.find(day) != std::string::npos) of_day += line;
      }
      batch.rows = of_day;
      batch.count = static_cast<std::uint64_t>(std::count(of_day.begin(), of_day.end(), '\n'));
      batch.token = fmt::format("rows-{}", day);
      const auto done = engine().insert(batch);
      ASSERT_TRUE(done) << done.error().message;
    }
  }
  void purge(const std::string& id, const std::string& filters) {
    const auto begun = begin_purge(engine(), purged_table(), place(), {id, filters_of(filters)});
    ASSERT_TRUE(begun) << filters << ": " << begun.error().message;
    const auto done = wait_for_purge(engine(), "T", place(), id, std::chrono::minutes(2));
    ASSERT_TRUE(done) << filters << ": " << done.error().message;
    ASSERT_TRUE(*done) << filters;
  }
  // The rows that a condition of filters finds, which are those that a purge deletes.
  std::string found(const std::string& filters) {
    const auto sql = purge_condition_sql(purged_table(), filters_of(filters));
    if (!sql) return sql.error().message;
    return text(fmt::format("SELECT arrayStringConcat(arraySort(groupArray(toString(n))), ' ') FROM {}.T WHERE {}", db, *sql));
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, PurgeTest, kWays, way_name);

TEST_P(PurgeTest, conditions_mean_what_they_do_in_kql) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([{"column": "Host", "operator": "==", "value": "alpha"}])", "1"},
      {R"([{"column": "Host", "operator": "=~", "value": "Alpha"}])", "1 2"},
      {R"([{"column": "Host", "operator": "=~", "value": "éCOLE"}])", "3"},
      {R"([{"column": "Host", "operator": "in", "value": ["alpha", "delta"]}])", "1 4"},
      {R"([{"column": "Host", "operator": "in~", "value": ["Alpha", "écolE"]}])", "1 2 3"},
      {R"([{"column": "Host", "operator": "==", "value": ""}])", "0"},
      {R"([{"column": "Line", "operator": "==", "value": "It's \\ one"}])", "1"},
      {R"([{"column": "Line", "operator": "in", "value": ["') OR 1=1 --", "two"]}])", "2"},
      {R"([{"column": "odd `name'", "operator": "==", "value": "x"}])", "1"},
      {R"([{"column": "Small", "operator": ">", "value": 2}])", "3 4"},
      {R"([{"column": "Small", "operator": "<=", "value": 1}])", "1"},
      {R"([{"column": "Small", "operator": "==", "value": 4294967297}])", ""},
      {R"([{"column": "n", "operator": "between", "value": [1, 3]}])", "1 2 3"},
      {R"([{"column": "n", "operator": "in", "value": [0, 4]}])", "0 4"},
      {R"([{"column": "Share", "operator": "<", "value": 2.5}])", "1 2"},
      {R"([{"column": "Share", "operator": "in", "value": [2, 0.5]}])", "1 2"},
      {R"([{"column": "Good", "operator": "==", "value": false}])", "2"},
      {R"([{"column": "Id", "operator": "==", "value": "8145D822-13A7-44AD-859C-36F31A84F6DD"}])", "1"},
      {R"([{"column": "Took", "operator": ">=", "value": "00:00:02"}])", "2"},
      {R"([{"column": "TimeGenerated", "operator": ">", "value": "2026-01-02T10:00:00"}])", "3 4"},
      {R"([{"column": "TimeGenerated", "operator": "between", "value": ["2026-01-01T10:00:00Z", "2026-01-02T12:00:00+02:00"]}])", "1 2"},
      {R"([{"column": "TimeGenerated", "operator": "<", "value": "1066-10-14"}])", ""},
      {R"([{"column": "Bag", "key": "user", "operator": "==", "value": "Ann"}])", "1"},
      {R"([{"column": "Bag", "key": "user", "operator": "=~", "value": "ANN"}])", "1 2"},
      {R"([{"column": "Bag", "key": "user", "operator": "in", "value": ["7", "ann"]}])", "2 4"},
      {R"([{"column": "Bag", "key": "user", "operator": "==", "value": ""}])", ""},
      {R"([{"column": "Bag", "key": "none", "operator": "==", "value": ""}])", ""},
      {R"([{"column": "Bag", "key": "age", "operator": ">", "value": 30}])", "2"},
      {R"([{"column": "Bag", "key": "age", "operator": "==", "value": 30}])", "1"},
      {R"([{"column": "Bag", "key": "on", "operator": "==", "value": false}])", "2"},
      {R"([{"column": "Bag", "key": "o'k`", "operator": "==", "value": 1}])", "1"},
      {R"([{"column": "Host", "operator": "=~", "value": "alpha"}, {"column": "TimeGenerated", "operator": "<", "value": "2026-01-02"}])", "1"},
  };
  for (const auto& [filters, rows] : cases) EXPECT_EQ(found(filters), rows) << filters;
}

TEST_P(PurgeTest, deletes_the_rows_and_no_others) {
  const std::string left = "SELECT arrayStringConcat(arraySort(groupArray(toString(n))), ' ') FROM " + db + ".T";
  purge("purge-1", R"([{"column": "Host", "operator": "=~", "value": "Alpha"}])");
  EXPECT_EQ(text(left), "0 3 4");
  purge("purge-2", R"([{"column": "Bag", "key": "user", "operator": "==", "value": "7"}, {"column": "Small", "operator": "==", "value": 4}])");
  EXPECT_EQ(text(left), "0 3");
  purge("purge-3", R"([{"column": "Share", "operator": ">", "value": 100}])");
  EXPECT_EQ(text(left), "0 3");
  purge("purge-4", R"([{"column": "TimeGenerated", "operator": ">", "value": "1900-01-01"}])");
  EXPECT_EQ(text(left), "");
}

TEST_P(PurgeTest, is_known_by_its_id_also_after_a_restart) {
  EXPECT_FALSE(purge_state(engine(), "T", place(), "purge-1")->begun);
  purge("purge-1", R"([{"column": "Host", "operator": "==", "value": "alpha"}])");
  insert();  // with tokens that the table has seen: nothing comes back
  EXPECT_EQ(text("SELECT count() FROM " + db + ".T"), "4");
  restart();
  const auto state = purge_state(engine(), "T", place(), "purge-1");
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_TRUE(state->done);
  EXPECT_FALSE(purge_state(engine(), "T", place(), "purge-2")->begun);
  EXPECT_EQ(text("SELECT count() FROM " + db + ".T"), "4");
}

TEST_P(PurgeTest, what_the_engine_cannot_do_is_told) {
  run(fmt::format("ALTER TABLE {}.T DELETE WHERE throwIf(n >= 0, 'purge-bad') SETTINGS mutations_sync = 0", db));
  const auto waited = wait_for_purge(engine(), "T", place(), "purge-bad", std::chrono::seconds(3));
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().kind, base::Kind::unavailable);
  EXPECT_THAT(waited.error().message, HasSubstr("does not get on with the purge of T"));
  run(fmt::format("KILL MUTATION WHERE database = '{}' ASYNC", db));
}

}  // namespace
}  // namespace workspace
