// SPDX-License-Identifier: Apache-2.0
// Role-based access control as pure functions over values (Azure RBAC, "How Azure RBAC determines if a user has access").
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace arm {

// One permission of a role: what it grants, less what it takes out of that grant.
struct Permission {
  std::vector<std::string> actions, not_actions;            // patterns, '*' matches any characters, '/' too
  std::vector<std::string> data_actions, not_data_actions;
};

struct Role {
  std::string id_key;  // of the definition, lower case
  std::string name;
  std::vector<Permission> permissions;
};

struct Assignment {
  std::string scope_key;     // ResourceId::key; "/" is everything
  std::string principal_id;  // of a user, group or service principal; lower case
  std::shared_ptr<const Role> role;
};

struct DenyAssignment {
  std::string scope_key;
  std::vector<Permission> permissions;
  std::vector<std::string> principals, excluded;  // lower case; "00000000-0000-0000-0000-000000000000" is everybody
  bool only_this_scope = false;                   // doNotApplyToChildScopes
};

// "Microsoft.Security/*/read" against "Microsoft.Security/assessments/read"; without case.
bool action_matches(std::string_view pattern, std::string_view action);

enum class Plane { control, data };

// Whether one permission grants the action: a pattern matches and none of its own exclusions does.
bool grants(const Permission& permission, std::string_view action, Plane plane);

// What one caller may do, over a set of assignments. Answers are functions of the constructor's arguments.
class Access {
 public:
  Access() = default;  // nothing at all
  Access(std::vector<Assignment> assignments, std::vector<DenyAssignment> denials, std::set<std::string> principals);

  // The same, narrowed by a token: only actions (of both planes) that a pattern matches, no pattern at all being every
  // action, and only within the scope. Narrowed again, both hold.
  Access narrowed(std::vector<std::string> action_patterns, std::string scope_key) const;

  // A deny assignment at or above the scope wins; else any single role assigned at or above it that grants the action.
  bool allows(std::string_view action, std::string_view scope_key, Plane plane = Plane::control) const;

  // Scopes below which (and at which) the action is granted by an assignment, none within another. Deny assignments and
  // anything below must still be asked by `allows`. For lists: what to look at at all.
  std::vector<std::string> granted_scopes(std::string_view action, Plane plane = Plane::control) const;

  // Patterns that hold at a scope, as `GET …/providers/Microsoft.Authorization/permissions` shows them. Deny assignments
  // do not show, as in Azure. Of a token, never more than holds: patterns that overlap in part are left out.
  std::vector<Permission> permissions_at(std::string_view scope_key) const;

 private:
  struct Narrowing {
    std::vector<std::string> patterns;  // empty: all
    std::string within;
  };
  bool within_narrowings(std::string_view action, std::string_view scope_key) const;

  std::vector<Assignment> assignments_;  // of the caller alone
  std::vector<DenyAssignment> denials_;  // that concern the caller
  std::vector<Narrowing> narrowings_;    // of tokens
};

}  // namespace arm
