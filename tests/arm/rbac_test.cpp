// SPDX-License-Identifier: Apache-2.0
#include "arm/held_role.hpp"
#include "arm/rbac.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"

namespace {

using arm::Access;
using arm::Plane;
using arm::Role;

using Patterns = std::vector<std::string>;
using Scopes = std::vector<std::string>;

const Role kOwner{"owner", "Owner", {{{"*"}, {}, {}, {}}}};
const Role kReader{"reader", "Reader", {{{"*/read"}, {}, {}, {}}}};
const Role kContributor{"contributor",
                        "Contributor",
                        {{{"*"},
                          {"Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write",
                           "Microsoft.Authorization/elevateAccess/Action"},
                          {},
                          {}}}};
const Role kAccessAdministrator{"uaa", "User Access Administrator", {{{"*/read", "Microsoft.Authorization/*"}, {}, {}, {}}}};
const Role kQuarantineReader{
    "quarantine",
    "AcrQuarantineReader",
    {{{"Microsoft.ContainerRegistry/registries/quarantine/read"},
      {},
      {"Microsoft.ContainerRegistry/registries/quarantinedArtifacts/read"},
      {}}}};

constexpr const char* kSubscription = "/subscriptions/s";
constexpr const char* kDev = "/subscriptions/s/resourcegroups/dev";
constexpr const char* kDev2 = "/subscriptions/s/resourcegroups/dev2";
constexpr const char* kRegistry = "/subscriptions/s/resourcegroups/dev/providers/microsoft.containerregistry/registries/r";

// Tries every way to share the text out among the stars.
bool naive_match(std::string_view pattern, std::string_view action) {
  if (pattern.empty()) return action.empty();
  if (pattern[0] == '*') {
    for (std::size_t taken = 0; taken <= action.size(); ++taken)
      if (naive_match(pattern.substr(1), action.substr(taken))) return true;
    return false;
  }
  return !action.empty() && base::equals_ignoring_case(pattern.substr(0, 1), action.substr(0, 1)) &&
         naive_match(pattern.substr(1), action.substr(1));
}

std::string random_text(std::mt19937& random, std::string_view alphabet, std::size_t longest) {
  std::string out(random() % (longest + 1), ' ');
  for (char& c : out) c = alphabet[random() % alphabet.size()];
  return out;
}

TEST(ActionPattern, agrees_with_a_naive_matcher) {
  std::mt19937 random(1);
  int matched = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string pattern = random_text(random, "aAb/**", 8);
    const std::string action = random_text(random, "aBb/", 10);
    const bool expected = naive_match(pattern, action);
    ASSERT_EQ(arm::action_matches(pattern, action), expected) << pattern << " " << action;
    matched += expected ? 1 : 0;
  }
  EXPECT_GT(matched, 10'000);
}

TEST(ActionPattern, takes_no_longer_than_the_product_of_lengths) {
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "*a";
  EXPECT_FALSE(arm::action_matches(pattern + "b", std::string(2'000, 'a')));
}

TEST(ActionPattern, matches_as_azure_documents) {
  const std::tuple<const char*, const char*, bool> cases[] = {
      {"*", "Microsoft.Security/assessments/write", true},
      {"*", "", true},
      {"*/read", "Microsoft.Security/assessments/read", true},
      {"*/read", "Microsoft.Security/assessments/subAssessments/READ", true},
      {"*/read", "Microsoft.Security/assessments/readAll", false},
      {"*/read", "read", false},
      {"Microsoft.ContainerInstance/*", "microsoft.containerinstance/containerGroups/start/action", true},
      {"Microsoft.ContainerInstance/*", "Microsoft.ContainerInstanceX/containerGroups/read", false},
      {"Microsoft.ContainerInstance/containerGroups/*/action", "Microsoft.ContainerInstance/containerGroups/restart/action", true},
      {"Microsoft.ContainerInstance/containerGroups/*/action", "Microsoft.ContainerInstance/containerGroups/containers/exec/action",
       true},
      {"Microsoft.ContainerInstance/containerGroups/*/action", "Microsoft.ContainerInstance/containerGroups/write", false},
      {"Microsoft.ContainerInstance/containerGroups/*/action", "Microsoft.ContainerInstance/containerGroups/action", false},
      {"Microsoft.Authorization/*/Delete", "Microsoft.Authorization/roleAssignments/delete", true},
      {"Microsoft.Authorization/*/Write", "Microsoft.Authorization/policyAssignments/exemptions/write", true},
      {"Microsoft.*/*/read", "Microsoft.Security/assessments/read", true},
      {"*Security*read*", "Microsoft.Security/assessments/read", true},
      {"*Security*write*", "Microsoft.Security/assessments/read", false},
      {"Microsoft.Security/assessments/read", "Microsoft.Security/assessments/read", true},
      {"", "Microsoft.Security/assessments/read", false},
      {"Microsoft.Security/?ssessments/read", "Microsoft.Security/assessments/read", false},
  };
  for (const auto& [pattern, action, expected] : cases)
    EXPECT_EQ(arm::action_matches(pattern, action), expected) << pattern << " " << action;
}

TEST(Access, grants_nothing_without_an_assignment) {
  EXPECT_FALSE(Access().allows("Microsoft.Security/assessments/read", "/"));
  EXPECT_TRUE(Access().granted_scopes("Microsoft.Security/assessments/read").empty());
  const Access other({{"/", "somebody", held(&kOwner)}}, {}, {"me"});
  EXPECT_FALSE(other.allows("Microsoft.Security/assessments/read", "/"));
}

TEST(Access, reaches_down_by_whole_segments_and_never_up) {
  const Access access({{kDev, "me", held(&kReader)}}, {}, {"me"});
  EXPECT_TRUE(access.allows("Microsoft.Resources/resourceGroups/read", kDev));
  EXPECT_TRUE(access.allows("Microsoft.ContainerRegistry/registries/read", kRegistry));
  EXPECT_FALSE(access.allows("Microsoft.Resources/resourceGroups/read", kDev2));
  EXPECT_FALSE(access.allows("Microsoft.Resources/subscriptions/read", kSubscription));
  EXPECT_FALSE(access.allows("Microsoft.ContainerRegistry/registries/write", kRegistry));
}

TEST(Access, counts_what_groups_were_given) {
  const Access access({{kDev, "group", held(&kReader)}}, {}, {"me", "group"});
  EXPECT_TRUE(access.allows("Microsoft.Resources/resourceGroups/read", kDev));
}

TEST(Access, lets_a_not_action_narrow_its_own_role_only) {
  constexpr const char* kAssign = "Microsoft.Authorization/roleAssignments/write";
  constexpr const char* kCreate = "Microsoft.ContainerRegistry/registries/write";
  const Access contributor({{"/", "me", held(&kContributor)}}, {}, {"me"});
  EXPECT_TRUE(contributor.allows(kCreate, kRegistry));
  EXPECT_TRUE(contributor.allows("Microsoft.Authorization/roleAssignments/read", kRegistry));
  EXPECT_FALSE(contributor.allows(kAssign, kRegistry));
  EXPECT_FALSE(contributor.allows("Microsoft.Authorization/roleAssignments/delete", kRegistry));
  EXPECT_FALSE(contributor.allows("Microsoft.Authorization/elevateAccess/action", "/"));

  const Access both({{"/", "me", held(&kContributor)}, {"/", "me", held(&kAccessAdministrator)}}, {}, {"me"});
  EXPECT_TRUE(both.allows(kCreate, kRegistry));
  EXPECT_TRUE(both.allows(kAssign, kRegistry));
}

TEST(Access, lets_an_exclusion_narrow_its_own_permission_only) {
  const Role role{"r", "r", {{{"*"}, {"A/*"}, {}, {}}, {{"A/read"}, {}, {}, {}}}};
  const Access access({{"/", "me", held(&role)}}, {}, {"me"});
  EXPECT_TRUE(access.allows("A/read", "/"));
  EXPECT_FALSE(access.allows("A/write", "/"));
}

TEST(Access, keeps_the_data_plane_apart) {
  constexpr const char* kData = "Microsoft.ContainerRegistry/registries/quarantinedArtifacts/read";
  const Access owner({{"/", "me", held(&kOwner)}}, {}, {"me"});
  EXPECT_TRUE(owner.allows(kData, kRegistry, Plane::control));
  EXPECT_FALSE(owner.allows(kData, kRegistry, Plane::data)) << "'*' in actions gives no data";
  const Access reader({{"/", "me", held(&kQuarantineReader)}}, {}, {"me"});
  EXPECT_TRUE(reader.allows(kData, kRegistry, Plane::data));
  EXPECT_FALSE(reader.allows(kData, kRegistry, Plane::control));
  EXPECT_EQ(reader.granted_scopes(kData, Plane::data), Scopes{"/"});
  EXPECT_TRUE(reader.granted_scopes(kData).empty());

  const Role all_but{"d", "d", {{{}, {}, {"*"}, {"*/delete"}}}};
  const Access data({{"/", "me", held(&all_but)}}, {}, {"me"});
  EXPECT_TRUE(data.allows("A/b/read", "/", Plane::data));
  EXPECT_FALSE(data.allows("A/b/delete", "/", Plane::data));
}

arm::DenyAssignment deny(std::vector<std::string> principals, std::vector<std::string> excluded = {}) {
  return {kDev, {{{"*/write"}, {"Microsoft.Security/*"}, {}, {}}}, std::move(principals), std::move(excluded), false};
}

TEST(Access, denies_whatever_was_granted) {
  constexpr const char* kWrite = "Microsoft.ContainerRegistry/registries/write";
  const std::vector<arm::Assignment> owner{{"/", "me", held(&kOwner)}};
  const Access denied(owner, {deny({"me"})}, {"me"});
  EXPECT_FALSE(denied.allows(kWrite, kDev));
  EXPECT_FALSE(denied.allows(kWrite, kRegistry)) << "below, too";
  EXPECT_TRUE(denied.allows(kWrite, kDev2));
  EXPECT_TRUE(denied.allows(kWrite, kSubscription)) << "not above";
  EXPECT_TRUE(denied.allows("Microsoft.ContainerRegistry/registries/read", kRegistry));
  EXPECT_TRUE(denied.allows("Microsoft.Security/pricings/write", kDev)) << "its exclusion is not denied";
}

TEST(Access, denies_only_whom_a_deny_assignment_concerns) {
  constexpr const char* kWrite = "Microsoft.ContainerRegistry/registries/write";
  const std::string everybody = "00000000-0000-0000-0000-000000000000";
  const std::vector<arm::Assignment> owner{{"/", "me", held(&kOwner)}};
  EXPECT_TRUE(Access(owner, {deny({"other"})}, {"me"}).allows(kWrite, kDev));
  EXPECT_FALSE(Access(owner, {deny({"group"})}, {"me", "group"}).allows(kWrite, kDev));
  EXPECT_FALSE(Access(owner, {deny({everybody})}, {"me"}).allows(kWrite, kDev));
  EXPECT_TRUE(Access(owner, {deny({everybody}, {"me"})}, {"me"}).allows(kWrite, kDev));
  EXPECT_TRUE(Access(owner, {deny({everybody}, {"group"})}, {"me", "group"}).allows(kWrite, kDev));
  EXPECT_TRUE(Access(owner, {deny({})}, {"me"}).allows(kWrite, kDev));
}

TEST(Access, may_deny_one_scope_without_its_children) {
  constexpr const char* kWrite = "Microsoft.ContainerRegistry/registries/write";
  arm::DenyAssignment only = deny({"me"});
  only.only_this_scope = true;
  const Access access({{"/", "me", held(&kOwner)}}, {only}, {"me"});
  EXPECT_FALSE(access.allows(kWrite, kDev));
  EXPECT_TRUE(access.allows(kWrite, kRegistry));
}

TEST(Access, is_narrowed_by_a_token_and_never_widened) {
  const Access owner({{kSubscription, "me", held(&kOwner)}}, {}, {"me"});
  const Access token = owner.narrowed({"Microsoft.ContainerRegistry/*", "*/read"}, kDev);
  EXPECT_TRUE(token.allows("Microsoft.ContainerRegistry/registries/write", kRegistry));
  EXPECT_TRUE(token.allows("Microsoft.Security/assessments/read", kDev));
  EXPECT_FALSE(token.allows("Microsoft.Security/pricings/write", kDev));
  EXPECT_FALSE(token.allows("Microsoft.ContainerRegistry/registries/read", kDev2));
  EXPECT_FALSE(token.allows("Microsoft.ContainerRegistry/registries/read", kSubscription));

  const Access again = token.narrowed({"Microsoft.Security/*"}, "/");
  EXPECT_TRUE(again.allows("Microsoft.Security/assessments/read", kDev));
  EXPECT_FALSE(again.allows("Microsoft.Security/pricings/write", kDev)) << "the first narrowing still holds";
  EXPECT_FALSE(again.allows("Microsoft.ContainerRegistry/registries/read", kDev));
  EXPECT_FALSE(again.allows("Microsoft.Security/assessments/read", kDev2));

  const Access everything = owner.narrowed({}, "/");
  EXPECT_TRUE(everything.allows("Microsoft.Security/pricings/write", kDev)) << "no pattern is every action";
  EXPECT_FALSE(everything.allows("Microsoft.Security/pricings/write", "/")) << "a token gives nothing";
}

TEST(Access, names_the_scopes_to_look_at) {
  constexpr const char* kRead = "Microsoft.ContainerRegistry/registries/read";
  const Access access({{kRegistry, "me", held(&kReader)}, {kDev, "me", held(&kReader)}, {kDev2, "me", held(&kQuarantineReader)}, {kDev, "me", held(&kOwner)}},
                      {}, {"me"});
  EXPECT_EQ(access.granted_scopes(kRead), Scopes{kDev});
  EXPECT_EQ(access.granted_scopes("Microsoft.ContainerRegistry/registries/quarantine/read"), (Scopes{kDev, kDev2}));
  EXPECT_EQ(access.narrowed({}, kSubscription).granted_scopes(kRead), Scopes{kDev});
  EXPECT_EQ(access.narrowed({}, kRegistry).granted_scopes(kRead), Scopes{kRegistry});
  EXPECT_EQ(access.narrowed({}, kDev2).granted_scopes(kRead), Scopes{});
  EXPECT_EQ(access.narrowed({"*/write"}, "/").granted_scopes(kRead), Scopes{});
  const Access sorted({{"/a/b", "me", held(&kReader)}, {"/a/b!c", "me", held(&kReader)}, {"/a/b/d", "me", held(&kReader)}}, {}, {"me"});
  EXPECT_EQ(sorted.granted_scopes(kRead), (Scopes{"/a/b", "/a/b!c"})) << "'!' sorts in front of '/'";
}

TEST(Access, shows_the_permissions_that_hold_at_a_scope) {
  const Access access({{"/", "me", held(&kReader)}, {kDev, "me", held(&kContributor)}}, {}, {"me"});
  ASSERT_EQ(access.permissions_at(kSubscription).size(), 1u);
  ASSERT_EQ(access.permissions_at(kRegistry).size(), 2u);
  EXPECT_EQ(access.permissions_at(kRegistry)[1].not_actions.size(), 3u);
  const auto narrowed = access.narrowed({"Microsoft.Security/*", "Microsoft.Insights/alerts/read"}, "/").permissions_at(kDev);
  ASSERT_EQ(narrowed.size(), 2u);
  EXPECT_EQ(narrowed[0].actions, Patterns{"Microsoft.Insights/alerts/read"});
  EXPECT_EQ(narrowed[1].actions, (Patterns{"Microsoft.Insights/alerts/read", "Microsoft.Security/*"}));
  EXPECT_TRUE(access.narrowed({}, kDev2).permissions_at(kDev).empty());
}

}  // namespace
