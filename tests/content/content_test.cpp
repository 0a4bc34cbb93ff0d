// SPDX-License-Identifier: Apache-2.0
#include "content/content.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using testing::IsEmpty;
using testing::Not;

namespace {

const std::filesystem::path kFolder = std::filesystem::path(BULWARK_SOURCE_DIR) / "content";

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST(Content, every_file_of_the_folder_is_served_as_it_is_but_for_the_demo) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = entry.path().lexically_relative(kFolder).generic_string();
    const auto served = content::file(path);
    if (path.starts_with("demo/")) {
      EXPECT_FALSE(served.has_value()) << path;
      continue;
    }
    ++count;
    ASSERT_TRUE(served.has_value()) << path;
    EXPECT_EQ(*served, bytes_of(entry.path())) << path;
  }
  const auto all = content::list("");
  EXPECT_EQ(static_cast<std::size_t>(std::count_if(all.begin(), all.end(),
                                                   [](std::string_view path) { return !path.starts_with("web/"); })),
            count);
  EXPECT_THAT(all, Not(IsEmpty()));
}

TEST(Content, a_list_is_sorted_and_keeps_to_its_prefix) {
  const auto all = content::list("");
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  for (std::string_view path : content::list("R")) EXPECT_TRUE(path.starts_with("R"));
  EXPECT_THAT(content::list("README.md"), testing::ElementsAre("README.md"));
  EXPECT_THAT(content::list("zzz/"), IsEmpty());
}

TEST(Content, what_is_not_there_is_nothing) {
  EXPECT_FALSE(content::file("no/such/file").has_value());
  EXPECT_FALSE(content::file("").has_value());
  EXPECT_FALSE(content::file("../CMakeLists.txt").has_value());
}
