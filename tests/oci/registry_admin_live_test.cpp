// SPDX-License-Identifier: Apache-2.0
// RegistryAdmin against Debian's docker-registry, which has no referrers API.
#include <gtest/gtest.h>

#include "oci/live_registry.hpp"
#include "oci/registry_admin.hpp"
#include "oci/registry_source.hpp"

namespace {

using oci_test::LiveRegistry;

constexpr const char* kImageManifest = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* kImageIndex = "application/vnd.oci.image.index.v1+json";

class LiveRegistryAdmin : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"docker-registry", "openssl"})
      if (!oci_test::has_program(program)) GTEST_SKIP() << program << " is not installed";
  }

  void start(LiveRegistry::Options options) {
    registry_ = std::make_unique<LiveRegistry>(options);
    ASSERT_TRUE(registry_->ready()) << "docker-registry did not start";
    net::TransportOptions transport;
    if (options.tls) transport.ca_pem = base::read_file(registry_->ca_file()).value();
    transport_ = net::curl_transport(transport);
  }

  oci::RegistryAdmin& admin(const char* username = "", const char* password = "") {
    oci::SourceOptions options;
    options.transport = transport_.get();
    options.username = username;
    options.password = password;
    options.docker_config = "/nonexistent";
    const auto reference = oci::Reference::parse(registry_->host() + "/a:1").value();
    admin_ = oci::RegistryAdmin::open(registry_->host(), oci::registry_options(options, reference)).value();
    return *admin_;
  }

  std::string push(const std::string& repository, const std::string& tag, const std::string& annotation = {}) {
    const std::string config = registry_->push_blob(repository, "{}");
    return registry_->push_manifest(
        repository, tag,
        fmt::format(R"({{"schemaVersion":2,"mediaType":"{}","config":{{"mediaType":"application/vnd.oci.image.config.v1+)"
                    R"(json","digest":"{}","size":2}},"layers":[],"annotations":{{"k":"{}"}}}})",
                    kImageManifest, config, annotation),
        kImageManifest);
  }

  std::unique_ptr<LiveRegistry> registry_;
  std::unique_ptr<net::HttpTransport> transport_;
  std::unique_ptr<oci::RegistryAdmin> admin_;
};

TEST_F(LiveRegistryAdmin, lists_heads_and_deletes) {
  LiveRegistry::Options options;
  options.deletes = true;
  start(options);
  const auto digest = oci::Digest::parse(push("team/app", "1"));
  ASSERT_TRUE(digest);
  push("team/app", "2", "other");
  push("solo", "latest");
  const auto repositories = admin().list_repositories();
  ASSERT_TRUE(repositories) << repositories.error().message;
  EXPECT_EQ(repositories->names, (std::vector<std::string>{"solo", "team/app"}));
  const auto tags = admin().list_tags("team/app");
  ASSERT_TRUE(tags) << tags.error().message;
  EXPECT_EQ(tags->names.size(), 2u);
  const auto head = admin().head_manifest("team/app", "1");
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(head->digest, *digest);
  EXPECT_EQ(head->media_type, kImageManifest);
  EXPECT_GT(head->size, 100u);
  EXPECT_EQ(admin().delete_tag("team/app", "1").error().kind, base::Kind::unsupported);
  const auto deleted = admin().delete_manifest("team/app", *digest);
  ASSERT_TRUE(deleted) << deleted.error().message;
  EXPECT_EQ(admin().head_manifest("team/app", "1").error().kind, base::Kind::not_found);
  EXPECT_EQ(admin().delete_manifest("team/app", *digest).error().kind, base::Kind::not_found);
  EXPECT_EQ(admin().list_tags("none/such").error().kind, base::Kind::not_found);
}

TEST_F(LiveRegistryAdmin, pages_through_the_catalog) {
  start({});
  for (const char* name : {"a", "b/c", "d"}) ASSERT_FALSE(push(name, "1").empty());
  const auto list = admin().list_repositories(1);
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->names, (std::vector<std::string>{"a", "b/c", "d"}));
}

TEST_F(LiveRegistryAdmin, names_the_mend_where_deleting_is_off) {
  start({});
  const auto digest = oci::Digest::parse(push("app", "1"));
  ASSERT_TRUE(digest);
  const auto off = admin().delete_manifest("app", *digest);
  ASSERT_FALSE(off);
  EXPECT_EQ(off.error().kind, base::Kind::unsupported);
  EXPECT_NE(off.error().message.find("enable delete"), std::string::npos) << off.error().message;
}

TEST_F(LiveRegistryAdmin, reads_referrers_by_their_tag) {
  start({});
  const auto digest = oci::Digest::parse(push("app", "1"));
  ASSERT_TRUE(digest);
  const auto none = admin().list_referrers("app", *digest);
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_TRUE(none->empty());
  const std::string artifact = push("app", "2", "artifact");
  const std::string index = fmt::format(
      R"({{"schemaVersion":2,"mediaType":"{}","manifests":[{{"mediaType":"{}","digest":"{}","size":9,"artifactType":"a/b"}}]}})",
      kImageIndex, kImageManifest, artifact);
  ASSERT_FALSE(registry_->push_manifest("app", "sha256-" + std::string(digest->hex()), index, kImageIndex).empty());
  const auto referrers = admin().list_referrers("app", *digest, "a/b");
  ASSERT_TRUE(referrers) << referrers.error().message;
  ASSERT_EQ(referrers->size(), 1u);
  EXPECT_EQ(referrers->front().digest.text(), artifact);
}

TEST_F(LiveRegistryAdmin, checks_connections_with_right_and_wrong_passwords) {
  LiveRegistry::Options options;
  options.tls = options.login = true;
  start(options);
  const auto good = admin(LiveRegistry::kUser, LiveRegistry::kPassword).check_connection();
  EXPECT_TRUE(good.catalog_listed) << good.message;
  const auto wrong = admin(LiveRegistry::kUser, "wrong").check_connection();
  EXPECT_TRUE(wrong.is_registry) << wrong.message;
  EXPECT_FALSE(wrong.credentials_accepted);
  transport_ = net::curl_transport({});
  const auto untrusted = admin(LiveRegistry::kUser, LiveRegistry::kPassword).check_connection();
  EXPECT_FALSE(untrusted.answers);
  EXPECT_NE(untrusted.message.find("is not trusted"), std::string::npos) << untrusted.message;
}

}  // namespace
