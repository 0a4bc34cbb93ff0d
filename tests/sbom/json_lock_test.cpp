// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lock_testing.hpp"

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ComposerLock, keeps_versions_as_written_and_marks_development) {
  EXPECT_THAT(locked("composer.lock", R"({"packages": [{"name": "psr/log", "version": "v1.1.4"},
      {"name": "a/branch", "version": "dev-main"}, {"name": "both/lists", "version": "1.0"}],
    "packages-dev": [{"name": "phpunit/phpunit", "version": "9.5.0"}, {"name": "both/lists", "version": "1.0"}]})"),
              ElementsAre("a/branch dev-main", "both/lists 1.0", "phpunit/phpunit 9.5.0 dev", "psr/log v1.1.4"));
  EXPECT_THAT(locked("composer.lock", R"({"packages": {"name": "x"}, "packages-dev": [1, null]})"), IsEmpty());
}

TEST(PipfileLock, strips_the_pin_and_leaves_what_has_none_out) {
  constexpr std::string_view kLock = R"({"_meta": {"hash": {"sha256": "ab"}, "pipfile-spec": 6},
    "default": {"requests": {"version": "==2.31.0", "hashes": []}, "here": {"editable": true, "path": "."}},
    "develop": {"pytest": {"version": "===8.0.0"}, "requests": {"version": "==2.31.0"}},
    "docs": {"sphinx": {"version": "==7.0"}}})";
  EXPECT_THAT(locked("Pipfile.lock", kLock), ElementsAre("pytest 8.0.0 dev", "requests 2.31.0", "sphinx 7.0"));
  EXPECT_THAT(lock_warnings("Pipfile.lock", kLock), ElementsAre(HasSubstr("1 entry without an exact version")));
}

TEST(NugetLock, merges_frameworks_and_skips_projects) {
  EXPECT_THAT(locked("src/packages.lock.json", R"json({"version": 2, "dependencies": {
    "net6.0": {"Newtonsoft.Json": {"type": "Direct", "requested": "[13.0.1, )", "resolved": "13.0.1"},
               "my.lib": {"type": "Project", "dependencies": {"X": "1.0.0"}}},
    "net8.0": {"Newtonsoft.Json": {"type": "Transitive", "resolved": "13.0.1"},
               "System.Text.Json": {"type": "CentralTransitive", "resolved": "8.0.0"}},
    "net8.0/linux-x64": {"runtime.any": {"type": "Transitive", "resolved": "4.3.0"}}}})json"),
              ElementsAre("Newtonsoft.Json 13.0.1", "System.Text.Json 8.0.0", "runtime.any 4.3.0"));
  EXPECT_TRUE(wants_lock("src/packages.App.lock.json"));
}
