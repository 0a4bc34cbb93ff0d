// SPDX-License-Identifier: Apache-2.0
#include "client/images.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "support/fake_hub.hpp"

namespace {

using test_support::FakeHub;

class Images : public testing::Test {
 protected:
  void SetUp() override {
    hub_.on("GET /api/v1/registries", R"({"value": [
      {"id": "/subscriptions/1/r/prod", "name": "prod", "url": "https://registry.example.com"},
      {"id": "/subscriptions/1/r/local", "name": "local", "url": "127.0.0.1:5000"}], "total": 2, "next": null})");
    auto connection = client::Connection::open({hub_.url(), {}, {}, {}, "test"});
    ASSERT_TRUE(connection);
    connection_.emplace(std::move(*connection));
  }
  FakeHub hub_;
  std::optional<client::Connection> connection_;
};

TEST_F(Images, are_found_by_tag_and_by_digest) {
  hub_.on("GET /api/v1/registries/prod/images", R"({"value": [
    {"id": "1", "registry": "prod", "repository": "team/app", "digest": "sha256:aa", "tags": ["1.4.1"]},
    {"id": "2", "registry": "prod", "repository": "team/app", "digest": "sha256:bb", "tags": ["latest", "1.4"]}], "next": null})");
  hub_.on("GET /api/v1/registries/prod/images/sha256:bb", R"({"id": "2", "registry": "prod"})");
  const auto by_tag = client::find_image(*connection_, {"registry.example.com", "team/app", "1.4", ""});
  ASSERT_TRUE(by_tag) << by_tag.error().message;
  EXPECT_EQ(base::get_string(*by_tag, "id"), "2");
  EXPECT_EQ(hub_.last("GET /api/v1/registries/prod/images").parameter("repository"), "team/app");
  const auto by_digest = client::find_image(*connection_, {"registry.example.com", "team/app", "", "sha256:bb"});
  ASSERT_TRUE(by_digest) << by_digest.error().message;
  EXPECT_EQ(hub_.last("GET /api/v1/registries/prod/images/sha256:bb").parameter("repository"), "team/app");
  const auto none = client::find_image(*connection_, {"registry.example.com", "team/app", "9", ""});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, base::Kind::not_found);
}

TEST_F(Images, registries_are_found_by_name_and_host_and_unknown_ones_name_those_there_are) {
  EXPECT_EQ(client::find_registry(*connection_, "PROD")->host, "registry.example.com");
  EXPECT_EQ(client::find_registry(*connection_, "127.0.0.1:5000")->name, "local");
  const auto none = client::find_registry(*connection_, "other.example.com");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("prod (registry.example.com)"), std::string::npos);
  const auto row = base::parse_json(R"({"registry": "local", "repository": "app", "digest": "sha256:cc"})", "row");
  EXPECT_EQ(client::image_name_of(*row, *client::registries(*connection_)), "127.0.0.1:5000/app@sha256:cc");
}

}  // namespace
