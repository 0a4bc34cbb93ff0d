// SPDX-License-Identifier: Apache-2.0
// Lock files of other projects with the packages they hold, from BULWARK_TEST_DATA/pkgdb/cases.jsonl.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "lock_testing.hpp"

namespace {

bool is_lock_case(std::string_view kind) {
  constexpr std::array<std::string_view, 4> kKinds{"Cargo.lock", "Gemfile.lock", "composer.lock", "package-lock.json"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

std::vector<std::string> expected_packages(const base::Json& lock_case) {
  std::vector<std::string> lines;
  for (const base::Json& package : base::get_array(lock_case, "packages"))
    lines.push_back(std::string(base::get_string(package, "name")) + " " +
                    std::string(base::get_string(package, "version")) + (base::get_bool(package, "dev") ? " dev" : ""));
  return lines;
}

}  // namespace

TEST(LockCases, give_the_package_lists_expected) {
  const char* root = std::getenv("BULWARK_TEST_DATA");
  if (!root) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  const std::filesystem::path folder = std::filesystem::path(root) / "pkgdb";
  const auto cases = base::read_file(folder / "cases.jsonl");
  ASSERT_TRUE(cases) << cases.error().message;
  int checked = 0;
  for (std::string_view line : base::split_lines(*cases)) {
    const auto lock_case = base::parse_json(line, "cases.jsonl");
    ASSERT_TRUE(lock_case) << lock_case.error().message;
    const std::string_view kind = base::get_string(*lock_case, "kind");
    if (!is_lock_case(kind)) continue;
    for (const base::Json& file : base::get_array(*lock_case, "files")) {
      const auto content = base::read_file(folder / std::string(base::as_string(file)));
      ASSERT_TRUE(content) << content.error().message;
      EXPECT_THAT(locked(kind, *content), testing::UnorderedElementsAreArray(expected_packages(*lock_case)))
          << base::get_string(*lock_case, "id");
      ++checked;
    }
  }
  EXPECT_GE(checked, 7);
}
