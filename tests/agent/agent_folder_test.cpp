// SPDX-License-Identifier: Apache-2.0
#include "agent/agent_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "base/files.hpp"

using agent::AgentFolder;

namespace {

const base::TempDir& folder_of_test() {
  static const base::TempDir folder = std::move(*base::TempDir::create("agent"));
  return folder;
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status{};
  ::stat(path.c_str(), &status);
  return status.st_mode & 0777;
}

}  // namespace

TEST(AgentFolder, keeps_who_the_agent_is_for_its_eyes_only) {
  const auto path = folder_of_test().path() / "a";
  {
    const auto folder = AgentFolder::open(path);
    ASSERT_TRUE(folder) << folder.error().message;
    EXPECT_EQ(mode_of(path), 0700u);
    const auto none = folder->identity();
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    ASSERT_TRUE(folder->keep({"https://hub:8443", std::string(64, 'a'), "/ca.pem", "/m", "secret", "t1"}));
    EXPECT_EQ(mode_of(path / "agent.json"), 0600u);
  }
  const auto folder = AgentFolder::open(path);
  ASSERT_TRUE(folder) << folder.error().message;
  const auto identity = folder->identity();
  ASSERT_TRUE(identity && *identity);
  EXPECT_EQ((*identity)->hub, "https://hub:8443");
  EXPECT_EQ((*identity)->credential, "secret");
  EXPECT_EQ((*identity)->ca_file, "/ca.pem");
}

TEST(AgentFolder, belongs_to_one_agent_at_a_time) {
  const auto path = folder_of_test().path() / "b";
  const auto first = AgentFolder::open(path);
  ASSERT_TRUE(first);
  EXPECT_EQ(AgentFolder::open(path).error().kind, base::Kind::conflict);
}

TEST(AgentFolder, that_is_open_to_others_is_refused) {
  const auto path = folder_of_test().path() / "c";
  std::filesystem::create_directory(path);
  ::chmod(path.c_str(), 0755);
  const auto folder = AgentFolder::open(path);
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message, testing::HasSubstr("chmod 0700"));
}

TEST(AgentFolder, with_a_broken_identity_says_what_to_do) {
  const auto path = folder_of_test().path() / "d";
  const auto folder = AgentFolder::open(path);
  ASSERT_TRUE(folder);
  for (const char* text : {"", "{", "{}", R"({"format":1,"hub":"x"})"}) {
    std::ofstream(path / "agent.json", std::ios::trunc) << text;
    const auto identity = folder->identity();
    ASSERT_FALSE(identity);
    EXPECT_EQ(identity.error().kind, base::Kind::corrupt);
    EXPECT_THAT(identity.error().message, testing::HasSubstr("enrol with a new token"));
  }
}
