// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/record_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "hub/logs_fakes.hpp"

namespace {

using hub_testing::FakeRecords;
using testing::ElementsAre;

constexpr std::string_view kDefault = "11111111-1111-1111-1111-111111111111", kOther = "22222222-2222-2222-2222-222222222222";

// The tables that rows of Usage in a workspace tell of, with their batches.
std::vector<std::string> told(const FakeRecords& records, std::string_view workspace) {
  std::vector<std::string> out;
  for (const auto& batch : records.batches) {
    if (batch.head.table != "Usage" || batch.head.workspace != workspace) continue;
    for (const std::string& text : batch.rows) {
      const base::Json row = *base::parse_json(text, "row");
      out.push_back(std::string(base::get_string(row, "DataType")) + " " + std::to_string(base::get_int(row, "TotalBatches").value_or(0)));
    }
  }
  return out;
}

TEST(RecordFeed, tells_each_workspace_what_it_took_in_when_the_hub_stops) {
  const auto folder = base::TempDir::create("record-feed");
  auto database = store::open_sqlite({folder->path() / "state.db"});
  ASSERT_TRUE(database) << database.error().message;
  const auto recommendations = security::Recommendations::load();
  FakeRecords records;
  hub::RecordFeedOptions options;
  options.workspace = kDefault;
  options.usage = [] {
    const std::string first(kDefault), second(kOther);
    return std::vector<hub::TakenIn>{{first, "Heartbeat", 3, 300, 2}, {second, "Numbers_CL", 5, 500, 4}, {second, "Syslog", 0, 0, 0}, {second, "Usage", 1, 100, 1}};
  };
  hub::RecordFeed feed(**database, *recommendations, records, options);
  feed.start();
  feed.stop();
  EXPECT_THAT(told(records, kDefault), ElementsAre("Heartbeat 2"));
  EXPECT_THAT(told(records, kOther), ElementsAre("Numbers_CL 4"));
}

}  // namespace
