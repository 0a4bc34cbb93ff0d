// SPDX-License-Identifier: Apache-2.0
// What the workspace is told of a registry's events.
#include "events/delivery.hpp"
#include "providers/registry_testing.hpp"
#include "store/records.hpp"

namespace {

using providers_testing::digest;

class RegistryRecords : public providers_testing::RegistryTest {
 protected:
  void deliver(const std::string& body, const std::string& type = "application/json") {
    const auto delivery = events::parse_delivery(body, type, {});
    ASSERT_TRUE(delivery) << delivery.error().message;
    const auto taken = providers::take_events(*services_, registry_, delivery->events, ++now_);
    ASSERT_TRUE(taken) << taken.error().message;
  }

  // One event of Docker Distribution.
  void distribute(const std::string& id, const std::string& action, const std::string& target) {
    deliver(R"({"events":[{"id":")" + id + R"(","timestamp":"2026-11-28T10:11:12.5Z","action":")" + action + R"(","target":{"repository":"app",)" + target +
                R"(},"request":{"addr":"192.0.2.7:4711","host":"registry.example.com","method":"PUT","useragent":"docker/27.1"},"actor":{"name":"anna"}}]})",
            "application/vnd.docker.distribution.events.v2+json");
  }

  std::vector<base::Json> rows() {
    std::vector<base::Json> out;
    write([&](store::Session& session) -> base::Result<void> {
      for (const auto& record : TRY(store::queued_records(session, 100)))
        if (record.table.substr(0, 17) == "ContainerRegistry") {
          tables_.push_back(record.table);
          out.push_back(TRY(base::parse_json(record.row, "row")));
        }
      return {};
    });
    return out;
  }
  static std::string text(const base::Json& row, std::string_view name) { return std::string(base::get_string(row, name)); }

  std::vector<std::string> tables_;
};

TEST_F(RegistryRecords, say_who_did_what_from_where) {
  distribute("1", "push", R"("mediaType":"application/vnd.oci.image.manifest.v1+json","size":528,"tag":"1.0","digest":")" + digest('a') + "\"");
  const auto found = rows();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(tables_, std::vector<std::string>{"ContainerRegistryRepositoryEvents"});
  const auto& row = found.front();
  EXPECT_EQ(text(row, "OperationName"), "Push");
  EXPECT_EQ(text(row, "Identity"), "anna");
  EXPECT_EQ(text(row, "CallerIpAddress"), "192.0.2.7");
  EXPECT_EQ(text(row, "UserAgent"), "docker/27.1");
  EXPECT_EQ(text(row, "Repository"), "app");
  EXPECT_EQ(text(row, "Tag"), "1.0");
  EXPECT_EQ(text(row, "Digest"), digest('a'));
  EXPECT_EQ(text(row, "MediaType"), "application/vnd.oci.image.manifest.v1+json");
  EXPECT_EQ(base::get_int(row, "Size"), 528);
  EXPECT_EQ(text(row, "CorrelationId"), "1");
  EXPECT_EQ(text(row, "TimeGenerated"), "2026-11-28T10:11:12.5Z");
}

TEST_F(RegistryRecords, are_there_for_pulls_deletions_and_untaggings) {
  distribute("1", "pull", R"("mediaType":"application/vnd.oci.image.manifest.v1+json","digest":")" + digest('a') + "\"");
  distribute("2", "delete", R"("digest":")" + digest('a') + "\"");
  distribute("3", "delete", R"("tag":"1.0")");
  std::vector<std::string> operations;
  for (const auto& row : rows()) {
    operations.push_back(text(row, "OperationName"));
    EXPECT_EQ(text(row, "Identity"), "anna");
    EXPECT_EQ(text(row, "CallerIpAddress"), "192.0.2.7");
  }
  EXPECT_EQ(operations, (std::vector<std::string>{"Pull", "Delete", "Untag"}));
}

TEST_F(RegistryRecords, are_written_once_for_a_delivery_that_comes_again) {
  for (int i = 0; i < 2; ++i) distribute("1", "pull", R"("mediaType":"application/vnd.oci.image.manifest.v1+json","digest":")" + digest('a') + "\"");
  EXPECT_EQ(rows().size(), 1u);
}

TEST_F(RegistryRecords, have_the_time_of_the_delivery_where_the_sender_gives_none) {
  deliver(R"({"id":"9","action":"push","target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","digest":")" + digest('b') +
          R"(","repository":"app","tag":"2"},"request":{"id":"8","host":"demo.azurecr.io","method":"PUT","useragent":"docker"}})");
  const auto found = rows();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(text(found.front(), "TimeGenerated"), store::record_time(now_));
  EXPECT_EQ(text(found.front(), "Identity"), "");
}

TEST_F(RegistryRecords, say_nothing_of_a_ping) {
  deliver(R"({"id":"7","timestamp":"2026-11-28T10:11:12Z","action":"ping"})");
  EXPECT_TRUE(rows().empty());
}

}  // namespace
