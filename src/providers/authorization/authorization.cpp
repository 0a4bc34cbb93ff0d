// SPDX-License-Identifier: Apache-2.0
#include "providers/authorization/authorization.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace providers {

namespace {

constexpr std::string_view kAssignments = "Microsoft.Authorization/roleAssignments";
constexpr std::string_view kDefinitions = "Microsoft.Authorization/roleDefinitions";

std::string_view last_segment(std::string_view id) {
  const auto parts = base::cut_last(id, "/");
  return parts.second.empty() ? parts.first : parts.second;
}

base::JsonObject builtin_json(const arm::RoleDefinition& role, const arm::ResourceId& scope) {
  const auto id = scope.extension(kDefinitions, role.id);
  return {{"id", id.text()}, {"name", role.id}, {"type", kDefinitions}, {"properties", arm::role_to_properties(role)}};
}

const arm::RoleDefinition* find_builtin(const arm::AccessControl& access, std::string_view guid) {
  for (const auto& role : access.builtin_roles())
    if (base::equals_ignoring_case(role.id, guid)) return &role;
  return nullptr;
}

// The two filters that people use on role definitions: roleName eq 'X', type eq 'CustomRole'.
bool passes_filter(std::string_view filter, const base::JsonObject& role) {
  const auto& properties = role.at("properties");
  const auto quoted = base::cut(base::cut(filter, "'").second, "'").first;
  if (filter.empty() || filter.find("atScope") == 0) return true;
  if (filter.find("roleName eq") != std::string_view::npos) return base::equals_ignoring_case(base::get_string(properties, "roleName"), quoted);
  if (filter.find("type eq") != std::string_view::npos) return base::equals_ignoring_case(base::get_string(properties, "type"), quoted);
  return true;
}

arm::ResourceType definitions_type(arm::AccessControl& access) {
  arm::ResourceType type;
  type.name = kDefinitions;
  type.api_versions = {"2022-04-01", "2018-01-01-preview", "2015-07-01"};
  type.status_of_change = 201;
  type.get = [&access](const arm::Call&, store::Session& session, const arm::ResourceId& id) -> base::Result<arm::Reply> {
    if (const auto* role = find_builtin(access, id.name())) return arm::Reply{200, builtin_json(*role, id.parent()), {}};
    const auto custom = TRY(arm::load_resource(session, id.key()));
    if (!custom) return arm::refuse(404, "RoleDefinitionDoesNotExist", fmt::format("The specified role definition with ID '{}' does not exist.", id.name()));
    return arm::Reply{200, arm::to_json(*custom), {{"ETag", custom->etag}}};
  };
  type.list = [&access](const arm::Call& call, store::Session& session, const arm::Target& target) -> base::Result<arm::Reply> {
    base::JsonArray value;
    const auto filter = call.http.parameter("$filter");
    const auto add = [&](base::JsonObject role) {
      if (passes_filter(filter, role)) value.emplace_back(std::move(role));
    };
    if (call.access.granted_scopes(call.action).empty()) return arm::list_reply(call, std::move(value), {});  // who may read them nowhere
    for (const auto& role : access.builtin_roles()) add(builtin_json(role, target.id));
    for (const auto& custom : TRY(arm::load_resources(session, std::string(kDefinitions), "/"))) add(arm::to_json(custom));
    return arm::list_reply(call, std::move(value), {});
  };
  type.prepare = [&access](const arm::Call&, store::Session&, const arm::Resource*, arm::Resource& after) -> base::Result<void> {
    if (!arm::is_uuid(after.id.name())) return base::fail(base::Kind::invalid_input, "The name of a role definition must be a GUID.");
    if (find_builtin(access, after.id.name())) return base::fail(base::Kind::conflict, "A built-in role cannot be changed; make one of your own.");
    const auto* properties = after.body.if_contains("properties");
    auto role = TRY(arm::role_from_properties(base::to_lower(after.id.name()), properties ? *properties : base::Json(nullptr)));
    role.type = arm::RoleType::custom;
    after.body = {{"properties", arm::role_to_properties(role)}};
    return {};
  };
  type.written = [&access](const arm::Call&, store::Session& session, const arm::Resource&) -> base::Result<void> {
    session.after_commit([&access] { access.forget(); });
    return {};
  };
  type.removing = [&access](const arm::Call&, store::Session& session, const arm::Resource& role) -> base::Result<void> {
    for (const auto& assignment : TRY(arm::load_resources(session, std::string(kAssignments), "/")))
      if (base::equals_ignoring_case(last_segment(assignment.text_property("roleDefinitionId")), role.id.name()))
        return base::fail(base::Kind::conflict, "The role is still assigned; remove its assignments first.");
    session.after_commit([&access] { access.forget(); });
    return {};
  };
  return type;
}

base::Result<bool> is_role(arm::AccessControl& access, store::Session& session, std::string_view guid) {
  if (find_builtin(access, guid)) return true;
  return TRY(store::query_integer(session, "SELECT 1 FROM resources WHERE type = ? AND lower(name) = ?",
                                  {std::string_view("microsoft.authorization/roledefinitions"), base::to_lower(guid)})).has_value();
}

// The refusals that have codes of their own.
base::Result<std::optional<arm::Reply>> refuse_assignment(arm::AccessControl& access, store::Session& session, const arm::Resource* before,
                                                          const arm::Resource& after) {
  const std::string role(last_segment(after.text_property("roleDefinitionId")));
  const std::string principal = base::to_lower(after.text_property("principalId"));
  if (!TRY(is_role(access, session, role)))
    return arm::refuse(404, "RoleDefinitionDoesNotExist", fmt::format("The specified role definition with ID '{}' does not exist.", role));
  if (arm::is_uuid(principal) && !TRY(store::query_text(session, "SELECT kind FROM principals WHERE id = ?", {principal})))
    return arm::refuse(400, "PrincipalNotFound", fmt::format("Principal {} does not exist in this directory.", principal));
  for (const auto& other : TRY(arm::load_resources(session, std::string(kAssignments), after.id.parent().key()))) {
    const bool same = other.id.parent().key() == after.id.parent().key() && other.text_property("principalId") == principal &&
                      base::equals_ignoring_case(last_segment(other.text_property("roleDefinitionId")), role);
    if (same && other.id.key() != after.id.key()) return arm::refuse(409, "RoleAssignmentExists", "The role assignment already exists.");
  }
  if (before && before->text_property("principalId") != principal)
    return arm::refuse(409, "RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.");
  return std::optional<arm::Reply>();
}

base::Result<void> prepare_assignment(store::Session& session, arm::Resource& after) {
  if (!arm::is_uuid(after.id.name())) return base::fail(base::Kind::invalid_input, "The name of a role assignment must be a GUID.");
  const std::string role(last_segment(after.text_property("roleDefinitionId")));
  const std::string principal = base::to_lower(after.text_property("principalId"));
  if (!arm::is_uuid(principal)) return base::fail(base::Kind::invalid_input, "properties.principalId must be the object id (a GUID) of a user, group or service principal.");
  const auto kind = TRY(store::query_text(session, "SELECT kind FROM principals WHERE id = ?", {principal}));
  if (!kind) return base::fail(base::Kind::invalid_input, "properties.principalId names nobody.");  // refused before
  const auto scope = after.id.parent();
  const std::string prefix = scope.subscription().empty() ? "" : "/subscriptions/" + scope.subscription();
  const std::string type = *kind == "user" ? "User" : *kind == "group" ? "Group" : "ServicePrincipal";
  after.body = {{"properties", base::JsonObject{{"roleDefinitionId", prefix + "/providers/" + std::string(kDefinitions) + "/" + base::to_lower(role)},
                                                {"principalId", principal},
                                                {"principalType", type},
                                                {"description", after.text_property("description")},
                                                {"scope", scope.text()}}}};
  return {};
}

// What of "$filter" people use: atScope(), principalId eq 'X', assignedTo('X').
base::Result<arm::Reply> list_assignments(const arm::Call& call, store::Session& session, const arm::Target& target) {
  const auto filter = call.http.parameter("$filter");
  const std::string principal = base::to_lower(base::cut(base::cut(filter, "'").second, "'").first);
  const bool at_scope = filter.find("atScope()") != std::string_view::npos;
  base::JsonArray value;
  for (const auto& assignment : TRY(arm::load_resources(session, std::string(kAssignments), "/"))) {
    const std::string scope = assignment.id.parent().key();
    const bool above = arm::is_scope_of(scope, target.id.key());
    if (!above && (at_scope || !arm::is_scope_of(target.id.key(), scope))) continue;
    if (!principal.empty() && assignment.text_property("principalId") != principal) continue;
    if (call.may(call.action, assignment.id)) value.emplace_back(arm::to_json(assignment));
  }
  return arm::list_reply(call, std::move(value), {});
}

arm::ResourceType assignments_type(arm::AccessControl& access) {
  arm::ResourceType type;
  type.name = kAssignments;
  type.api_versions = {"2022-04-01", "2020-04-01-preview", "2015-07-01"};
  type.refuse = [&access](const arm::Call&, store::Session& session, const arm::Resource* before, const arm::Resource& after) {
    return refuse_assignment(access, session, before, after);
  };
  type.prepare = [](const arm::Call&, store::Session& session, const arm::Resource*, arm::Resource& after) { return prepare_assignment(session, after); };
  type.written = [&access](const arm::Call&, store::Session& session, const arm::Resource&) -> base::Result<void> {
    session.after_commit([&access] { access.forget(); });
    return {};
  };
  type.removing = [&access](const arm::Call&, store::Session& session, const arm::Resource& assignment) -> base::Result<void> {
    if (!TRY(another_owner(session, assignment.id.key())))
      return base::fail(base::Kind::conflict, "This is the last Owner of the installation; give the role to somebody else first.");
    session.after_commit([&access] { access.forget(); });
    return {};
  };
  type.list = list_assignments;
  return type;
}

arm::ResourceType deny_assignments_type(arm::AccessControl& access) {
  arm::ResourceType type;
  type.name = "Microsoft.Authorization/denyAssignments";
  type.api_versions = {"2022-04-01"};
  type.prepare = [](const arm::Call&, store::Session&, const arm::Resource*, arm::Resource& after) -> base::Result<void> {
    const auto* principals = after.property("principals");
    const auto* permissions = after.property("permissions");
    if (!principals || !principals->is_array() || principals->get_array().empty() || !permissions || !permissions->is_array())
      return base::fail(base::Kind::invalid_input, "properties.principals and properties.permissions must be lists that are not empty.");
    return {};
  };
  const auto forget = [&access](const arm::Call&, store::Session& session, const arm::Resource&) -> base::Result<void> {
    session.after_commit([&access] { access.forget(); });
    return {};
  };
  type.written = forget;
  type.removing = forget;
  return type;
}

arm::ResourceType permissions_type() {
  arm::ResourceType type;
  type.name = "Microsoft.Authorization/permissions";
  type.api_versions = {"2022-04-01", "2015-07-01"};
  type.writable = false;
  type.list = [](const arm::Call& call, store::Session&, const arm::Target& target) -> base::Result<arm::Reply> {
    base::JsonArray value;
    for (const auto& permission : call.access.permissions_at(target.id.key())) value.emplace_back(arm::role_to_properties({{}, {}, {}, arm::RoleType::custom, {permission}, {}}).at("permissions").at(0));
    return arm::list_reply(call, std::move(value), {});
  };
  return type;
}

}  // namespace

base::Result<bool> another_owner(store::Session& session, const std::string& without) {
  for (const auto& assignment : TRY(arm::load_resources(session, std::string(kAssignments), "/"))) {
    const auto scope = assignment.id.parent();
    const bool top = scope.is_tenant() || scope.type() == "Microsoft.Resources/subscriptions";
    const std::string principal(assignment.text_property("principalId"));
    if (!top || assignment.id.key() == without || principal == without) continue;
    if (!base::equals_ignoring_case(last_segment(assignment.text_property("roleDefinitionId")), kOwnerRole)) continue;
    if (TRY(store::query_integer(session, "SELECT 1 FROM principals WHERE id = ? AND disabled = 0", {principal}))) return true;
  }
  return false;
}

base::Result<bool> assign_role(store::Session& session, const std::string& scope, const std::string& role_guid,
                               const std::string& principal_id, const std::string& principal_type, const std::string& by) {
  const auto at = TRY(arm::ResourceId::parse(scope));
  const std::string name = base::uuid_of(at.key() + "|" + role_guid + "|" + principal_id);
  arm::Resource assignment;
  assignment.id = at.extension(kAssignments, name);
  for (const auto& other : TRY(arm::load_resources(session, std::string(kAssignments), at.key()))) {
    if (other.id.parent().key() == at.key() && other.text_property("principalId") == principal_id &&
        base::equals_ignoring_case(last_segment(other.text_property("roleDefinitionId")), role_guid))
      return false;
  }
  const std::string prefix = at.subscription().empty() ? "" : "/subscriptions/" + at.subscription();
  assignment.body = {{"properties", base::JsonObject{{"roleDefinitionId", prefix + "/providers/" + std::string(kDefinitions) + "/" + role_guid},
                                                     {"principalId", principal_id},
                                                     {"principalType", principal_type},
                                                     {"description", ""},
                                                     {"scope", at.text()}}}};
  TRY(arm::save_resource(session, assignment, by, store::now_ms()));
  return true;
}

void declare_authorization(arm::ResourceManager& manager, arm::AccessControl& access) {
  manager.declare(definitions_type(access));
  manager.declare(assignments_type(access));
  manager.declare(deny_assignments_type(access));
  manager.declare(permissions_type());
}

}  // namespace providers
