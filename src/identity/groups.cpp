// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "identity/directory.hpp"

namespace identity {

namespace {

constexpr std::size_t kMostMembers = 10'000;
constexpr std::size_t kMostClaimedGroups = 500;

base::Result<std::vector<std::string>> text_column(store::Session& session, std::string_view sql,
                                                   const std::string& parameter) {
  std::vector<std::string> found;
  TRY(session.query(sql, {std::string_view(parameter)}, [&](const store::Row& row) { found.emplace_back(row.text(0)); }));
  return found;
}

base::Result<bool> add_member(store::Session& session, const std::string& group, const std::string& member) {
  TRY(session.run("INSERT INTO group_members (group_id, member_id) VALUES (?, ?) ON CONFLICT (group_id, member_id) DO NOTHING",
                  {std::string_view(group), std::string_view(member)}));
  return session.changes() > 0;
}

// Ids of the enabled groups with these names; a leading '/' (a path of Keycloak's) is not part of the name.
base::Result<std::set<std::string>> groups_named(store::Session& session, const std::vector<std::string>& names) {
  std::set<std::string> found;
  for (std::size_t i = 0; i < std::min(names.size(), kMostClaimedGroups); ++i) {
    std::string_view name = names[i];
    if (!name.empty() && name.front() == '/') name.remove_prefix(1);
    if (const auto group = TRY(principal_by_name(session, PrincipalKind::group, name))) found.insert(group->principal.id);
  }
  return found;
}

std::set<std::string> claimed_before(const PrincipalRow& row) {
  std::set<std::string> found;
  const base::Json* ids = row.settings.if_contains("claimed_groups");
  if (ids == nullptr || !ids->is_array()) return found;
  for (const base::Json& id : ids->get_array())
    found.emplace(base::as_string(id));
  return found;
}

}  // namespace

base::Result<std::vector<std::string>> groups_of(store::Session& session, const std::string& id) {
  return text_column(session,
                     "WITH RECURSIVE holding (id) AS ("
                     "SELECT m.group_id FROM group_members m JOIN principals p ON p.id = m.group_id AND p.disabled = 0 "
                     "WHERE m.member_id = ? "
                     "UNION "
                     "SELECT m.group_id FROM group_members m JOIN holding h ON m.member_id = h.id "
                     "JOIN principals p ON p.id = m.group_id AND p.disabled = 0) "
                     "SELECT id FROM holding ORDER BY id",
                     id);
}

base::Result<std::vector<std::string>> members_of(store::Session& session, const std::string& group_id) {
  return text_column(session, "SELECT member_id FROM group_members WHERE group_id = ? ORDER BY member_id", group_id);
}

base::Result<void> replace_members(store::Session& session, const std::string& group_id,
                                   const std::vector<std::string>& members) {
  if (members.size() > kMostMembers) return base::fail(base::Kind::too_large, "a group has at most 10000 members");
  TRY(session.run("DELETE FROM group_members WHERE group_id = ?", {std::string_view(group_id)}));
  for (const std::string& member : members) {
    if (member == group_id) return base::fail(base::Kind::invalid_input, "a group cannot be a member of itself");
    TRY(principal_that_exists(session, member));
    TRY(add_member(session, group_id, member));
  }
  return {};
}

base::Result<void> apply_claimed_groups(store::Session& session, PrincipalRow& row,
                                        const std::vector<std::string>& group_names) {
  const std::string& user = row.principal.id;
  const std::set<std::string> before = claimed_before(row), now = TRY(groups_named(session, group_names));
  base::JsonArray claimed;
  for (const std::string& group : now) {
    const bool added = TRY(add_member(session, group, user));
    if (added || before.count(group) != 0) claimed.emplace_back(group);
  }
  for (const std::string& group : before)
    if (now.count(group) == 0)
      TRY(session.run("DELETE FROM group_members WHERE group_id = ? AND member_id = ?",
                      {std::string_view(group), std::string_view(user)}));
  row.settings["claimed_groups"] = std::move(claimed);
  return {};
}

}  // namespace identity
