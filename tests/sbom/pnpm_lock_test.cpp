// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lock_testing.hpp"

using testing::ElementsAre;
using testing::HasSubstr;

TEST(PnpmLock, v5_paths_end_in_a_version_and_their_peers) {
  EXPECT_THAT(locked("pnpm-lock.yaml", R"(lockfileVersion: 5.4

specifiers:
  '@scope/a': ^1.0.0

packages:

  /@scope/a/1.10.0_react@17.0.2:
    resolution: {integrity: sha512-abc}
    dev: false

  /ms/2.0.0:
    resolution: {integrity: sha512-abc}
    dev: true

  registry.example/debug/4.3.4:
    resolution: {tarball: https://registry.example/debug/-/debug-4.3.4.tgz}
    name: debug
    version: 4.3.4
    dev: false

  registry.example/plain/1.0.0:
    resolution: {integrity: sha512-abc}

  github.com/a/fork/0123456:
    resolution: {tarball: https://codeload.github.com/a/fork/tar.gz/0123456}
    name: fork
    version: 0.1.0
    dev: false
)"),
              ElementsAre("@scope/a 1.10.0", "debug 4.3.4", "fork 0.1.0", "ms 2.0.0 dev", "plain 1.0.0"));
}

TEST(PnpmLock, v6_keys_have_an_at_sign) {
  constexpr std::string_view kLock = R"(lockfileVersion: '6.0'
packages:
  /@scope/a@1.0.0(react@17.0.2)(@b/c@1.0.0):
    resolution: {integrity: sha512-abc}
    dev: true
  /ms@2.0.0:
    dev: false
  file:../local:
    resolution: {directory: ../local, type: directory}
    name: local
    dev: false
)";
  EXPECT_THAT(locked("pnpm-lock.yaml", kLock), ElementsAre("@scope/a 1.0.0 dev", "ms 2.0.0"));
  EXPECT_THAT(lock_warnings("pnpm-lock.yaml", kLock), ElementsAre(HasSubstr("1 entry without an exact version")));
}

TEST(PnpmLock, v9_marks_what_production_does_not_reach) {
  EXPECT_THAT(locked("pnpm-lock.yaml", R"(lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      debug:
        specifier: ^4.3.4
        version: 4.3.4(supports-color@8.1.1)
      pad:
        specifier: npm:left-pad@1.3.0
        version: left-pad@1.3.0
    devDependencies:
      mocha:
        specifier: ^10.0.0
        version: 10.0.0
      sibling:
        specifier: workspace:*
        version: link:../sibling
packages:
  debug@4.3.4:
    resolution: {integrity: sha512-abc}
  left-pad@1.3.0:
    resolution: {integrity: sha512-abc}
  mocha@10.0.0:
    resolution: {integrity: sha512-abc}
  ms@2.1.2:
    resolution: {integrity: sha512-abc}
  ms@2.1.3:
    resolution: {integrity: sha512-abc}
  supports-color@8.1.1:
    resolution: {integrity: sha512-abc}
snapshots:
  debug@4.3.4(supports-color@8.1.1):
    dependencies:
      ms: 2.1.2
    optionalDependencies:
      supports-color: 8.1.1
  left-pad@1.3.0: {}
  mocha@10.0.0:
    dependencies:
      debug: 4.3.4(supports-color@8.1.1)
      ms: 2.1.3
  ms@2.1.2: {}
  ms@2.1.3: {}
  supports-color@8.1.1: {}
)"),
              ElementsAre("debug 4.3.4", "left-pad 1.3.0", "mocha 10.0.0 dev", "ms 2.1.2", "ms 2.1.3 dev",
                          "supports-color 8.1.1"));
}

TEST(PnpmLock, reads_every_document_of_the_file) {
  EXPECT_THAT(locked("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {}\n---\n"
                                       "lockfileVersion: '9.0'\npackages:\n  b@1.0.0: {}\n"),
              ElementsAre("a 1.0.0", "b 1.0.0"));
}
