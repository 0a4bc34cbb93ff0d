// SPDX-License-Identifier: Apache-2.0
// Users and groups as an administrator keeps them.
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "identity/service.hpp"

namespace identity {

namespace {

// The row to write for what an administrator gave: a new one, or the one there with its names changed.
base::Result<PrincipalRow> row_for(store::Session& session, const Principal& given, PrincipalKind kind, store::Millis at) {
  PrincipalRow row;
  if (given.id.empty()) {
    row.principal = given;
    row.principal.id = base::uuid4();
    row.principal.kind = kind;
    row.principal.created_at = at;
    row.principal.last_sign_in_at = 0;
  } else {
    row = TRY(principal_that_exists(session, given.id));
    if (row.principal.kind != kind)
      return base::fail(base::Kind::invalid_input, fmt::format("{} is no {}", row.principal.name, kind_text(kind)));
    row.principal.name = given.name;
    row.principal.display_name = given.display_name;
    row.principal.email = given.email;
  }
  row.changed_at = at;
  return row;
}

}  // namespace

base::Result<std::vector<Principal>> Service::principals() {
  std::vector<Principal> found;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    found = TRY(all_principals(session));
    return {};
  }));
  return found;
}

base::Result<Principal> Service::find(const std::string& id_or_name) {
  std::vector<Principal> found;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    if (auto row = TRY(principal_by_id(session, base::to_lower(id_or_name)))) {
      found.push_back(std::move(row->principal));
      return {};
    }
    for (const PrincipalKind kind : {PrincipalKind::user, PrincipalKind::service_principal, PrincipalKind::group})
      if (auto row = TRY(principal_by_name(session, kind, id_or_name))) found.push_back(std::move(row->principal));
    return {};
  }));
  const std::string shown = base::printable(std::string_view(id_or_name).substr(0, 128));
  if (found.empty()) return base::fail(base::Kind::not_found, fmt::format("there is no principal {}", shown));
  if (found.size() > 1)
    return base::fail(base::Kind::conflict, fmt::format("several principals are named {}: give the object id", shown));
  return std::move(found.front());
}

base::Result<Principal> Service::put_user(const Principal& user, const std::optional<std::string>& password) {
  std::string hash;
  if (password) {
    TRY(check_password(*password, user.name));
    hash = TRY(hashed(*password));
  }
  Principal result;
  TRY(change([&](store::Session& session) -> base::Result<void> {
    PrincipalRow row = TRY(row_for(session, user, PrincipalKind::user, now()));
    const bool fresh = user.id.empty();
    if (fresh && !user.local) row.subject = kAwaitedSubject;
    if (password && !row.subject.empty())
      return base::fail(base::Kind::invalid_input,
                        fmt::format("{} signs in through OpenID Connect and has no password here", row.principal.name));
    if (password) {
      row.secret_hash = hash;
      TRY(end_sessions(session, row.principal.id));
      TRY(delete_links(session, row.principal.id));
    }
    TRY(fresh ? insert_principal(session, row) : update_principal(session, row));
    result = row.principal;
    return {};
  }));
  return result;
}

base::Result<Principal> Service::put_group(const Principal& group, const std::vector<std::string>& members) {
  Principal result;
  TRY(change([&](store::Session& session) -> base::Result<void> {
    const PrincipalRow row = TRY(row_for(session, group, PrincipalKind::group, now()));
    TRY(group.id.empty() ? insert_principal(session, row) : update_principal(session, row));
    TRY(replace_members(session, row.principal.id, members));
    result = row.principal;
    return {};
  }));
  return result;
}

base::Result<std::vector<std::string>> Service::members(const std::string& group_id) {
  std::vector<std::string> found;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    const PrincipalRow row = TRY(principal_that_exists(session, group_id));
    if (row.principal.kind != PrincipalKind::group)
      return base::fail(base::Kind::invalid_input, fmt::format("{} is no group", row.principal.name));
    found = TRY(members_of(session, group_id));
    return {};
  }));
  return found;
}

base::Result<void> Service::set_disabled(const std::string& id, bool disabled) {
  return change([&](store::Session& session) -> base::Result<void> {
    PrincipalRow row = TRY(principal_that_exists(session, id));
    row.principal.disabled = disabled;
    row.changed_at = now();
    if (disabled) {
      TRY(end_sessions(session, id));
      TRY(delete_links(session, id));
    }
    return update_principal(session, row);
  });
}

base::Result<void> Service::remove(const std::string& id) {
  return change([&](store::Session& session) -> base::Result<void> {
    TRY(principal_that_exists(session, id));
    return delete_principal(session, id);
  });
}

}  // namespace identity
