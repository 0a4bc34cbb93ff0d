// SPDX-License-Identifier: Apache-2.0
#include "arm/rbac.hpp"

#include <algorithm>
#include <optional>

#include "arm/resource_id.hpp"

namespace arm {

namespace {

constexpr std::string_view kEverybody = "00000000-0000-0000-0000-000000000000";

char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool matches_any(const std::vector<std::string>& patterns, std::string_view action) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return action_matches(pattern, action); });
}

bool any_grants(const std::vector<Permission>& permissions, std::string_view action, Plane plane) {
  return std::any_of(permissions.begin(), permissions.end(),
                     [&](const Permission& permission) { return grants(permission, action, plane); });
}

bool concerns(const DenyAssignment& denial, const std::set<std::string>& principals) {
  const auto is_caller = [&](const std::string& id) { return principals.count(id) > 0; };
  const auto is_named = [&](const std::string& id) { return id == kEverybody || is_caller(id); };
  return std::any_of(denial.principals.begin(), denial.principals.end(), is_named) &&
         std::none_of(denial.excluded.begin(), denial.excluded.end(), is_caller);
}

bool denies(const DenyAssignment& denial, std::string_view action, std::string_view scope_key, Plane plane) {
  const bool in_scope = denial.only_this_scope ? denial.scope_key == scope_key : is_scope_of(denial.scope_key, scope_key);
  return in_scope && any_grants(denial.permissions, action, plane);
}

// The narrower of two scopes; nothing where neither is within the other.
std::optional<std::string> common_scope(const std::string& a, const std::string& b) {
  if (is_scope_of(a, b)) return b;
  if (is_scope_of(b, a)) return a;
  return std::nullopt;
}

// What two lists of patterns have in common, as far as one pattern lies within another. A pattern that matches the text
// of another matches all that the other does: each '*' of the text falls to a '*'.
std::vector<std::string> overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> out;
  for (const std::string& x : a) {
    for (const std::string& y : b) {
      if (action_matches(x, y))
        out.push_back(y);
      else if (action_matches(y, x))
        out.push_back(x);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

bool action_matches(std::string_view pattern, std::string_view action) {
  // Where a character does not fit, the last '*' takes one more; earlier ones never need to.
  std::size_t p = 0, a = 0, after_star = std::string_view::npos, star_took_to = 0;
  while (a < action.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      star_took_to = a;
    } else if (p < pattern.size() && lower_ascii(pattern[p]) == lower_ascii(action[a])) {
      ++p;
      ++a;
    } else if (after_star != std::string_view::npos) {
      p = after_star;
      a = ++star_took_to;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool grants(const Permission& permission, std::string_view action, Plane plane) {
  const bool control = plane == Plane::control;
  return matches_any(control ? permission.actions : permission.data_actions, action) &&
         !matches_any(control ? permission.not_actions : permission.not_data_actions, action);
}

Access::Access(std::vector<Assignment> assignments, std::vector<DenyAssignment> denials, std::set<std::string> principals) {
  for (Assignment& assignment : assignments)
    if (assignment.role && principals.count(assignment.principal_id) > 0) assignments_.push_back(std::move(assignment));
  for (DenyAssignment& denial : denials)
    if (concerns(denial, principals)) denials_.push_back(std::move(denial));
}

Access Access::narrowed(std::vector<std::string> action_patterns, std::string scope_key) const {
  Access out = *this;
  out.narrowings_.push_back({std::move(action_patterns), std::move(scope_key)});
  return out;
}

bool Access::within_narrowings(std::string_view action, std::string_view scope_key) const {
  return std::all_of(narrowings_.begin(), narrowings_.end(), [&](const Narrowing& narrowing) {
    return is_scope_of(narrowing.within, scope_key) &&
           (narrowing.patterns.empty() || matches_any(narrowing.patterns, action));
  });
}

bool Access::allows(std::string_view action, std::string_view scope_key, Plane plane) const {
  if (!within_narrowings(action, scope_key)) return false;
  for (const DenyAssignment& denial : denials_)
    if (denies(denial, action, scope_key, plane)) return false;
  return std::any_of(assignments_.begin(), assignments_.end(), [&](const Assignment& assignment) {
    return is_scope_of(assignment.scope_key, scope_key) && any_grants(assignment.role->permissions, action, plane);
  });
}

std::vector<std::string> Access::granted_scopes(std::string_view action, Plane plane) const {
  std::vector<std::string> scopes;
  for (const Assignment& assignment : assignments_) {
    if (!any_grants(assignment.role->permissions, action, plane)) continue;
    std::optional<std::string> scope = assignment.scope_key;
    for (const Narrowing& narrowing : narrowings_)
      if (scope) scope = common_scope(*scope, narrowing.within);
    if (scope && within_narrowings(action, *scope)) scopes.push_back(std::move(*scope));
  }
  std::sort(scopes.begin(), scopes.end());
  std::vector<std::string> out;  // what is above sorts in front of what is within it
  for (std::string& scope : scopes)
    if (std::none_of(out.begin(), out.end(), [&](const std::string& above) { return is_scope_of(above, scope); }))
      out.push_back(std::move(scope));
  return out;
}

std::vector<Permission> Access::permissions_at(std::string_view scope_key) const {
  std::vector<Permission> out;
  for (const Assignment& assignment : assignments_)
    if (is_scope_of(assignment.scope_key, scope_key))
      out.insert(out.end(), assignment.role->permissions.begin(), assignment.role->permissions.end());
  for (const Narrowing& narrowing : narrowings_) {
    if (!is_scope_of(narrowing.within, scope_key)) return {};
    if (narrowing.patterns.empty()) continue;
    for (Permission& permission : out) {
      permission.actions = overlap(permission.actions, narrowing.patterns);
      permission.data_actions = overlap(permission.data_actions, narrowing.patterns);
    }
  }
  return out;
}

}  // namespace arm
