// SPDX-License-Identifier: Apache-2.0
#include "identity/directory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace identity {

namespace {

constexpr std::string_view kColumns =
    "id, kind, name, display_name, email, secret_hash, subject, disabled, created_at, last_sign_in_at, settings, changed_at";
constexpr std::size_t kLongestName = 128;
constexpr std::size_t kLongestLabel = 256;

PrincipalKind kind_of_text(std::string_view text) {
  if (text == "group") return PrincipalKind::group;
  return text == "service_principal" ? PrincipalKind::service_principal : PrincipalKind::user;
}

PrincipalRow read_principal(const store::Row& row) {
  PrincipalRow found;
  Principal& principal = found.principal;
  principal.id = row.text(0);
  principal.kind = kind_of_text(row.text(1));
  principal.name = row.text(2);
  principal.display_name = row.text(3);
  principal.email = row.text(4);
  found.secret_hash = row.text(5);
  found.subject = row.text(6);
  principal.disabled = row.integer(7) != 0;
  principal.created_at = row.integer(8);
  principal.last_sign_in_at = row.integer(9);
  principal.local = found.subject.empty();
  if (auto settings = base::parse_json(row.text(10), "settings of a principal"); settings && settings->is_object())
    found.settings = std::move(settings->as_object());
  found.changed_at = row.integer(11);
  return found;
}

base::Result<std::optional<PrincipalRow>> one_principal(store::Session& session, std::string_view condition,
                                                        const std::vector<store::Value>& parameters) {
  std::optional<PrincipalRow> found;
  TRY(session.query(fmt::format("SELECT {} FROM principals WHERE {}", kColumns, condition), parameters,
                    [&](const store::Row& row) { found = read_principal(row); }));
  return found;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::string_view("0123456789abcdefABCDEF").find(text[i]) == std::string_view::npos)
      return false;
  }
  return true;
}

base::Result<void> check_names(const Principal& principal) {
  const auto refuse = [](std::string words) { return base::fail(base::Kind::invalid_input, std::move(words)); };
  const std::string& name = principal.name;
  if (name.empty()) return refuse("a principal needs a name");
  if (name.size() > kLongestName) return refuse("the name is longer than 128 bytes: shorten it");
  if (base::printable(name) != name || base::trim(name) != name)
    return refuse("the name holds control characters or begins or ends with a blank: leave them out");
  if (principal.kind != PrincipalKind::service_principal && is_uuid(name))
    return refuse("the name has the form of an object id: choose another");
  for (const std::string* label : {&principal.display_name, &principal.email})
    if (label->size() > kLongestLabel || base::printable(*label) != *label)
      return refuse(fmt::format("display name or e-mail address of {} is longer than 256 bytes or holds control characters", name));
  return {};
}

base::Error name_conflict(const base::Error& error, const Principal& principal) {
  if (error.kind != base::Kind::conflict) return error;
  return {base::Kind::conflict, fmt::format("there is a {} named {} already: choose another name",
                                            principal.kind == PrincipalKind::service_principal ? "service principal"
                                                                                               : kind_text(principal.kind),
                                            principal.name)};
}

}  // namespace

std::string_view kind_text(PrincipalKind kind) {
  switch (kind) {
    case PrincipalKind::group: return "group";
    case PrincipalKind::service_principal: return "service_principal";
    case PrincipalKind::user: break;
  }
  return "user";
}

base::Result<std::optional<PrincipalRow>> principal_by_id(store::Session& session, std::string_view id) {
  return one_principal(session, "id = ?", {id});
}

base::Result<std::optional<PrincipalRow>> principal_by_name(store::Session& session, PrincipalKind kind,
                                                            std::string_view name) {
  const std::string key = base::to_lower(name);
  return one_principal(session, "kind = ? AND name_key = ?", {kind_text(kind), std::string_view(key)});
}

base::Result<std::optional<PrincipalRow>> principal_by_subject(store::Session& session, std::string_view subject) {
  return one_principal(session, "subject = ?", {subject});
}

base::Result<PrincipalRow> principal_that_exists(store::Session& session, std::string_view id) {
  auto row = TRY(principal_by_id(session, id));
  if (!row) return base::fail(base::Kind::not_found, fmt::format("no principal has the object id {}", base::printable(id.substr(0, 64))));
  return *std::move(row);
}

base::Result<std::vector<Principal>> all_principals(store::Session& session) {
  std::vector<Principal> found;
  TRY(session.query(fmt::format("SELECT {} FROM principals ORDER BY kind DESC, name_key", kColumns), {},
                    [&](const store::Row& row) { found.push_back(read_principal(row).principal); }));
  return found;
}

base::Result<void> insert_principal(store::Session& session, const PrincipalRow& row) {
  const Principal& p = row.principal;
  TRY(check_names(p));
  const std::string key = base::to_lower(p.name), settings = base::to_text(row.settings);
  using View = std::string_view;
  auto done = session.run(
      "INSERT INTO principals (id, kind, name, name_key, display_name, email, secret_hash, subject, disabled, created_at, "
      "changed_at, last_sign_in_at, settings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {View(p.id), kind_text(p.kind), View(p.name), View(key), View(p.display_name), View(p.email), View(row.secret_hash),
       View(row.subject), std::int64_t(p.disabled), p.created_at, row.changed_at, p.last_sign_in_at, View(settings)});
  if (!done) return base::fail(name_conflict(done.error(), p));
  return {};
}

base::Result<void> update_principal(store::Session& session, const PrincipalRow& row) {
  const Principal& p = row.principal;
  TRY(check_names(p));
  const std::string key = base::to_lower(p.name), settings = base::to_text(row.settings);
  using View = std::string_view;
  auto done = session.run(
      "UPDATE principals SET name = ?, name_key = ?, display_name = ?, email = ?, secret_hash = ?, subject = ?, "
      "disabled = ?, changed_at = ?, last_sign_in_at = ?, settings = ? WHERE id = ?",
      {View(p.name), View(key), View(p.display_name), View(p.email), View(row.secret_hash), View(row.subject),
       std::int64_t(p.disabled), row.changed_at, p.last_sign_in_at, View(settings), View(p.id)});
  if (!done) return base::fail(name_conflict(done.error(), p));
  return {};
}

base::Result<void> delete_principal(store::Session& session, const std::string& id) {
  const std::string_view key = id;
  TRY(session.run("DELETE FROM group_members WHERE group_id = ? OR member_id = ?", {key, key}));
  TRY(session.run("DELETE FROM api_tokens WHERE principal_id = ?", {key}));
  TRY(delete_links(session, id));
  TRY(end_sessions(session, id));
  return session.run("DELETE FROM principals WHERE id = ?", {key});
}

base::Result<void> end_sessions(store::Session& session, const std::string& principal_id, const std::string& but_hash) {
  return session.run("DELETE FROM sessions WHERE principal_id = ? AND token_hash <> ?",
                     {std::string_view(principal_id), std::string_view(but_hash)});
}

base::Result<void> delete_links(store::Session& session, const std::string& principal_id) {
  return session.run("DELETE FROM one_time_links WHERE principal_id = ?", {std::string_view(principal_id)});
}

}  // namespace identity
