// SPDX-License-Identifier: Apache-2.0
#include "workspace/table_spec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

namespace workspace {
namespace {

constexpr std::string_view kStandard = "columns:\n  - {name: TimeGenerated, type: datetime, description: When.}\n";

base::Result<TableSpecs> read(std::string_view text, std::string_view standard = kStandard) {
  const TableFile files[] = {{"tables/standard-columns.yaml", standard}, {"tables/t.yaml", text}};
  return TableSpecs::read(files);
}

std::string fault(std::string_view text) {
  const auto specs = read(text);
  return specs ? "no fault" : specs.error().message;
}

TEST(TableSpecs, reads_columns_marks_and_standard_columns) {
  const auto specs = read(
      "name: T\ndescription: A table.\nretentionDays: 7\nsortKey: [Host, TimeGenerated]\ncolumns:\n"
      "  - {name: Host, type: string, lowCardinality: true, description: The host.}\n"
      "  - {name: Line, type: dynamic, textIndex: true, description: The line.}\n");
  ASSERT_TRUE(specs) << specs.error().message;
  const TableSpec* table = specs->find("T");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->retention_days, 7);
  EXPECT_EQ(table->low_cardinality, std::vector<std::string>{"Host"});
  EXPECT_EQ(table->text_index, std::vector<std::string>{"Line"});
  ASSERT_EQ(table->schema.columns.size(), 3u);
  EXPECT_EQ(table->schema.columns[1].type, model::ColumnType::dynamic);
  EXPECT_EQ(table->schema.columns[2].name, "TimeGenerated");
  EXPECT_FALSE(specs->find("t"));
}

TEST(TableSpecs, faults_name_file_and_line) {
  const std::string text = fault(
      "name: 1T\ndescription: A table.\nsortKey: [Gone, Size, TimeGenerated]\ncolumns:\n"
      "  - {name: Size, type: lng, description: A size.}\n"
      "  - {name: Size, type: long, description: Twice.}\n"
      "  - {name: N, type: long, lowCardinality: true, description: No string.}\n"
      "  - {name: TimeGenerated, type: datetime, description: Standard.}\n"
      "  - {name: X, type: string, lowcardinality: true, description: A slip.}\n");
  for (const char* expected : {"tables/t.yaml:1: \"name\" '1T'", "tables/t.yaml:3: \"sortKey\" names 'Gone'", "tables/t.yaml:5: \"type\" 'lng'",
                               "tables/t.yaml:6: \"name\" column 'Size' is there already", "tables/t.yaml:7: \"lowCardinality\"",
                               "'TimeGenerated', which every table has", "tables/t.yaml:9: \"lowcardinality\" is no member here"})
    EXPECT_NE(text.find(expected), std::string::npos) << expected << " is not in:\n" << text;
}

TEST(TableSpecs, sort_key_ends_with_the_time_and_holds_strings) {
  const std::string columns = "columns:\n  - {name: N, type: long, description: A number.}\n";
  EXPECT_NE(fault("name: T\ndescription: D.\nsortKey: [TimeGenerated, N]\n" + columns).find("must end with TimeGenerated"), std::string::npos);
  EXPECT_NE(fault("name: T\ndescription: D.\nsortKey: [N, TimeGenerated]\n" + columns).find("names 'N', which is no string"), std::string::npos);
  EXPECT_NE(fault("name: T\ndescription: D.\n" + columns).find("\"sortKey\" must end"), std::string::npos);
}

TEST(TableSpecs, a_table_of_the_same_name_is_a_fault) {
  const std::string table = "name: T\ndescription: D.\nsortKey: [TimeGenerated]\ncolumns: []\n";
  EXPECT_NE(fault(table + "---\n" + table).find("tables/t.yaml:6: \"name\" table 'T' is there already"), std::string::npos) << fault(table + "---\n" + table);
}

TEST(TableSpecs, built_in_tables_are_read_and_described) {
  const auto specs = TableSpecs::load();
  ASSERT_TRUE(specs) << specs.error().message;
  for (const char* name : {"AzureActivity", "SecurityBaseline", "SecurityBaselineSummary", "SecurityRecommendation", "SecurityNestedRecommendation",
                           "SecurityAlert", "ContainerRegistryRepositoryEvents", "ContainerRegistryLoginEvents", "KubePodInventory", "KubeEvents",
                           "KubeNodeInventory", "KubeServices", "ContainerInventory", "ContainerLog", "ContainerLogV2", "Perf", "InsightsMetrics",
                           "ContainerNodeInventory", "AzureMetrics", "AzureDiagnostics", "Heartbeat", "Syslog", "Usage", "Operation",
                           "NTANetAnalytics", "AZFWNetworkRule", "AZFWApplicationRule", "AZFWNatRule", "AZFWThreatIntel", "AZFWIdpsSignature",
                           "AZFWDnsQuery", "AZFWFqdnResolveFailure", "AZFWFlowTrace", "AZFWFatFlow", "ContainerInstanceLog", "ContainerEvent"})
    EXPECT_TRUE(specs->find(name)) << name;
  EXPECT_EQ(specs->standard_columns().size(), 8u);
  for (const TableSpec& table : specs->all()) EXPECT_TRUE(table.schema.find("_ResourceId")) << table.schema.name;
}

// The published names and types, one "table","column","type","description" a line.
TEST(TableSpecs, names_and_types_are_those_of_log_analytics) {
  const char* folder = std::getenv("BULWARK_TEST_DATA");
  std::ifstream file(std::string(folder ? folder : "") + "/kql/la_table_schemas.csv");
  if (!folder || !file) GTEST_SKIP() << "BULWARK_TEST_DATA names no folder with kql/la_table_schemas.csv";
  const auto specs = TableSpecs::load();
  ASSERT_TRUE(specs);
  int compared = 0;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; cells.size() < 3 && std::getline(stream, cell, ',');) cells.push_back(cell.substr(1, cell.size() - 2));
    const TableSpec* table = cells.size() == 3 ? specs->find(cells[0]) : nullptr;
    // Columns of the first are what services send; the other is OpenTelemetry's own form.
    if (!table || cells[0] == "AzureDiagnostics" || cells[0] == "OTelLogs") continue;
    if (cells[0] == "InsightsMetrics" && cells[1] == "Value") continue;  // listed for Name, which it has
    const model::ColumnSchema* column = table->schema.find(cells[1]);
    ASSERT_TRUE(column) << cells[0] << "." << cells[1];
    EXPECT_EQ(model::column_type_name(column->type), cells[2]) << cells[0] << "." << cells[1];
    ++compared;
  }
  EXPECT_GT(compared, 700);
}

}  // namespace
}  // namespace workspace
