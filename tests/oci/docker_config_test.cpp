// SPDX-License-Identifier: Apache-2.0
#include "oci/docker_config.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/base64.hpp"
#include "base/files.hpp"

namespace {

oci::CredentialLookup find_in(const std::string& config, const char* reference) {
  const auto parsed = oci::DockerConfig::parse(config, "config.json");
  if (!parsed) return {{}, parsed.error().message};
  return parsed->find(*oci::Reference::parse(reference));
}

std::string auth(const std::string& plain) { return R"({"auth":")" + base::base64_encode(plain) + R"("})"; }

TEST(DockerConfig, finds_the_entry_of_a_registry) {
  const std::string config =
      R"({"auths":{"r.io":)" + auth("ann:pw:with:colons") + R"(,"localhost:5000":)" + auth("bob:x") + "}}";
  const auto found = find_in(config, "r.io/a/b");
  EXPECT_EQ(found.credentials.username, "ann");
  EXPECT_EQ(found.credentials.password, "pw:with:colons");
  EXPECT_EQ(find_in(config, "localhost:5000/a").credentials.username, "bob");
  EXPECT_TRUE(find_in(config, "localhost:5001/a").credentials.empty());
  EXPECT_TRUE(find_in(config, "x.r.io/a").credentials.empty());
  EXPECT_TRUE(find_in(config, "nginx").credentials.empty());
}

TEST(DockerConfig, matches_keys_in_all_the_forms_docker_wrote) {
  for (const char* key :
       {"https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io", "https://docker.io"})
    EXPECT_EQ(find_in(std::string(R"({"auths":{")") + key + "\":" + auth("u:p") + "}}", "nginx").credentials.username,
              "u")
        << key;
  for (const char* key :
       {"https://r.io/v1/", "http://r.io", "https://r.io/v2/", "r.io/v1", "R.IO", "https://r.io/some/path"})
    EXPECT_EQ(find_in(std::string(R"({"auths":{")") + key + "\":" + auth("u:p") + "}}", "r.io/a").credentials.username,
              "u")
        << key;
}

TEST(DockerConfig, prefers_the_exact_key) {
  const std::string config = R"({"auths":{"https://r.io/some/longer/path/of/old":)" + auth("old:p") + R"(,"r.io":)" +
                             auth("new:p") + R"(,"r.io/team":)" + auth("team:p") + "}}";
  EXPECT_EQ(find_in(config, "r.io/app").credentials.username, "new");
  EXPECT_EQ(find_in(config, "r.io/team/app").credentials.username, "team");
  EXPECT_EQ(find_in(config, "r.io/teammate").credentials.username, "new");
}

TEST(DockerConfig, reads_tokens_and_plain_members) {
  const auto token = find_in(
      R"({"auths":{"r.io":{"auth":"MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==","identitytoken":"refresh"}}})",
      "r.io/a");
  EXPECT_EQ(token.credentials.username, "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(token.credentials.identity_token, "refresh");
  EXPECT_EQ(find_in(R"({"auths":{"r.io":{"username":"u","password":"p"}}})", "r.io/a").credentials.password, "p");
  EXPECT_EQ(find_in(R"({"auths":{"r.io":{"registrytoken":"t"}}})", "r.io/a").credentials.registry_token, "t");
  EXPECT_TRUE(find_in(R"({"auths":{"r.io":{}}})", "r.io/a").credentials.empty());
}

TEST(DockerConfig, drops_the_zero_bytes_old_dockers_wrote) {
  EXPECT_EQ(find_in(R"({"auths":{"r.io":)" + auth(std::string("u:p\0\0", 5)) + "}}", "r.io/a").credentials.password,
            "p");
}

TEST(DockerConfig, reports_damage_without_the_secret) {
  const auto found = find_in(R"({"auths":{"r.io":{"auth":"aHVzaA=="}}})", "r.io/a");
  EXPECT_TRUE(found.credentials.empty());
  EXPECT_NE(found.problem.find("r.io"), std::string::npos);
  EXPECT_EQ(found.problem.find("aHVzaA"), std::string::npos);
  EXPECT_FALSE(oci::DockerConfig::parse("{", "config.json"));
  for (const char* odd : {"[]", "null", R"({"auths":[]})", R"({"auths":{"r.io":1}})", R"({"credHelpers":{"r.io":7}})",
                          R"({"credsStore":{}})"})
    EXPECT_TRUE(find_in(odd, "r.io/a").credentials.empty()) << odd;
}

TEST(DockerConfig, is_empty_where_there_is_no_file) {
  const auto folder = base::TempDir::create();
  ASSERT_TRUE(folder);
  const auto config = oci::DockerConfig::load(folder->path());
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->find(*oci::Reference::parse("r.io/a")).credentials.empty());
}

// Puts a folder with a docker-credential-fake in front of PATH.
class CredentialHelper : public testing::Test {
 protected:
  void install(const std::string& script) {
    folder_.emplace(*base::TempDir::create());
    const auto program = folder_->path() / "docker-credential-fake";
    ASSERT_TRUE(base::write_file_atomically(program, "#!/bin/sh\n" + script));
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    path_ = std::getenv("PATH");
    ::setenv("PATH", (folder_->path().string() + ":" + path_).c_str(), 1);
  }
  void TearDown() override {
    if (!path_.empty()) ::setenv("PATH", path_.c_str(), 1);
  }

  std::optional<base::TempDir> folder_;
  std::string path_;
};

constexpr const char* kEcho =
    R"(read server; [ "$1" = get ] && printf '{"ServerURL":"%s","Username":"user of %s","Secret":"pw"}' "$server" "$server")";

TEST_F(CredentialHelper, is_asked_for_its_registry) {
  install(kEcho);
  const std::string config = R"({"credHelpers":{"r.io":"fake"},"auths":{"r.io":)" + auth("file:p") + R"(,"other.io":)" +
                             auth("other:p") + "}}";
  const auto found = find_in(config, "r.io/a");
  EXPECT_EQ(found.credentials.username, "user of r.io") << found.problem;
  EXPECT_EQ(found.credentials.password, "pw");
  EXPECT_EQ(find_in(config, "other.io/a").credentials.username, "other");
}

TEST_F(CredentialHelper, is_asked_for_all_as_store_and_knows_docker_hub_by_its_old_name) {
  install(kEcho);
  EXPECT_EQ(
      find_in(R"({"credsStore":"fake","auths":{"https://index.docker.io/v1/":{}}})", "nginx").credentials.username,
      "user of https://index.docker.io/v1/");
}

TEST_F(CredentialHelper, may_give_an_identity_token) {
  install(R"(printf '{"Username":"<token>","Secret":"refresh"}')");
  const auto found = find_in(R"({"credsStore":"fake"})", "r.io/a");
  EXPECT_EQ(found.credentials.identity_token, "refresh");
  EXPECT_TRUE(found.credentials.username.empty());
}

TEST_F(CredentialHelper, that_knows_nothing_leaves_it_to_the_file) {
  install("echo credentials not found in native keychain; exit 1");
  const auto found = find_in(R"({"credsStore":"fake","auths":{"r.io":)" + auth("file:p") + "}}", "r.io/a");
  EXPECT_EQ(found.credentials.username, "file");
  EXPECT_TRUE(find_in(R"({"credsStore":"fake"})", "r.io/a").problem.empty());
}

TEST_F(CredentialHelper, that_fails_is_named) {
  install("echo keychain is locked; exit 1");
  const auto found = find_in(R"({"credsStore":"fake"})", "r.io/a");
  EXPECT_TRUE(found.credentials.empty());
  EXPECT_NE(found.problem.find("docker-credential-fake failed with exit code 1: keychain is locked"), std::string::npos)
      << found.problem;
}

TEST_F(CredentialHelper, that_speaks_no_json_is_named_and_its_words_are_not) {
  install("echo hush hush");
  const auto found = find_in(R"({"credsStore":"fake"})", "r.io/a");
  EXPECT_NE(found.problem.find("docker-credential-fake"), std::string::npos);
  EXPECT_EQ(found.problem.find("hush"), std::string::npos);
}

TEST(CredentialHelperName, that_is_missing_or_a_path_is_refused) {
  EXPECT_NE(find_in(R"({"credsStore":"nowhere-to-be-found"})", "r.io/a")
                .problem.find("docker-credential-nowhere-to-be-found"),
            std::string::npos);
  EXPECT_NE(find_in(R"({"credsStore":"../../bin/sh"})", "r.io/a").problem.find("no name of a credential helper"),
            std::string::npos);
}

}  // namespace
