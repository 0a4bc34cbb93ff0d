// SPDX-License-Identifier: Apache-2.0
#include "client/contexts.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/files.hpp"
#include "support/fake_hub.hpp"

namespace {

client::Context context_of(const std::string& name, const std::string& url) {
  client::Context context;
  context.name = name;
  context.url = url;
  context.user = "ada";
  context.token = "bwk_secret";
  context.token_id = "7";
  context.ca_file = "/etc/ca.pem";
  context.fingerprint = std::string(64, 'a');
  return context;
}

class ContextsFile : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = base::TempDir::create();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
    file_ = folder_->path() / "deep" / "contexts.json";
  }
  std::optional<base::TempDir> folder_;
  std::filesystem::path file_;
};

TEST_F(ContextsFile, comes_back_as_it_was_saved) {
  client::Contexts contexts;
  contexts.put(context_of("b", "https://b.example"));
  contexts.put(context_of("a", "https://a.example"));
  contexts.current = "b";
  ASSERT_TRUE(client::save_contexts(contexts, file_));
  const auto loaded = client::load_contexts(file_);
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->list.size(), 2u);
  EXPECT_EQ(loaded->current, "b");
  const auto* a = loaded->find("a");
  ASSERT_TRUE(a);
  EXPECT_EQ(a->url, "https://a.example");
  EXPECT_EQ(a->token, "bwk_secret");
  EXPECT_EQ(a->token_id, "7");
  EXPECT_EQ(a->ca_file, "/etc/ca.pem");
  EXPECT_EQ(a->fingerprint, std::string(64, 'a'));
}

TEST_F(ContextsFile, can_be_read_by_its_owner_alone_even_where_it_was_there_before) {
  const auto before = ::umask(0);
  client::Contexts contexts;
  contexts.put(context_of("a", "https://a.example"));
  ASSERT_TRUE(client::save_contexts(contexts, file_));
  ::chmod(file_.c_str(), 0644);
  ASSERT_TRUE(client::save_contexts(contexts, file_));
  ::umask(before);
  struct stat status{};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(ContextsFile, that_others_may_read_is_refused_with_the_mend) {
  ASSERT_TRUE(base::write_file_atomically(file_, R"({"schemaVersion": 1})"));
  const auto loaded = client::load_contexts(file_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, base::Kind::denied);
  EXPECT_NE(loaded.error().message.find("chmod 600 " + file_.string()), std::string::npos);
}

TEST_F(ContextsFile, that_is_missing_is_no_contexts_and_one_that_is_damaged_is_named) {
  const auto none = client::load_contexts(file_);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->list.empty());
  for (const std::string damaged : {"{", "[]", "{}", R"({"schemaVersion": 2})"}) {
    ASSERT_TRUE(base::write_file_atomically(file_, damaged, 0600));
    const auto loaded = client::load_contexts(file_);
    ASSERT_FALSE(loaded) << damaged;
    EXPECT_NE(loaded.error().message.find(file_.string()), std::string::npos);
  }
}

TEST_F(ContextsFile, is_where_the_environment_says) {
  const test_support::Variable config("BULWARK_CONFIG", "");
  const test_support::Variable home("HOME", "/nobody");
  {
    const test_support::Variable xdg("XDG_CONFIG_HOME", "");
    EXPECT_EQ(client::contexts_file(), "/nobody/.config/bulwark/contexts.json");
  }
  const test_support::Variable xdg("XDG_CONFIG_HOME", "/settings");
  EXPECT_EQ(client::contexts_file(), "/settings/bulwark/contexts.json");
  const test_support::Variable own("BULWARK_CONFIG", "/own.json");
  EXPECT_EQ(client::contexts_file(), "/own.json");
}

TEST(Contexts, of_one_url_the_current_one_is_found_first) {
  client::Contexts contexts;
  contexts.put(context_of("a", "https://hub.example"));
  contexts.put(context_of("b", "https://hub.example"));
  contexts.current = "b";
  ASSERT_TRUE(contexts.find_by_url("https://hub.example"));
  EXPECT_EQ(contexts.find_by_url("https://hub.example")->name, "b");
  EXPECT_TRUE(contexts.remove("b"));
  EXPECT_FALSE(contexts.remove("b"));
  EXPECT_EQ(contexts.find_by_url("https://hub.example")->name, "a");
  EXPECT_FALSE(contexts.find_by_url("https://other.example"));
}

TEST(Contexts, names_have_no_characters_that_could_surprise) {
  for (const auto* good : {"a", "hub.example.com:8443", "[::1]:8443", "my-hub_2"}) EXPECT_TRUE(client::is_context_name(good)) << good;
  for (const auto* bad : {"", "a b", "a/b", "a\nb", "ä"}) EXPECT_FALSE(client::is_context_name(bad)) << bad;
  EXPECT_FALSE(client::is_context_name(std::string(65, 'a')));
}

}  // namespace
