// SPDX-License-Identifier: Apache-2.0
// Ingestion into the real engine: what was typed is what a query finds.
#include <fmt/format.h>

#include "test_engine.hpp"
#include "workspace/ingest/body_rows.hpp"
#include "workspace/ingest/ingestion.hpp"
#include "workspace/ingest/otlp_logs.hpp"
#include "workspace/ingest/typed_value.hpp"

namespace workspace {
namespace {

using namespace workspace_test;

const std::string kGuid = "11111111-2222-3333-4444-555555555555";

class IngestEngineTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    catalog = TableCatalog::open(TableSpecs::load().value(), dir.path() / "tables").value();
    start();
  }
  void start() {
    ingestion.reset();
    IngestionOptions options;
    options.folder = dir.path() / "ingest";
    options.deadline = std::chrono::milliseconds(1);
    options.place = [this](std::string_view) { return TablePlace{db, ""}; };
    options.log = [](const std::string& line) { ADD_FAILURE() << line; };
    ingestion = Ingestion::start(std::move(options), *catalog, engine()).value();
  }
  AppendReceipt append(const std::string& table, const std::string& lines, MemberNaming naming = MemberNaming::exact) {
    const auto rows = rows_of_lines(lines).value();
    RecordBatch batch;
    batch.workspace = kGuid;
    batch.table = table;
    batch.rows = rows;
    batch.naming = naming;
    const auto receipt = ingestion->append(batch);
    EXPECT_TRUE(receipt) << receipt.error().message;
    return receipt ? *receipt : AppendReceipt();
  }
  void flush() { ASSERT_TRUE(ingestion->flush(std::chrono::seconds(60))); }

  base::TempDir dir = base::TempDir::create().value();
  std::unique_ptr<TableCatalog> catalog;
  std::unique_ptr<Ingestion> ingestion;  // ends first
};

INSTANTIATE_TEST_SUITE_P(Engines, IngestEngineTest, kWays, way_name);

// What a request says of a built-in table's retention, the hub brings to the engine; the first row after a start must not undo it.
TEST_P(IngestEngineTest, leaves_the_retention_of_a_table_as_it_is) {
  const std::string days = "SELECT toInt32(extract(engine_full, 'toIntervalDay.(\\d+)')) FROM system.tables WHERE database = '" + db + "' AND name = 'Syslog'";
  append("Syslog", R"({"SyslogMessage":"one"})");
  flush();
  EXPECT_EQ(text(days), "30");
  TableSpec longer = *catalog->find(kGuid, "Syslog");
  longer.retention_days = 90;
  ASSERT_TRUE(set_up_tables(engine(), std::vector<TableSpec>{longer}, TablePlace{db, ""}));
  EXPECT_EQ(text(days), "90");
  start();
  append("Syslog", R"({"SyslogMessage":"two"})");
  flush();
  EXPECT_EQ(text(days), "90");
}

TEST_P(IngestEngineTest, values_of_every_type_arrive) {
  TableDeclaration declaration;
  declaration.table = "Types_CL";
  for (const auto type : {model::ColumnType::boolean, model::ColumnType::int32, model::ColumnType::int64, model::ColumnType::real, model::ColumnType::string,
                          model::ColumnType::datetime, model::ColumnType::timespan, model::ColumnType::guid, model::ColumnType::decimal, model::ColumnType::dynamic})
    declaration.columns.push_back({fmt::format("c_{}", model::column_type_name(type)), type, ""});
  ASSERT_TRUE(catalog->declare(kGuid, declaration));
  const AppendReceipt receipt =
      append("Types_CL", R"({"c_bool":true,"c_int":-2147483648,"c_long":9223372036854775807,"c_real":"NaN","c_string":"tab\t \"q\" \u0000 é","c_datetime":"1999-12-31T23:59:59.9999999Z","c_timespan":"1.00:00:00","c_guid":"8145D82213A744AD859C36F31A84F6DD","c_decimal":"1234567890123456789012.1234567890123456","c_dynamic":{"a":[1,"x\ny"]}})"
                         "\n"
                         R"({"c_bool":null,"c_string":"second","c_real":"-Infinity","c_dynamic":"text","c_decimal":-0.5})"
                         "\n{\"c_int\":1.5}\n");
  EXPECT_EQ(receipt.accepted, 2u);
  EXPECT_EQ(receipt.refused, 1u);
  flush();
  EXPECT_EQ(text("SELECT c_bool, c_int, c_long, isNaN(c_real), replaceAll(c_string, '\\0', '0'), c_datetime, c_timespan, c_guid, toString(c_decimal), c_dynamic FROM " + db + ".Types_CL WHERE c_int < 0"),
            "1|-2147483648|9223372036854775807|1|tab\t \"q\" 0 é|630822815999999999|864000000000|8145d822-13a7-44ad-859c-36f31a84f6dd|1234567890123456789012.1234567890123456|{\"a\":[1,\"x\\ny\"]}");
  EXPECT_EQ(text("SELECT c_bool, c_int, isInfinite(c_real), c_datetime, c_guid, toString(c_decimal), c_dynamic, Type, TenantId, _IsBillable, _BilledSize > 10 FROM " + db + ".Types_CL WHERE c_string = 'second'"),
            "null|null|1|null|null|-0.5|\"text\"|Types_CL|" + kGuid + "|True|1");
}

TEST_P(IngestEngineTest, a_custom_table_grows_while_rows_come) {
  append("Grow_CL", R"({"a":1})", MemberNaming::suffixed);
  flush();
  append("Grow_CL", R"({"a":2,"b":"x"})", MemberNaming::suffixed);
  flush();
  EXPECT_EQ(text("SELECT a_d, b_s FROM " + db + ".Grow_CL ORDER BY a_d"), "1.000000|\n2.000000|x");
}

TEST_P(IngestEngineTest, a_segment_that_is_replayed_is_stored_once) {
  ingestion.reset();
  const std::filesystem::path spool = dir.path() / "ingest" / "spool", segment = spool / "00000000000000000001.seg";
  const std::int64_t now = model::kTicksAtUnixEpoch + std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) * model::kTicksPerSecond;
  std::string row = "{\"Computer\":\"a\",\"TimeGenerated\":";
  append_time(now, row);
  row += "}\n";
  SpoolFrame frame;
  frame.workspace = kGuid;
  frame.table = "Perf";
  frame.appended_ms = 1;
  frame.parts = {{now / (86'400 * model::kTicksPerSecond), 1, row.size()}};
  frame.rows = row;
  for (int start_number = 0; start_number < 3; ++start_number) {
    ingestion.reset();
    ASSERT_TRUE(base::write_file_atomically(segment, segment_head("00112233445566778899aabbccddeeff") + encode_frame(frame)));
    start();
    flush();
  }
  EXPECT_EQ(text("SELECT count() FROM " + db + ".Perf"), "1");
}

TEST_P(IngestEngineTest, logs_of_opentelemetry_find_their_columns) {
  const auto lines = otlp_json_rows(R"({"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeLogs":[{"logRecords":[)"
                                    R"({"severityNumber":9,"body":{"stringValue":"order paid"},"attributes":[{"key":"n","value":{"intValue":"3"}}]}]}]}]})").value();
  std::string text_lines;
  for (const std::string& line : lines) text_lines += line + "\n";
  EXPECT_EQ(append(std::string(kOtlpTable), text_lines).unknown_members, 0u);
  flush();
  EXPECT_EQ(text("SELECT ServiceName, SeverityNumber, Body, Attributes FROM " + db + ".OTelLogs"), "shop|9|order paid|{\"n\":3}");
}

TEST_P(IngestEngineTest, every_table_of_a_workspace_is_made) {
  ASSERT_TRUE(set_up_workspace(engine(), *catalog, kGuid, {db, ""}));
  EXPECT_EQ(text("SELECT count() FROM system.tables WHERE database = '" + db + "'"), std::to_string(catalog->all(kGuid).size()));
}

}  // namespace
}  // namespace workspace
