// SPDX-License-Identifier: Apache-2.0
// Ingestion with an engine of the test's own: what is inserted, when, how often, and what happens while it fails.
#include "workspace/ingest/ingestion.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "base/files.hpp"
#include "content/content.hpp"
#include "workspace/ingest/standard_columns.hpp"
#include "workspace/lazy_engine.hpp"

namespace workspace {
namespace {

const std::string kWorkspace = "11111111-2222-3333-4444-555555555555";
const std::string kOther = "99999999-2222-3333-4444-555555555555";

// Keeps rows by table, tokens once each, as the real one does.
class MemoryEngine final : public SqlEngine {
 public:
  base::Result<void> execute(std::string_view sql) override {
    const std::lock_guard lock(mutex_);
    statements.emplace_back(sql);
    return {};
  }
  base::Result<QueryAnswer> query(const SqlQuery&) override {  // of set_up_table: nothing is there yet
    QueryAnswer out;
    return out;
  }
  base::Result<void> insert(const RowBatch& batch) override {
    const std::lock_guard lock(mutex_);
    ++attempts;
    if (failures_left > 0 && failure && batch.table.find(failing_table) != std::string::npos) {
      --failures_left;
      if (stores_before_failing && tokens.insert(batch.token).second) rows[batch.table] += batch.rows;
      return base::fail(*failure);
    }
    ++inserts;
    if (tokens.insert(batch.token).second) rows[batch.table] += batch.rows;
    return {};
  }
  base::Result<void> cancel(std::string_view) override { return {}; }

  std::string rows_of(const std::string& table, const std::string& workspace = kWorkspace) {
    const std::lock_guard lock(mutex_);
    return rows[table_name_sql(table, workspace_place(workspace))];
  }
  std::size_t count_of(const std::string& table, const std::string& workspace = kWorkspace) {
    const std::string text = rows_of(table, workspace);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  void fail(int times, base::Kind kind, std::string table = "", bool stores = false) {
    const std::lock_guard lock(mutex_);
    failures_left = times;
    failure = base::Error{kind, "made to fail"};
    failing_table = std::move(table);
    stores_before_failing = stores;
  }

  int attempts = 0, inserts = 0;
  std::vector<std::string> statements;
  std::set<std::string> tokens;

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> rows;
  int failures_left = 0;
  std::optional<base::Error> failure;
  std::string failing_table;
  bool stores_before_failing = false;
};

const std::vector<TableFile> kTableFiles{
    {"tables/standard-columns.yaml", *content::file("tables/standard-columns.yaml")},
    {"tables/t.yaml", "name: T\ndescription: d\nsortKey: [TimeGenerated]\ncolumns:\n  - {name: Host, type: string, description: d}\n"
                      "  - {name: Count, type: long, description: d}\n"},
    {"tables/u.yaml", "name: U\ndescription: d\nsortKey: [TimeGenerated]\ncolumns:\n  - {name: Host, type: string, description: d}\n"}};

class IngestionTest : public ::testing::Test {
 protected:
  void SetUp() override { start(); }

  void start(std::uint64_t spool_bytes = 1u << 30) { start_on(engine, spool_bytes); }
  void start_on(SqlEngine& sql_engine, std::uint64_t spool_bytes = 1u << 30) {
    ingestion.reset();
    catalog = TableCatalog::open(TableSpecs::read(kTableFiles).value(), dir.path() / "tables").value();
    IngestionOptions options;
    options.folder = dir.path() / "ingest";
    options.deadline = std::chrono::milliseconds(1);
    options.spool_bytes = spool_bytes;
    options.log = [this](const std::string& line) {
      const std::lock_guard lock(log_mutex);
      log += line + "\n";
    };
    ingestion = Ingestion::start(std::move(options), *catalog, sql_engine).value();
  }
  base::Result<AppendReceipt> append(const std::vector<std::string_view>& rows, RecordBatch batch = {}) {
    if (batch.workspace.empty()) batch.workspace = kWorkspace;
    if (batch.table.empty()) batch.table = "T";
    batch.rows = rows;
    return ingestion->append(batch);
  }
  RecordBatch from(const std::string& id, std::uint64_t sequence) {
    RecordBatch out;
    out.source = {id, sequence};
    return out;
  }
  bool flush() { return ingestion->flush(std::chrono::seconds(20)); }

  base::TempDir dir = base::TempDir::create().value();
  MemoryEngine engine;
  std::unique_ptr<TableCatalog> catalog;
  std::mutex log_mutex;  // guards log
  std::string log;
  std::unique_ptr<Ingestion> ingestion;
};

TEST_F(IngestionTest, good_rows_of_a_batch_arrive_and_bad_ones_are_refused_with_reasons) {
  const auto receipt = append({R"({"Host":"a","Count":1})", R"({"Host":"b","Count":"many"})", "[]", R"({"Host":"c","Extra":1})"});
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->accepted, 2u);
  EXPECT_EQ(receipt->refused, 2u);
  EXPECT_EQ(receipt->unknown_members, 1u);
  ASSERT_EQ(receipt->refusals.size(), 2u);
  EXPECT_EQ(receipt->refusals[0].index, 1u);
  EXPECT_EQ(receipt->refusals[0].reason, "member Count: \"many\" is no long");
  EXPECT_EQ(receipt->refusals[1].reason, "the row is no JSON object");
  ASSERT_TRUE(flush());
  EXPECT_EQ(engine.count_of("T"), 2u);
  EXPECT_THAT(engine.rows_of("T"), testing::HasSubstr(R"("Host":"c")"));
}

TEST_F(IngestionTest, names_that_cannot_be_are_errors_and_store_nothing) {
  RecordBatch batch;
  batch.table = "Nowhere";
  EXPECT_EQ(append({"{}"}, batch).error().kind, base::Kind::not_found);
  batch.table = "T";
  batch.workspace = "../etc";
  EXPECT_EQ(append({"{}"}, batch).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(append({"{}"}, from("two words", 1)).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(append({"{}"}, from("source", 0)).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(ingestion->statistics().turned_away_batches, 4u);
}

TEST_F(IngestionTest, rows_of_many_batches_become_one_insert_a_table_and_day) {
  engine.fail(1'000, base::Kind::unavailable);  // so that a backlog comes up
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(append({R"({"Host":"a"})"}));
  RecordBatch other;
  other.workspace = kOther;
  ASSERT_TRUE(append({R"({"Host":"other"})"}, other));
  engine.fail(0, base::Kind::unavailable);
  ASSERT_TRUE(flush());
  EXPECT_EQ(engine.count_of("T"), 50u);
  EXPECT_EQ(engine.count_of("T", kOther), 1u);
  EXPECT_LE(engine.inserts, 4);
}

TEST_F(IngestionTest, what_a_source_sends_again_is_dropped_also_after_a_restart) {
  ASSERT_TRUE(append({R"({"Host":"1"})"}, from("agent/a", 1)));
  const auto again = append({R"({"Host":"1"})"}, from("agent/a", 1));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->accepted, 0u);
  ASSERT_TRUE(flush());
  start();  // the segment is gone: the mark comes from its file
  EXPECT_TRUE(append({R"({"Host":"1"})"}, from("agent/a", 1))->repeated);
  EXPECT_FALSE(append({R"({"Host":"2"})"}, from("agent/a", 2))->repeated);
  EXPECT_FALSE(append({R"({"Host":"x"})"}, from("agent/b", 1))->repeated);
  RecordBatch elsewhere = from("agent/a", 1);
  elsewhere.workspace = kOther;
  EXPECT_FALSE(append({R"({"Host":"y"})"}, elsewhere)->repeated);
  ASSERT_TRUE(flush());
  EXPECT_EQ(engine.count_of("T"), 3u);
}

TEST_F(IngestionTest, marks_of_what_is_still_in_the_spool_are_known_at_the_next_start) {
  engine.fail(1'000'000, base::Kind::unavailable);
  ASSERT_TRUE(append({R"({"Host":"1"})"}, from("agent/a", 41)));
  start();
  EXPECT_TRUE(append({R"({"Host":"1"})"}, from("agent/a", 41))->repeated);
  engine.fail(0, base::Kind::unavailable);
  ASSERT_TRUE(flush());
  EXPECT_EQ(engine.count_of("T"), 1u);
}

TEST_F(IngestionTest, an_insert_that_failed_after_storing_is_sent_again_with_the_same_token) {
  engine.fail(2, base::Kind::unavailable, "", true);
  ASSERT_TRUE(append({R"({"Host":"1"})"}));
  ASSERT_TRUE(flush());
  EXPECT_EQ(engine.attempts, 3);
  EXPECT_EQ(engine.count_of("T"), 1u);
  EXPECT_EQ(ingestion->statistics().writer.failures, 2u);
  EXPECT_THAT(log, testing::HasSubstr("made to fail"));
}

TEST_F(IngestionTest, a_restart_sends_what_the_spool_has_with_the_same_tokens) {
  engine.fail(1'000'000, base::Kind::unavailable, "", true);  // stored, and nobody knows
  ASSERT_TRUE(append({R"({"Host":"1"})", R"({"Host":"2"})"}));
  while (engine.count_of("T") < 2) std::this_thread::yield();
  start();
  engine.fail(0, base::Kind::unavailable);
  ASSERT_TRUE(flush());
  EXPECT_EQ(engine.count_of("T"), 2u);
}

TEST_F(IngestionTest, rows_that_the_engine_never_takes_are_set_aside_and_do_not_stop_the_others) {
  engine.fail(3, base::Kind::invalid_input, "`T`");
  ASSERT_TRUE(append({R"({"Host":"bad"})"}));
  RecordBatch other;
  other.table = "U";
  ASSERT_TRUE(append({R"({"Host":"good"})"}, other));
  ASSERT_TRUE(flush());
  EXPECT_EQ(engine.count_of("T"), 0u);
  EXPECT_EQ(engine.count_of("U"), 1u);
  EXPECT_EQ(ingestion->statistics().writer.set_aside_rows, 1u);
  EXPECT_FALSE(std::filesystem::is_empty(dir.path() / "ingest" / "set-aside"));
  EXPECT_THAT(log, testing::HasSubstr("does not take 1 rows of table T"));
}

TEST_F(IngestionTest, rows_wait_for_an_engine_that_cannot_be_opened) {
  std::atomic<int> openings = 0;
  LazyEngine late([&]() -> base::Result<std::unique_ptr<SqlEngine>> {
    if (++openings <= 4) return base::fail(base::Kind::unsupported, "the library is one of another version");
    return std::make_unique<MemoryEngine>();
  });
  start_on(late);
  ASSERT_TRUE(append({R"({"Host":"a"})"}));
  ASSERT_TRUE(flush());
  EXPECT_EQ(ingestion->statistics().writer.set_aside_rows, 0u);
  EXPECT_EQ(ingestion->statistics().writer.inserted_rows, 1u);
  EXPECT_THAT(log, testing::HasSubstr("is tried again: the library is one of another version"));
  ingestion.reset();  // before the engine
}

TEST_F(IngestionTest, a_full_spool_turns_batches_away_until_the_engine_takes_rows_again) {
  start(2'000);
  engine.fail(1'000'000, base::Kind::unavailable);
  base::Result<AppendReceipt> receipt;
  int taken = 0;
  while ((receipt = append({R"({"Host":"a","Count":12345678})"}))) ++taken;
  EXPECT_EQ(receipt.error().kind, base::Kind::unavailable);
  EXPECT_GT(ingestion->retry_after().count(), 0);
  EXPECT_GT(taken, 3);
  EXPECT_GE(ingestion->statistics().lag.count(), 0);
  engine.fail(0, base::Kind::unavailable);
  ASSERT_TRUE(flush());
  EXPECT_TRUE(append({R"({"Host":"a"})"}));
  ASSERT_TRUE(flush());
  EXPECT_EQ(engine.count_of("T"), static_cast<std::size_t>(taken + 1));
}

TEST_F(IngestionTest, the_data_collector_s_rules_make_a_table_and_let_it_grow) {
  RecordBatch batch;
  batch.table = "Orders_CL";
  batch.naming = MemberNaming::suffixed;
  batch.time_member = "when";
  ASSERT_TRUE(append({R"({"id":7,"ok":true,"name":"n","ref":"8145d82213a744ad859c36f31a84f6dd","at":"2026-01-02T03:04:05Z","nested":{"a":1},"bad name!":1,"gone":null})"}, batch));
  auto table = catalog->find(kWorkspace, "Orders_CL");
  ASSERT_TRUE(table);
  std::string columns;
  for (const auto& column : table->schema.columns)
    if (!is_filled_column(column.name)) columns += fmt::format("{}:{} ", column.name, model::column_type_name(column.type));
  EXPECT_EQ(columns, "id_d:real ok_b:bool name_s:string ref_g:string at_t:datetime nested_s:string bad_name__d:real ");
  ASSERT_TRUE(append({R"({"id":"12","ok":"false","name":5,"extra":"x","ref":"none"})"}, batch));  // fits what is there, or is new
  ASSERT_TRUE(flush());
  const std::string rows = engine.rows_of("Orders_CL");
  EXPECT_THAT(rows, testing::HasSubstr(R"({"id_d":7,"ok_b":true,"name_s":"n","ref_g":"8145d822-13a7-44ad-859c-36f31a84f6dd","at_t":"2026-01-02 03:04:05.0000000","nested_s":"{\"a\":1}","bad_name__d":1,)"));
  EXPECT_THAT(rows, testing::HasSubstr(R"({"id_d":12,"ok_b":false,"name_s":"5","extra_s":"x","ref_s":"none",)"));
  start();
  EXPECT_TRUE(catalog->find(kWorkspace, "Orders_CL")->schema.find("extra_s"));
  EXPECT_FALSE(catalog->find(kOther, "Orders_CL"));
}

TEST_F(IngestionTest, a_custom_table_has_caps_and_name_rules) {
  RecordBatch batch;
  batch.naming = MemberNaming::suffixed;
  for (const char* name : {"Plain", "_CL", "../up_CL", "a b_CL", "\xff_CL"}) {
    batch.table = name;
    EXPECT_EQ(append({R"({"a":1})"}, batch).error().kind, base::Kind::invalid_input) << name;
  }
  std::string row = "{";
  for (int i = 0; i < 600; ++i) row += fmt::format("{}\"c{}\":{}", i > 0 ? "," : "", i, i);
  batch.table = "Wide_CL";
  const auto receipt = append({row + "}"}, batch);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->unknown_members, 100u);
  EXPECT_EQ(catalog->find(kWorkspace, "Wide_CL")->schema.columns.size(), 500u + kFilledColumns.size());
}

TEST_F(IngestionTest, a_declared_table_takes_rows_by_the_exact_names) {
  TableDeclaration declaration;
  declaration.table = "Mine_CL";
  declaration.columns = {{"Level", model::ColumnType::int32, "How bad."}};
  ASSERT_TRUE(catalog->declare(kWorkspace, declaration));
  declaration.columns[0].type = model::ColumnType::string;
  EXPECT_EQ(catalog->declare(kWorkspace, declaration).error().kind, base::Kind::conflict);
  RecordBatch batch;
  batch.table = "Mine_CL";
  EXPECT_EQ(append({R"({"Level":"3"})"}, batch)->accepted, 1u);
  ASSERT_TRUE(flush());
  EXPECT_THAT(engine.rows_of("Mine_CL"), testing::StartsWith(R"({"Level":3,)"));
}

TEST_F(IngestionTest, a_new_table_keeps_its_rows_as_long_as_its_workspace_says) {
  catalog->set_retention(kWorkspace, 90);
  TableDeclaration declaration;
  declaration.table = "New_CL";
  EXPECT_EQ(catalog->declare(kWorkspace, declaration).value()->retention_days, 90);
  catalog->set_retention(kWorkspace, 60);
  declaration.table = "Newer_CL";
  EXPECT_EQ(catalog->declare(kWorkspace, declaration).value()->retention_days, 60);
  EXPECT_EQ(catalog->declare("22222222-2222-2222-2222-222222222222", declaration).value()->retention_days, 30);
}

TEST_F(IngestionTest, usage_and_statistics_count_what_came) {
  ASSERT_TRUE(append({R"({"Host":"abc"})", "x"}));
  const auto usage = ingestion->usage();
  ASSERT_EQ(usage.size(), 1u);
  EXPECT_EQ(usage[0].table, "T");
  EXPECT_EQ(usage[0].workspace, kWorkspace);
  EXPECT_EQ(usage[0].rows, 1u);
  EXPECT_EQ(usage[0].billed_bytes, 5u);
  const IngestionStatistics statistics = ingestion->statistics();
  EXPECT_EQ(statistics.rows, 2u);
  EXPECT_EQ(statistics.refused_rows, 1u);
  EXPECT_EQ(statistics.bytes, 15u);
}

TEST_F(IngestionTest, a_damaged_file_of_marks_is_said_so_at_the_start) {
  ASSERT_TRUE(append({R"({"Host":"1"})"}, from("agent/a", 1)));
  ASSERT_TRUE(flush());
  ingestion.reset();
  std::ofstream(dir.path() / "ingest" / "sources", std::ios::app) << "1 forged\n";
  IngestionOptions options;
  options.folder = dir.path() / "ingest";
  const auto started = Ingestion::start(std::move(options), *catalog, engine);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, base::Kind::corrupt);
}

}  // namespace
}  // namespace workspace
