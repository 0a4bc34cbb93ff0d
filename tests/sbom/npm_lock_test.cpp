// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lock_testing.hpp"

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(NpmLock, v1_lists_nested_dependencies_and_development_flags) {
  EXPECT_THAT(locked("package-lock.json", R"({
    "name": "app", "version": "1.0.0", "lockfileVersion": 1, "requires": true,
    "dependencies": {
      "debug": {"version": "2.6.9", "requires": {"ms": "2.0.0"},
                "dependencies": {"ms": {"version": "2.0.0"}}},
      "mocha": {"version": "5.0.0", "dev": true,
                "dependencies": {"debug": {"version": "3.1.0", "dev": true}}}
    }})"),
              ElementsAre("debug 2.6.9", "ms 2.0.0", "mocha 5.0.0 dev", "debug 3.1.0 dev"));
}

TEST(NpmLock, v1_names_the_package_behind_an_alias_and_counts_addresses) {
  constexpr std::string_view kLock = R"({"lockfileVersion": 1, "dependencies": {
    "pad": {"version": "npm:left-pad@1.3.0"},
    "scoped": {"version": "npm:@babel/parser@7.0.0"},
    "fork": {"version": "git+ssh://git@github.com/a/fork.git#0123"},
    "local": {"version": "file:../local"}}})";
  EXPECT_THAT(locked("package-lock.json", kLock), ElementsAre("left-pad 1.3.0", "@babel/parser 7.0.0"));
  EXPECT_THAT(lock_warnings("package-lock.json", kLock), ElementsAre(HasSubstr("package-lock.json: 2 entries")));
}

TEST(NpmLock, v2_is_read_from_its_folders_alone) {
  EXPECT_THAT(locked("npm-shrinkwrap.json", R"({"lockfileVersion": 2,
    "packages": {"": {"name": "app", "version": "1.0.0"}, "node_modules/ms": {"version": "2.0.0"}},
    "dependencies": {"ms": {"version": "2.0.0"}}})"),
              ElementsAre("ms 2.0.0"));
}

TEST(NpmLock, v3_keeps_each_place_in_the_tree) {
  EXPECT_THAT(locked("web/package-lock.json", R"({"lockfileVersion": 3, "packages": {
    "": {"name": "app", "version": "1.0.0"},
    "node_modules/@scope/a": {"version": "1.0.0"},
    "node_modules/@scope/a/node_modules/@scope/b": {"version": "2.0.0", "dev": true},
    "node_modules/@scope/b": {"version": "2.0.0"},
    "node_modules/maybe": {"version": "3.0.0", "devOptional": true}}})"),
              ElementsAre("@scope/a 1.0.0", "@scope/b 2.0.0 dev", "@scope/b 2.0.0", "maybe 3.0.0"));
}

TEST(NpmLock, v3_links_stand_for_their_workspace_and_aliases_for_their_package) {
  constexpr std::string_view kLock = R"({"lockfileVersion": 3, "packages": {
    "": {"name": "app", "workspaces": ["libs/*"]},
    "libs/one": {"name": "@app/one", "version": "1.0.0"},
    "libs/nameless": {"license": "MIT"},
    "node_modules/@app/one": {"resolved": "libs/one", "link": true},
    "node_modules/pad": {"name": "left-pad", "version": "1.3.0"}}})";
  EXPECT_THAT(locked("package-lock.json", kLock), ElementsAre("@app/one 1.0.0", "left-pad 1.3.0"));
  EXPECT_THAT(lock_warnings("package-lock.json", kLock), IsEmpty());
}

TEST(NpmLock, ignores_lock_files_of_installed_packages) {
  EXPECT_TRUE(wants_lock("srv/app/package-lock.json"));
  EXPECT_FALSE(wants_lock("srv/app/node_modules/x/package-lock.json"));
  EXPECT_FALSE(wants_lock("node_modules/x/npm-shrinkwrap.json"));
  EXPECT_FALSE(wants_lock("srv/app/my-package-lock.json"));
}

TEST(NpmLock, says_what_is_wrong_with_damaged_text) {
  EXPECT_THAT(locked("package-lock.json", R"({"packages": {)"), ElementsAre(HasSubstr("package-lock.json: not valid JSON")));
  EXPECT_THAT(locked("package-lock.json", "[1, 2]"), IsEmpty());
  EXPECT_THAT(locked("package-lock.json", R"({"packages": {"node_modules/a": 7, "node_modules/b": {"version": 1}}})"),
              IsEmpty());
}
