// SPDX-License-Identifier: Apache-2.0
#include "arm/role_definition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "arm/resource_id.hpp"
#include "base/text.hpp"

namespace arm {

namespace {

constexpr std::size_t kMostPermissions = 100;
constexpr std::size_t kMostPatterns = 2'000;  // of one list
constexpr std::size_t kMostScopes = 2'000;    // as Azure has it
constexpr std::size_t kLongestName = 512;     // of Azure's, too
constexpr std::size_t kLongestDescription = 2'048;
constexpr std::size_t kLongestPattern = 512;

tl::unexpected<base::Error> bad_role(std::string_view member, std::string_view why) {
  return base::fail(base::Kind::invalid_input, fmt::format("role definition: {} {}", member, why));
}

// A list of texts; empty where the member is missing or null.
base::Result<std::vector<std::string>> read_texts(const base::Json& value, std::string_view key, std::string_view member,
                                                  std::size_t most) {
  std::vector<std::string> out;
  const base::Json* found = base::find(value, key);
  if (!found || found->is_null()) return out;
  if (!found->is_array()) return bad_role(member, "must be a list of texts");
  if (found->get_array().size() > most) return bad_role(member, fmt::format("has more than {} entries", most));
  for (const base::Json& item : found->get_array()) {
    if (!item.is_string()) return bad_role(member, "must be a list of texts");
    out.emplace_back(base::as_string(item));
  }
  return out;
}

base::Result<std::vector<std::string>> read_patterns(const base::Json& value, std::string_view key, std::size_t permission) {
  const std::string member = fmt::format("permissions[{}].{}", permission, key);
  std::vector<std::string> patterns = TRY(read_texts(value, key, member, kMostPatterns));
  for (const std::string& pattern : patterns)
    if (const auto fault = action_pattern_fault(pattern))
      return bad_role(fmt::format("{} \"{}\"", member, base::printable(std::string_view(pattern).substr(0, 200))), *fault);
  return patterns;
}

base::Result<Permission> read_permission(const base::Json& value, std::size_t index) {
  if (!value.is_object()) return bad_role(fmt::format("permissions[{}]", index), "must be an object");
  const base::Json* condition = base::find(value, "condition");
  if (condition && !condition->is_null() && base::as_string(*condition) != "")
    return base::fail(base::Kind::unsupported, fmt::format("role definition: permissions[{}].condition is not supported: "
                                                           "leave it out and name the actions instead", index));
  Permission permission;
  permission.actions = TRY(read_patterns(value, "actions", index));
  permission.not_actions = TRY(read_patterns(value, "notActions", index));
  permission.data_actions = TRY(read_patterns(value, "dataActions", index));
  permission.not_data_actions = TRY(read_patterns(value, "notDataActions", index));
  return permission;
}

base::Result<std::vector<std::string>> read_scopes(const base::Json& properties) {
  std::vector<std::string> scopes = TRY(read_texts(properties, "assignableScopes", "assignableScopes", kMostScopes));
  if (scopes.empty()) return bad_role("assignableScopes", "must name at least one scope, such as \"/subscriptions/{id}\"");
  for (const std::string& scope : scopes) TRY_CONTEXT(ResourceId::parse(scope), "role definition: assignableScopes");
  return scopes;
}

base::JsonArray texts(const std::vector<std::string>& values) { return base::JsonArray(values.begin(), values.end()); }

}  // namespace

std::optional<std::string_view> action_pattern_fault(std::string_view pattern) {
  if (pattern == "*") return std::nullopt;
  if (pattern.empty() || pattern.size() > kLongestPattern) return "is empty or longer than 512 bytes";
  const bool plain = std::all_of(pattern.begin(), pattern.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("./*-_").find(c) != std::string_view::npos;
  });
  if (!plain) return "holds other characters than letters, digits, '.', '/', '*', '-' and '_'";
  const auto parts = base::split(pattern, '/');
  if (parts.size() < 2 || std::any_of(parts.begin(), parts.end(), [](std::string_view part) { return part.empty(); }))
    return "does not read NAMESPACE/TYPE/VERB";
  const std::string verb = base::to_lower(parts.back());
  if (verb.find('*') == std::string::npos && verb != "read" && verb != "write" && verb != "delete" && verb != "action")
    return "does not end in read, write, delete, action or '*'";
  return std::nullopt;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : std::string_view("0123456789abcdefABCDEF").find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

base::Result<RoleDefinition> role_from_properties(std::string_view id, const base::Json& properties) {
  if (!properties.is_object()) return bad_role("properties", "must be an object");
  if (!is_uuid(id)) return bad_role("its name", "must be a UUID");
  RoleDefinition role;
  role.id = base::to_lower(id);
  role.name = base::get_string(properties, "roleName");
  role.description = base::get_string(properties, "description");
  if (base::trim(role.name).empty() || role.name.size() > kLongestName || base::printable(role.name) != role.name)
    return bad_role("roleName", fmt::format("must be 1 to {} bytes without control characters", kLongestName));
  if (role.description.size() > kLongestDescription)
    return bad_role("description", fmt::format("is longer than {} bytes", kLongestDescription));
  if (const auto type = base::get_string(properties, "type", "CustomRole"); type != "CustomRole")
    return bad_role("type", "must be \"CustomRole\": the built-in roles are part of Bulwark");
  const base::JsonArray& permissions = base::get_array(properties, "permissions");
  if (permissions.empty() || permissions.size() > kMostPermissions)
    return bad_role("permissions", fmt::format("must be a list of 1 to {} objects", kMostPermissions));
  for (std::size_t i = 0; i < permissions.size(); ++i) role.permissions.push_back(TRY(read_permission(permissions[i], i)));
  role.assignable_scopes = TRY(read_scopes(properties));
  return role;
}

base::Json role_to_properties(const RoleDefinition& role) {
  base::JsonArray permissions;
  for (const Permission& permission : role.permissions)
    permissions.push_back(base::JsonObject{{"actions", texts(permission.actions)},
                                           {"notActions", texts(permission.not_actions)},
                                           {"dataActions", texts(permission.data_actions)},
                                           {"notDataActions", texts(permission.not_data_actions)}});
  return base::JsonObject{{"roleName", role.name},
                          {"type", role.type == RoleType::built_in ? "BuiltInRole" : "CustomRole"},
                          {"description", role.description},
                          {"assignableScopes", texts(role.assignable_scopes)},
                          {"permissions", std::move(permissions)}};
}

Role role_of(const RoleDefinition& definition) {
  return {"/providers/microsoft.authorization/roledefinitions/" + definition.id, definition.name, definition.permissions};
}

std::string role_uuid(std::string_view role_definition_id) {
  const std::string_view last = base::basename(role_definition_id);
  return is_uuid(last) ? base::to_lower(last) : "";
}

}  // namespace arm
