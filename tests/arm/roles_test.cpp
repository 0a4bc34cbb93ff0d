// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>

#include "arm/held_role.hpp"
#include "arm/builtin_roles.hpp"
#include "arm/role_definition.hpp"

namespace {

using arm::Access;
using arm::Plane;
using arm::RoleDefinition;
using testing::HasSubstr;

constexpr const char* kId = "11111111-2222-3333-4444-555555555555";

const std::vector<RoleDefinition>& roles() {
  static const auto loaded = arm::builtin_roles();
  EXPECT_TRUE(loaded) << loaded.error().message;
  return *loaded;
}

const RoleDefinition& role(std::string_view name) {
  const auto found = std::find_if(roles().begin(), roles().end(), [&](const RoleDefinition& one) { return one.name == name; });
  if (found == roles().end()) throw std::runtime_error("no role " + std::string(name));
  return *found;
}

bool may(std::string_view role_name, std::string_view action, Plane plane = Plane::control) {
  const arm::Role one = arm::role_of(role(role_name));
  return Access({{"/", "me", held(&one)}}, {}, {"me"}).allows(action, "/subscriptions/s", plane);
}

TEST(BuiltinRoles, have_the_ids_of_azure) {
  const std::pair<const char*, const char*> cases[] = {
      {"Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"},
      {"Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"},
      {"Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"},
      {"User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"},
      {"Security Admin", "fb1c8493-542b-48eb-b624-b4c8fea62acd"},
      {"Security Reader", "39bc4728-0917-49c7-9d2c-d95423bc2eb4"},
      {"Log Analytics Contributor", "92aaf0da-9dab-42b6-94a3-d43ce8d16293"},
      {"Log Analytics Reader", "73c42c96-874c-492b-b04d-ab87d138a893"},
      {"Data Purger", "150f5e0c-0603-4f03-8c7f-cf70034c4e90"},
      {"Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05"},
      {"Monitoring Contributor", "749f88d5-cbae-40b8-bcfc-e573ddc772fa"},
      {"Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb"},
      {"AcrPull", "7f951dda-4ed3-4680-a7ca-43fe172d538d"},
      {"AcrPush", "8311e382-0749-4cb8-b61a-304f252e45ec"},
      {"AcrDelete", "c2f4ef07-c644-48eb-af81-4b1b4947fb11"},
      {"AcrQuarantineReader", "cdda3590-29a3-44f6-95f2-9f980659eb04"},
      {"AcrQuarantineWriter", "c8d4ff99-41c3-41a8-9f60-21dfdad59608"},
      {"Azure Container Instances Contributor Role", "5d977122-f97e-4b4d-a52f-6b43003ddb4d"},
  };
  for (const auto& [name, id] : cases) EXPECT_EQ(role(name).id, id) << name;
  EXPECT_GE(roles().size(), std::size(cases) + 2);
  for (const RoleDefinition& one : roles()) {
    EXPECT_EQ(one.type, arm::RoleType::built_in);
    EXPECT_EQ(one.assignable_scopes, std::vector<std::string>{"/"}) << one.name;
    EXPECT_GT(one.description.size(), 20u) << one.name;
  }
}

TEST(BuiltinRoles, allow_what_they_are_for) {
  const std::tuple<const char*, const char*, bool> cases[] = {
      {"Owner", "Microsoft.Authorization/roleAssignments/write", true},
      {"Contributor", "Microsoft.ContainerRegistry/registries/write", true},
      {"Contributor", "Microsoft.Authorization/roleAssignments/write", false},
      {"Reader", "Microsoft.Security/assessments/read", true},
      {"Reader", "Microsoft.ContainerRegistry/registries/listCredentials/action", false},
      {"User Access Administrator", "Microsoft.Authorization/roleAssignments/delete", true},
      {"User Access Administrator", "Microsoft.ContainerRegistry/registries/write", false},
      {"Security Admin", "Microsoft.Security/pricings/write", true},
      {"Security Admin", "Bulwark.Security/disableRules/write", true},
      {"Security Admin", "Microsoft.ContainerRegistry/registries/repositories/images/scan/action", true},
      {"Security Admin", "Microsoft.ContainerRegistry/registries/write", false},
      {"Security Admin", "Microsoft.Authorization/policyAssignments/write", true},
      {"Security Admin", "Microsoft.Authorization/roleAssignments/write", false},
      {"Security Reader", "Microsoft.Security/assessments/subAssessments/read", true},
      {"Security Reader", "Microsoft.ContainerRegistry/registries/repositories/images/read", true},
      {"Security Reader", "Microsoft.ContainerRegistry/registries/pull/read", false},
      {"Security Reader", "Bulwark.Security/exemptions/write", false},
      {"Log Analytics Reader", "Microsoft.OperationalInsights/workspaces/analytics/query/action", true},
      {"Log Analytics Reader", "Microsoft.OperationalInsights/workspaces/sharedKeys/read", false},
      {"Data Purger", "Microsoft.OperationalInsights/workspaces/purge/action", true},
      {"Data Purger", "Microsoft.OperationalInsights/workspaces/operations/read", true},
      {"Data Purger", "Microsoft.OperationalInsights/workspaces/write", false},
      {"Log Analytics Reader", "Microsoft.OperationalInsights/workspaces/purge/action", false},
      {"Monitoring Contributor", "Microsoft.Insights/actionGroups/write", true},
      {"AcrPull", "Microsoft.ContainerRegistry/registries/push/write", false},
      {"AcrPush", "Microsoft.ContainerRegistry/registries/push/write", true},
      {"Azure Container Instances Contributor Role", "Microsoft.ContainerInstance/containerGroups/restart/action", true},
      {"Image Approver", "Microsoft.ContainerRegistry/registries/read", true},
      {"Image Approver", "Microsoft.ContainerRegistry/registries/repositories/images/delete", false},
      {"Image Approver", "Microsoft.Security/pricings/write", false},
      {"Bulwark Registry Scanner Operator", "Microsoft.ContainerRegistry/registries/testConnection/action", true},
      {"Bulwark Registry Scanner Operator", "Microsoft.ContainerRegistry/registries/repositories/images/delete", false},
  };
  for (const auto& [name, action, expected] : cases) EXPECT_EQ(may(name, action), expected) << name << " " << action;
  constexpr const char* kArtifacts = "Microsoft.ContainerRegistry/registries/quarantinedArtifacts/write";
  EXPECT_TRUE(may("AcrQuarantineWriter", kArtifacts, Plane::data));
  EXPECT_FALSE(may("AcrQuarantineReader", kArtifacts, Plane::data));
  EXPECT_FALSE(may("Owner", kArtifacts, Plane::data));
  for (const char* decision : {"approve/action", "approval/delete"}) {
    const std::string action = std::string("Microsoft.ContainerRegistry/registries/repositories/images/") + decision;
    for (const RoleDefinition& one : roles()) EXPECT_EQ(may(one.name, action, Plane::data), one.name == "Image Approver") << one.name;
  }
}

TEST(RoleFiles, report_every_fault_with_its_line) {
  const std::string good = "id: 11111111-2222-3333-4444-555555555555\nname: A\ndescription: d\nactions: [\"*/read\"]\nassignableScopes: [\"/\"]\n";
  ASSERT_TRUE(arm::read_roles({{"a.yaml", good}}));
  const std::string bad =
      "id: 1234\n"
      "name: \"\"\n"
      "actions:\n"
      "  - \"*/read\"\n"
      "  - Microsoft.Security\n"
      "  - Microsoft.Security/x/raed\n"
      "  - \"Microsoft.Security/ x/read\"\n"
      "notAction: []\n"
      "assignableScopes: [subscriptions]\n";
  const auto read = arm::read_roles({{"a.yaml", good}, {"b.yaml", bad}, {"c.yaml", good}, {"d.yaml", "id: x\n"}, {"e.yaml", ""}});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, base::Kind::invalid_input);
  for (const char* words :
       {"b.yaml:1: ", "b.yaml:2: ", "\"description\"", "b.yaml:5: \"Microsoft.Security\" in actions does not read",
        "b.yaml:6: \"Microsoft.Security/x/raed\" in actions does not end in", "b.yaml:7: ", "b.yaml:8: ", "did you mean \"notActions\"",
        "b.yaml:9: ", "c.yaml:1: id \"11111111-2222-3333-4444-555555555555\" is taken by a.yaml", "grants nothing", "e.yaml:1: holds no role"})
    EXPECT_THAT(read.error().message, HasSubstr(words));
}

base::Json json(std::string_view text) { return *base::parse_json(text, "test"); }

TEST(RoleDefinition, survives_the_way_through_json) {
  for (RoleDefinition one : roles()) {
    base::Json properties = arm::role_to_properties(one);
    EXPECT_EQ(base::get_string(properties, "type"), "BuiltInRole");
    properties.as_object()["type"] = "CustomRole";
    const auto read = arm::role_from_properties(one.id, properties);
    ASSERT_TRUE(read) << read.error().message;
    one.type = arm::RoleType::custom;
    EXPECT_EQ(base::to_text(arm::role_to_properties(*read)), base::to_text(arm::role_to_properties(one)));
  }
}

TEST(RoleDefinition, reads_what_a_client_sends) {
  const auto read = arm::role_from_properties("AAAAAAAA-2222-3333-4444-555555555555", json(R"({"roleName": "Mine",
      "permissions": [{"actions": ["*/read"], "notActions": null, "condition": null}, {"dataActions": ["*"]}],
      "assignableScopes": ["/subscriptions/S"], "createdOn": "ignored"})"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->id, "aaaaaaaa-2222-3333-4444-555555555555");
  EXPECT_EQ(read->type, arm::RoleType::custom);
  ASSERT_EQ(read->permissions.size(), 2u);
  EXPECT_EQ(arm::role_of(*read).id_key, "/providers/microsoft.authorization/roledefinitions/" + read->id);
}

TEST(RoleDefinition, says_what_is_wrong_with_it) {
  const std::string scopes = R"("assignableScopes": ["/"])", all = R"("permissions": [{"actions": ["*"]}])";
  const std::pair<std::string, const char*> cases[] = {
      {"[]", "properties must be an object"},
      {"{" + all + "," + scopes + "}", "roleName"},
      {R"({"roleName": " ",)" + all + "," + scopes + "}", "roleName"},
      {R"({"roleName": "a\u0000b",)" + all + "," + scopes + "}", "roleName"},
      {R"({"roleName": "a", "type": "BuiltInRole",)" + all + "," + scopes + "}", "\"CustomRole\""},
      {R"({"roleName": "a",)" + scopes + "}", "permissions"},
      {R"({"roleName": "a", "permissions": [],)" + scopes + "}", "permissions"},
      {R"({"roleName": "a", "permissions": [1],)" + scopes + "}", "permissions[0] must be an object"},
      {R"({"roleName": "a", "permissions": [{"actions": "*"}],)" + scopes + "}", "permissions[0].actions must be a list"},
      {R"({"roleName": "a", "permissions": [{}, {"notActions": [1]}],)" + scopes + "}", "permissions[1].notActions must be a list"},
      {R"({"roleName": "a", "permissions": [{"actions": ["read"]}],)" + scopes + "}", "permissions[0].actions \"read\" does not read"},
      {R"({"roleName": "a", "permissions": [{"actions": ["*"], "condition": "@Resource"}],)" + scopes + "}", "condition"},
      {R"({"roleName": "a",)" + all + "}", "assignableScopes"},
      {R"({"roleName": "a", "assignableScopes": ["x"],)" + all + "}", "assignableScopes"},
      {R"({"roleName": "a", "assignableScopes": ["/subscriptions/.."],)" + all + "}", "assignableScopes"},
  };
  for (const auto& [text, words] : cases) {
    const auto read = arm::role_from_properties(kId, json(text));
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message, HasSubstr(words)) << text;
  }
  EXPECT_THAT(arm::role_from_properties("mine", json("{}")).error().message, HasSubstr("UUID"));
}

TEST(RoleDefinition, finds_the_uuid_at_the_end_of_an_id) {
  const std::string id = "/providers/Microsoft.Authorization/roleDefinitions/ACDD72A7-3385-48ef-bd42-f606fba81ae7";
  EXPECT_EQ(arm::role_uuid(id), "acdd72a7-3385-48ef-bd42-f606fba81ae7");
  EXPECT_EQ(arm::role_uuid("/subscriptions/s" + id), "acdd72a7-3385-48ef-bd42-f606fba81ae7");
  EXPECT_EQ(arm::role_uuid("/providers/Microsoft.Authorization/roleDefinitions/reader"), "");
}

}  // namespace
