// SPDX-License-Identifier: Apache-2.0
#include "store/vault.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "store_testing.hpp"

namespace {

using store::Session;
using store::Vault;
using testing::HasSubstr;
using Secret = std::optional<std::string>;

class VaultTest : public store_testing::StoreTest {
 protected:
  std::filesystem::path key_file() const { return folder_.path() / "key"; }
  Vault open(const std::filesystem::path& file) {
    auto vault = Vault::open(file);
    if (!vault) throw std::runtime_error(vault.error().message);
    return std::move(*vault);
  }
  void put(const Vault& vault, const std::string& owner, const std::string& name, const std::string& secret) {
    const auto done = database_->write([&](Session& session) { return vault.put(session, owner, name, secret); });
    ASSERT_TRUE(done) << done.error().message;
  }
  base::Result<Secret> get(const Vault& vault, const std::string& owner, const std::string& name) {
    Secret out;
    TRY(database_->read([&](Session& session) -> base::Result<void> {
      out = TRY(vault.get(session, owner, name));
      return {};
    }));
    return out;
  }
};

TEST_F(VaultTest, keeps_secrets_over_a_restart_and_out_of_the_file) {
  const std::string secret("hunter2hunter2\0\xff", 16);
  put(open(key_file()), "/registries/a", "password", "first");
  put(open(key_file()), "/registries/a", "password", secret);
  put(open(key_file()), "/registries/a", "empty", "");
  reopen();
  EXPECT_EQ(*get(open(key_file()), "/registries/a", "password"), secret);
  EXPECT_EQ(*get(open(key_file()), "/registries/a", "empty"), "");
  EXPECT_EQ(*get(open(key_file()), "/registries/a", "other"), std::nullopt);
  database_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_THAT(*base::read_file(entry.path()), testing::Not(HasSubstr("hunter2"))) << entry.path();
}

TEST_F(VaultTest, removes_all_secrets_of_an_owner) {
  const Vault vault = open(key_file());
  put(vault, "/a", "x", "1");
  put(vault, "/a", "y", "2");
  put(vault, "/ab", "x", "3");
  ASSERT_TRUE(database_->write([&](Session& session) { return vault.remove(session, "/a"); }));
  EXPECT_EQ(*get(vault, "/a", "x"), std::nullopt);
  EXPECT_EQ(*get(vault, "/a", "y"), std::nullopt);
  EXPECT_EQ(*get(vault, "/ab", "x"), "3");
}

TEST_F(VaultTest, says_what_to_do_where_the_key_is_another) {
  put(open(key_file()), "/a", "x", "secret");
  const auto opened = get(open(folder_.path() / "other-key"), "/a", "x");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, base::Kind::corrupt);
  EXPECT_THAT(opened.error().message, HasSubstr("put the key file back"));
}

TEST_F(VaultTest, does_not_open_a_secret_moved_to_another_row) {
  const Vault vault = open(key_file());
  put(vault, "/a", "bc", "secret");
  ASSERT_TRUE(run("INSERT INTO secrets SELECT '/ab', 'c', sealed FROM secrets"));
  ASSERT_TRUE(run("INSERT INTO secrets SELECT '/a', 'other', sealed FROM secrets WHERE name = 'bc'"));
  EXPECT_EQ(get(vault, "/ab", "c").error().kind, base::Kind::corrupt);
  EXPECT_EQ(get(vault, "/a", "other").error().kind, base::Kind::corrupt);
  EXPECT_EQ(*get(vault, "/a", "bc"), "secret");
}

TEST_F(VaultTest, notices_every_changed_byte) {
  const Vault vault = open(key_file());
  put(vault, "/a", "x", "secret");
  const auto size = count("SELECT length(sealed) FROM secrets");
  ASSERT_GT(size, 6);
  std::string sealed;
  ASSERT_TRUE(database_->read([&](Session& session) -> base::Result<void> {
    sealed = TRY(store::query_text(session, "SELECT sealed FROM secrets")).value_or("");
    return {};
  }));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    ASSERT_TRUE(run("UPDATE secrets SET sealed = ?", {store::Blob{changed}}));
    EXPECT_FALSE(get(vault, "/a", "x")) << i;
  }
}

TEST_F(VaultTest, makes_a_key_for_its_owner_alone_and_refuses_one_that_others_may_read) {
  open(key_file());
  struct stat status {};
  ASSERT_EQ(::stat(key_file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(status.st_size, 32);
  for (const mode_t mode : {0640u, 0604u, 0644u}) {
    ASSERT_EQ(::chmod(key_file().c_str(), mode), 0);
    const auto opened = Vault::open(key_file());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, base::Kind::denied);
    EXPECT_THAT(opened.error().message, HasSubstr("chmod 600"));
  }
  ASSERT_EQ(::chmod(key_file().c_str(), 0400), 0);
  EXPECT_TRUE(Vault::open(key_file()));
}

TEST_F(VaultTest, refuses_a_key_file_that_is_none) {
  for (const std::size_t size : {0u, 31u, 33u, 100u}) {
    const auto file = folder_.path() / ("key" + std::to_string(size));
    ASSERT_TRUE(base::write_file_atomically(file, std::string(size, 'k')));
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    const auto opened = Vault::open(file);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, base::Kind::corrupt) << size;
    EXPECT_EQ(std::filesystem::file_size(file), size) << "it is left as it is";
  }
  EXPECT_FALSE(Vault::open(folder_.path()));
  EXPECT_EQ(Vault::open(folder_.path() / "missing" / "key").error().kind, base::Kind::not_found);
}

TEST_F(VaultTest, agrees_on_one_key_where_several_start_at_once) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] { put(open(key_file()), "/a", std::to_string(i), "secret"); });
  for (auto& thread : threads) thread.join();
  const Vault vault = open(key_file());
  for (int i = 0; i < 8; ++i) EXPECT_EQ(*get(vault, "/a", std::to_string(i)), "secret") << i;
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    if (entry.path().filename().string().rfind("key.", 0) == 0) left.push_back(entry.path());
  EXPECT_TRUE(left.empty());
}

}  // namespace
