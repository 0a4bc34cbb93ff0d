// SPDX-License-Identifier: Apache-2.0
#include "arm/resource_id.hpp"

#include <gmock/gmock.h>

#include "base/text.hpp"

namespace {

using arm::ResourceId;
using testing::HasSubstr;
using Names = std::vector<std::string>;

const std::string kGroup = "/subscriptions/s1/resourceGroups/Default";
const std::string kRegistryId = kGroup + "/providers/Microsoft.ContainerRegistry/registries/Mine";
const std::string kImage = kRegistryId + "/repositories/library%2Fnginx/images/sha256:0f";

ResourceId id_of(const std::string& text) {
  const auto id = ResourceId::parse(text);
  EXPECT_TRUE(id) << id.error().message;
  return id.value_or(ResourceId());
}

struct GoodId {
  std::string text, type, parent;
  Names names;
};

TEST(ResourceId, spells_the_words_in_front_as_azure_does) {
  EXPECT_EQ(id_of("/SUBSCRIPTIONS/s/resourcegroups/G").text(), "/subscriptions/s/resourceGroups/G");
}

TEST(ResourceId, says_what_an_id_is_made_of) {
  const GoodId cases[] = {
      {"/", "", "/", {}},
      {"/subscriptions/S1", "Microsoft.Resources/subscriptions", "/", {"S1"}},
      {kGroup, "Microsoft.Resources/resourceGroups", "/subscriptions/s1", {"Default"}},
      {kRegistryId, "Microsoft.ContainerRegistry/registries", kGroup, {"Mine"}},
      {kRegistryId + "/repositories/library%2Fnginx", "Microsoft.ContainerRegistry/registries/repositories", kRegistryId,
       {"Mine", "library/nginx"}},
      {kImage, "Microsoft.ContainerRegistry/registries/repositories/images", kRegistryId + "/repositories/library%2Fnginx",
       {"Mine", "library/nginx", "sha256:0f"}},
      {kImage + "/providers/Microsoft.Security/assessments/a", "Microsoft.Security/assessments", kImage, {"a"}},
      {kImage + "/providers/Microsoft.Security/assessments/a/subAssessments/CVE-1",
       "Microsoft.Security/assessments/subAssessments", kImage + "/providers/Microsoft.Security/assessments/a", {"a", "CVE-1"}},
      {kRegistryId + "/providers/Microsoft.Security/assessments/a/PROVIDERS/microsoft.insights/diagnosticSettings/d",
       "microsoft.insights/diagnosticSettings", kRegistryId + "/providers/Microsoft.Security/assessments/a", {"d"}},
      {"/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/r", "Microsoft.Authorization/roleAssignments",
       "/subscriptions/s", {"r"}},
      {"/providers/Microsoft.Authorization/roleDefinitions/r", "Microsoft.Authorization/roleDefinitions", "/", {"r"}},
      {"/subscriptions/providers/resourceGroups/providers/providers/N/t/providers", "N/t",
       "/subscriptions/providers/resourceGroups/providers", {"providers"}},
      {"/subscriptions/s/providers/N/t/a b%20c%25", "N/t", "/subscriptions/s", {"a b c%"}},
      {"/subscriptions/s/providers/N/t/caf\xc3\xa9", "N/t", "/subscriptions/s", {"caf\xc3\xa9"}},
      {"/subscriptions/s/providers/N/t/a...b", "N/t", "/subscriptions/s", {"a...b"}},
  };
  for (const GoodId& one : cases) {
    const ResourceId id = id_of(one.text);
    EXPECT_EQ(id.text(), one.text);
    EXPECT_EQ(id.type(), one.type) << one.text;
    EXPECT_EQ(id.parent().text(), one.parent) << one.text;
    EXPECT_EQ(id.names(), one.names) << one.text;
    EXPECT_EQ(id.name(), one.names.empty() ? "" : one.names.back()) << one.text;
  }
  EXPECT_EQ(id_of(kImage).subscription(), "s1");
  EXPECT_EQ(id_of(kImage).resource_group(), "Default");
  EXPECT_EQ(id_of("/providers/N/t/n").subscription(), "");
  EXPECT_EQ(id_of("/subscriptions/s/providers/N/t/n").resource_group(), "");
  EXPECT_TRUE(ResourceId().is_tenant());
}

TEST(ResourceId, folds_slashes_in_front_and_drops_one_at_the_end) {
  EXPECT_EQ(id_of("//subscriptions/s").text(), "/subscriptions/s");
  EXPECT_EQ(id_of("///subscriptions/s/").text(), "/subscriptions/s");
  EXPECT_EQ(id_of("//").text(), "/");
}

TEST(ResourceId, says_what_is_wrong) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "does not begin with '/'"},
      {"subscriptions/s", "does not begin with '/'"},
      {"/subscriptions//s", "empty segment"},
      {"/subscriptions/s//", "empty segment"},
      {"/subscriptions", "lacks a name"},
      {"/subscriptions/s/resourceGroups", "lacks a name"},
      {"/subscriptions/s/other/x", "lacks a name"},
      {"/subscriptions/s/providers", "lacks a name"},
      {"/subscriptions/s/providers/N", "lacks a name"},
      {"/subscriptions/s/providers/N/t", "lacks a name"},
      {"/subscriptions/s/providers/N/t/n/u", "lacks a name"},
      {"/subscriptions/s/providers/N/providers/M/t/n", "lacks a name"},
      {"/subscriptions/s/providers/N/t/n/providers/M", "lacks a name"},
      {"/tenants/t", "lacks a name"},
      {"/subscriptions/.", "\"..\""},
      {"/subscriptions/s/../t", "\"..\""},
      {"/subscriptions/%2e%2E", "\"..\""},
      {"/subscriptions/%2e.", "\"..\""},
      {"/subscriptions/a%2F..%2Fb", "\"..\""},
      {"/subscriptions/..%2Fb", "\"..\""},
      {"/subscriptions/a%5c..%2fb", "\"..\""},
      {"/subscriptions/a\\..\\b", "\"..\""},
      {"/subscriptions/a%00", "control"},
      {"/subscriptions/a\n", "control"},
      {"/subscriptions/%0d%0a", "control"},
      {"/subscriptions/%ff", "UTF-8"},
      {"/subscriptions/%c3%28", "UTF-8"},
      {"/subscriptions/a%", "malformed escape"},
      {"/subscriptions/a%2", "malformed escape"},
      {"/subscriptions/a%zz", "malformed escape"},
      {"/subscriptions/a?b", "'?'"},
      {"/subscriptions/a#b", "'#'"},
      {"/subscriptions/s/providers/N%2Ft/t/n", "namespace or type"},
      {"/subscriptions/s/providers/N/t%20/n", "namespace or type"},
      {"/subscriptions/s/providers/N/t/n/provider%73/m", "namespace or type"},
      {"/subscriptions/" + std::string(2048, 's'), "longer than 2048"},
  };
  for (const auto& [text, words] : cases) {
    const auto id = ResourceId::parse(text);
    ASSERT_FALSE(id) << text;
    EXPECT_EQ(id.error().kind, base::Kind::invalid_input);
    EXPECT_THAT(id.error().message, HasSubstr(words)) << text;
    EXPECT_LT(id.error().message.size(), 500u);
  }
}

TEST(ResourceId, has_one_key_however_it_is_written) {
  const std::string key = id_of(kImage).key();
  EXPECT_EQ(key, base::to_lower(kImage));
  std::string other = kImage;
  other.replace(other.find("%2F"), 3, "%2f");
  EXPECT_EQ(id_of(other).key(), key);
  other.replace(other.find("Mine"), 4, "m%49N%65");
  EXPECT_EQ(id_of(other).key(), key);
  EXPECT_EQ(id_of("/subscriptions/a%20b").key(), "/subscriptions/a b");
  EXPECT_EQ(id_of("/subscriptions/a%252F").key(), "/subscriptions/a%252f") << "an escaped '%' makes no escape";
  EXPECT_EQ(id_of("/subscriptions/%3F%23").key(), "/subscriptions/%3f%23");
  for (const char* text : {"/", "/subscriptions/a%252F%20", "/subscriptions/s/providers/N/t/%41%2f"})
    EXPECT_EQ(id_of(id_of(text).key()).key(), id_of(text).key());
}

TEST(ResourceId, escapes_the_names_of_children) {
  const ResourceId registry = id_of(kRegistryId);
  const ResourceId image = registry.child("repositories", "library/nginx").child("images", "sha256:0f");
  EXPECT_EQ(image.text(), kImage);
  EXPECT_EQ(image.extension("Microsoft.Security/assessments", "a b").text(),
            kImage + "/providers/Microsoft.Security/assessments/a%20b");
  EXPECT_EQ(ResourceId().child("subscriptions", "s").text(), "/subscriptions/s");
  EXPECT_EQ(ResourceId().extension("N/t", "n").text(), "/providers/N/t/n");
  for (const char* name : {"%2e%2e", "caf\xc3\xa9", "a?b#c", "100%", "providers", "$(x)"})
    EXPECT_EQ(id_of(registry.child("t", name).text()).name(), name);
  EXPECT_FALSE(ResourceId::parse(registry.child("t", "..").text())) << "no way up";
}

TEST(Scope, is_a_prefix_by_whole_segments) {
  const std::tuple<const char*, const char*, bool> cases[] = {
      {"/", "/", true},
      {"/", "/subscriptions/s", true},
      {"/subscriptions/s", "/subscriptions/s", true},
      {"/subscriptions/s", "/subscriptions/s/resourcegroups/dev", true},
      {"/subscriptions/s/resourcegroups/dev", "/subscriptions/s/resourcegroups/dev2", false},
      {"/subscriptions/s/resourcegroups/dev2", "/subscriptions/s/resourcegroups/dev", false},
      {"/subscriptions/s/resourcegroups/dev", "/subscriptions/s", false},
      {"/subscriptions/s/resourcegroups/dev", "/", false},
      {"", "/subscriptions/s", false},
      {"", "", false},
  };
  for (const auto& [scope, id, expected] : cases) EXPECT_EQ(arm::is_scope_of(scope, id), expected) << scope << " " << id;
}

struct GoodTarget {
  std::string path, id, type;
  bool is_list;
};

TEST(Target, tells_resources_from_lists_and_actions) {
  const GoodTarget cases[] = {
      {"/", "/", "", false},
      {"/subscriptions", "/", "Microsoft.Resources/subscriptions", true},
      {"/Subscriptions/", "/", "Microsoft.Resources/subscriptions", true},
      {"/tenants", "/", "Microsoft.Resources/tenants", true},
      {"/providers", "/", "Microsoft.Resources/providers", true},
      {"/subscriptions/s", "/subscriptions/s", "Microsoft.Resources/subscriptions", false},
      {"/subscriptions/s/resourcegroups", "/subscriptions/s", "Microsoft.Resources/resourceGroups", true},
      {"/subscriptions/s/resources", "/subscriptions/s", "Microsoft.Resources/resources", true},
      {kGroup + "/resources", kGroup, "Microsoft.Resources/resources", true},
      {"/subscriptions/s/providers", "/subscriptions/s", "Microsoft.Resources/providers", true},
      {"/subscriptions/s/providers/Microsoft.Security", "/subscriptions/s", "Microsoft.Security", true},
      {"/subscriptions/s/providers/Microsoft.Security/register", "/subscriptions/s", "Microsoft.Security/register", true},
      {"//subscriptions/s/providers/Microsoft.Security/assessments/", "/subscriptions/s", "Microsoft.Security/assessments", true},
      {kGroup, kGroup, "Microsoft.Resources/resourceGroups", false},
      {kGroup + "/providers/Microsoft.ContainerRegistry/registries", kGroup, "Microsoft.ContainerRegistry/registries", true},
      {kRegistryId, kRegistryId, "Microsoft.ContainerRegistry/registries", false},
      {kRegistryId + "/listCredentials", kRegistryId, "Microsoft.ContainerRegistry/registries/listCredentials", true},
      {kRegistryId + "/repositories", kRegistryId, "Microsoft.ContainerRegistry/registries/repositories", true},
      {kImage, kImage, "Microsoft.ContainerRegistry/registries/repositories/images", false},
      {kImage + "/approve", kImage, "Microsoft.ContainerRegistry/registries/repositories/images/approve", true},
      {kImage + "/providers/Microsoft.Security/assessments", kImage, "Microsoft.Security/assessments", true},
      {kImage + "/providers/Microsoft.Security/assessments/a/subAssessments",
       kImage + "/providers/Microsoft.Security/assessments/a", "Microsoft.Security/assessments/subAssessments", true},
      {kImage + "/providers", kImage, "Microsoft.Resources/providers", true},
      {"/providers/Microsoft.Security/assessmentMetadata", "/", "Microsoft.Security/assessmentMetadata", true},
  };
  for (const GoodTarget& one : cases) {
    const auto target = arm::parse_target(one.path);
    ASSERT_TRUE(target) << target.error().message;
    EXPECT_EQ(target->id.text(), one.id) << one.path;
    EXPECT_EQ(target->type, one.type) << one.path;
    EXPECT_EQ(target->is_list, one.is_list) << one.path;
  }
}

TEST(Target, folds_empty_segments_as_clients_leave_them) {
  const auto target = arm::parse_target("//subscriptions/s/resourcegroups/g/providers/N//t/x/providers/M/permissions");
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_EQ(target->id.text(), "/subscriptions/s/resourceGroups/g/providers/N/t/x");
  EXPECT_EQ(target->type, "M/permissions");
}

TEST(ResourceId, spells_the_words_in_front_as_everybody_does) {
  EXPECT_EQ(id_of("/Subscriptions/S/resourcegroups/G/providers/N/t/x").text(), "/subscriptions/S/resourceGroups/G/providers/N/t/x");
}

TEST(Target, refuses_what_an_id_may_not_hold) {
  for (const char* path : {"", "x", "/subscriptions/s/../t", "/subscriptions/%2e%2e/resourceGroups", "/a/b", "/a//b",
                           "/subscriptions/s/x/y", "/subscriptions/s/providers/N/t%2F", "/subscriptions/s/%70roviders",
                           "/subscriptions/s/providers/N/providers/M/t"})
    EXPECT_EQ(arm::parse_target(path).error().kind, base::Kind::invalid_input) << path;
}

}  // namespace
