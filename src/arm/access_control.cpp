// SPDX-License-Identifier: Apache-2.0
#include "arm/access_control.hpp"

#include <fmt/format.h>

#include "arm/resource.hpp"
#include "base/text.hpp"

namespace arm {

namespace {

std::vector<std::string> principal_ids(const base::Json* list) {
  std::vector<std::string> ids;
  if (list && list->is_array())
    for (const auto& entry : list->get_array()) ids.push_back(base::to_lower(base::get_string(entry, "id")));
  return ids;
}

// A deny assignment lists permissions in the form of a role's.
base::Result<std::vector<Permission>> permissions_of(const Resource& denial) {
  const auto* permissions = denial.property("permissions");
  const base::Json as_role = base::JsonObject{{"roleName", "deny"}, {"assignableScopes", base::JsonArray{"/"}},
                                              {"permissions", permissions ? *permissions : base::Json(nullptr)}};
  return TRY(role_from_properties("00000000-0000-0000-0000-000000000000", as_role)).permissions;
}

// An assignment's scope is what its id extends.
std::string scope_of(const Resource& resource) { return resource.id.parent().key(); }

}  // namespace

base::Result<std::unique_ptr<AccessControl>> AccessControl::open(store::Database& database) {
  return std::unique_ptr<AccessControl>(new AccessControl(database, TRY(arm::builtin_roles())));
}

void AccessControl::forget() {
  const std::lock_guard lock(mutex_);
  snapshot_ = nullptr;
  ++generation_;
}

base::Result<std::shared_ptr<const AccessControl::Snapshot>> AccessControl::snapshot() {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    if (snapshot_) return snapshot_;
    generation = generation_;
  }
  auto loaded = TRY(load());
  const std::lock_guard lock(mutex_);
  if (generation == generation_) snapshot_ = loaded;
  return loaded;
}

base::Result<std::shared_ptr<const AccessControl::Snapshot>> AccessControl::load() {
  auto snapshot = std::make_shared<Snapshot>();
  for (const auto& definition : builtin_) snapshot->roles.push_back(std::make_shared<const Role>(role_of(definition)));
  std::vector<Resource> assignments;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& custom : TRY(load_resources(session, "Microsoft.Authorization/roleDefinitions", "/"))) {
      const auto* properties = custom.body.if_contains("properties");
      const auto definition = TRY(role_from_properties(base::to_lower(custom.id.name()), properties ? *properties : base::Json(nullptr)));
      snapshot->roles.push_back(std::make_shared<const Role>(role_of(definition)));
    }
    assignments = TRY(load_resources(session, "Microsoft.Authorization/roleAssignments", "/"));
    for (const auto& denial : TRY(load_resources(session, "Microsoft.Authorization/denyAssignments", "/"))) {
      const auto* only = denial.property("doNotApplyToChildScopes");
      snapshot->denials.push_back({scope_of(denial), TRY(permissions_of(denial)),
                                   principal_ids(denial.property("principals")),
                                   principal_ids(denial.property("excludePrincipals")), only && only->is_bool() && only->get_bool()});
    }
    return {};
  }));
  for (const auto& assignment : assignments) {
    const std::string wanted = role_uuid(assignment.text_property("roleDefinitionId"));
    for (const auto& role : snapshot->roles) {
      if (role_uuid(role->id_key) != wanted) continue;
      snapshot->assignments.push_back({scope_of(assignment), base::to_lower(assignment.text_property("principalId")), role});
      break;
    }
  }
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

base::Result<Access> AccessControl::access_of(const identity::Caller& caller) {
  const auto held = TRY(snapshot());
  std::set<std::string> principals(caller.groups.begin(), caller.groups.end());
  principals.insert(caller.principal.id);
  Access access(held->assignments, held->denials, std::move(principals));
  if (caller.actions.empty() && caller.scope_key == "/") return access;
  return access.narrowed(caller.actions, caller.scope_key);
}

}  // namespace arm
