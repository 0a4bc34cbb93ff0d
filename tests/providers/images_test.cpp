// SPDX-License-Identifier: Apache-2.0
// Images that several indexes hold: current while a tag leads to any of them.
#include "providers/registry_testing.hpp"

namespace {

using providers_testing::digest;
using providers_testing::kIndexType;

class Images : public providers_testing::RegistryTest {};

TEST_F(Images, of_two_indexes_stays_current_while_either_is_tagged) {
  push_index('a', "1", {{'c', "linux/amd64"}, {'d', "linux/arm64"}});
  push_index('b', "2", {{'c', "linux/amd64"}});
  scan('c', {model::Severity::high});
  scan('d');
  EXPECT_EQ(state('c'), "current 1 2");
  EXPECT_EQ(state('d'), "current 1");

  untag("2");
  EXPECT_EQ(state('c'), "current 1") << "the first index is tagged still";
  EXPECT_EQ(verdict('c'), "Unhealthy");
  untag("1");
  EXPECT_EQ(state('c'), "superseded");
  EXPECT_EQ(verdict('c'), "NotApplicable Superseded");
  EXPECT_EQ(state('d'), "superseded");
}

TEST_F(Images, count_again_when_their_index_is_tagged_again) {
  push_index('a', "1", {{'c', "linux/amd64"}});
  scan('c', {model::Severity::high});
  push('e', "1");
  EXPECT_EQ(verdict('c'), "NotApplicable Superseded");
  push('a', "2", kIndexType);
  EXPECT_EQ(state('c'), "current 2");
  EXPECT_EQ(verdict('c'), "Unhealthy");
}

TEST_F(Images, count_again_when_a_tagged_index_brings_them_again) {
  push_index('a', "1", {{'c', "linux/amd64"}});
  scan('c', {model::Severity::high});
  untag("1");
  EXPECT_EQ(state('c'), "superseded");
  push_index('b', "2", {{'c', "linux/amd64"}});
  EXPECT_EQ(state('c'), "current 2");
  EXPECT_EQ(verdict('c'), "Unhealthy");
}

TEST_F(Images, of_an_index_that_lost_its_tag_before_it_was_read_do_not_count) {
  push('a', "1", kIndexType);
  push('b', "1");
  read_index('a', {{'c', "linux/amd64"}});
  EXPECT_EQ(state('c'), "superseded");
}

TEST_F(Images, pushed_by_digest_alone_count_as_before) {
  push_index('a', "", {{'c', "linux/amd64"}});
  EXPECT_EQ(state('a'), "current");
  EXPECT_EQ(state('c'), "current");
}

TEST_F(Images, go_with_the_last_index_that_holds_them) {
  push_index('a', "1", {{'c', "linux/amd64"}, {'d', "linux/arm64"}, {'e', "linux/s390x"}});
  push_index('b', "2", {{'c', "linux/amd64"}});
  push('e', "own");
  remove('a');
  EXPECT_EQ(state('a'), "deleted");
  EXPECT_EQ(state('d'), "deleted");
  EXPECT_EQ(state('c'), "current 2");
  EXPECT_EQ(state('e'), "current own");
  remove('b');
  EXPECT_EQ(state('c'), "deleted");
}

TEST_F(Images, left_in_an_index_without_a_tag_are_superseded) {
  push_index('a', "1", {{'c', "linux/amd64"}});
  push_index('b', "2", {{'c', "linux/amd64"}});
  scan('c', {model::Severity::high});
  untag("2");
  remove('a');
  EXPECT_EQ(state('c'), "superseded");
  EXPECT_EQ(verdict('c'), "NotApplicable Superseded");
}

TEST_F(Images, of_an_index_within_an_index_follow_the_outer_tag) {
  push('a', "1", kIndexType);
  write([&](store::Session& session) -> base::Result<void> {
    TRY(providers::take_push(*services_, session, registry_, {"app", digest('b'), {}, std::string(kIndexType), digest('a'), {}, ++now_}));
    return {};
  });
  set_complete('a');
  read_index('b', {{'c', "linux/amd64"}});
  EXPECT_EQ(state('c'), "current 1");
  untag("1");
  EXPECT_EQ(state('c'), "superseded");
  push('a', "2", kIndexType);
  EXPECT_EQ(state('c'), "current 2");
  remove('a');
  EXPECT_EQ(state('b'), "deleted");
  EXPECT_EQ(state('c'), "deleted");
}

TEST_F(Images, that_come_again_after_deletion_count) {
  push('c', "1");
  untag("1");
  remove('c');
  push('c', "");
  EXPECT_EQ(state('c'), "current");
}

}  // namespace
