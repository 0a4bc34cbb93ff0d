// SPDX-License-Identifier: Apache-2.0
// Users, groups, programs (OAuth2 clients) and API tokens.
#include <fmt/format.h>

#include "arm/resource.hpp"
#include "base/text.hpp"
#include "hub/routes.hpp"
#include "hub/view_query.hpp"
#include "providers/authorization/authorization.hpp"

namespace hub {

namespace {

// Within Microsoft.Authorization, which Contributor may not write: who makes sign-in links can become anybody.
constexpr const char* kReadPeople = "Microsoft.Authorization/principals/read";
constexpr const char* kWritePeople = "Microsoft.Authorization/principals/write";
constexpr int kTokenDaysDefault = 90, kTokenDaysMost = 3660;

// Roles of a principal: {name, scope, id}.
base::Result<base::JsonArray> roles_of(const Context& context, store::Session& session, const std::string& principal) {
  base::JsonArray roles;
  for (const auto& assignment : TRY(arm::load_resources(session, "Microsoft.Authorization/roleAssignments", "/"))) {
    if (assignment.text_property("principalId") != principal) continue;
    const std::string guid = arm::role_uuid(assignment.text_property("roleDefinitionId"));
    std::string name = guid;
    for (const auto& role : context.access_control.builtin_roles())
      if (role.id == guid) name = role.name;
    roles.emplace_back(base::JsonObject{{"name", name}, {"scope", assignment.id.parent().text()}, {"id", assignment.id.text()}});
  }
  return roles;
}

base::Result<base::JsonObject> user_json(const Context& context, store::Session& session, const identity::Principal& user) {
  return base::JsonObject{{"id", user.id}, {"name", user.name}, {"displayName", user.display_name}, {"email", user.email}, {"disabled", user.disabled},
                          {"local", user.local}, {"lastSignIn", time_or_null(user.last_sign_in_at)}, {"roles", TRY(roles_of(context, session, user.id))}};
}

base::Result<base::JsonObject> client_json(const Context& context, store::Session& session, const identity::Principal& client) {
  return base::JsonObject{{"id", client.id}, {"clientId", client.name}, {"displayName", client.display_name}, {"disabled", client.disabled},
                          {"roles", TRY(roles_of(context, session, client.id))}};
}

base::Result<net::ServerResponse> list_principals(const Context& context, identity::PrincipalKind kind) {
  const auto principals = TRY(context.identity.principals());
  base::JsonArray value;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& principal : principals) {
      if (principal.kind != kind) continue;
      if (kind == identity::PrincipalKind::service_principal) value.emplace_back(TRY(client_json(context, session, principal)));
      else value.emplace_back(TRY(user_json(context, session, principal)));
    }
    return {};
  }));
  const auto total = static_cast<std::int64_t>(value.size());
  return page_response(std::move(value), total, {});
}

std::string link_of(const ApiCall& call, const std::string& token) {
  return fmt::format("{}://{}/welcome#{}", call.http.tls ? "https" : "http", call.http.header("host"), token);
}

base::Result<net::ServerResponse> add_user(const Context& context, const ApiCall& call) {
  const auto body = TRY(call.body());
  identity::Principal user;
  user.name = base::get_string(body, "name");
  user.display_name = base::get_string(body, "displayName", user.name);
  user.email = base::get_string(body, "email");
  user = TRY(context.identity.put_user(user, std::nullopt));
  const auto token = TRY(context.identity.make_link(user.id));
  base::JsonObject json;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    json = TRY(user_json(context, session, user));
    return {};
  }));
  json.emplace("link", link_of(call, token));
  return json_response(json, 201);
}

// The last person who may do everything must stay able to.
base::Result<void> keep_an_owner(const Context& context, const std::string& id) {
  bool another = false;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    another = TRY(providers::another_owner(session, id));
    return {};
  }));
  if (!another) return base::fail(base::Kind::conflict, "This is the last Owner of the installation; give the role to somebody else first.");
  return {};
}

base::Result<net::ServerResponse> change_user(const Context& context, const ApiCall& call) {
  const auto body = TRY(call.body());
  auto user = TRY(context.identity.find(call.parts[0]));
  if (user.kind != identity::PrincipalKind::user) return base::fail(base::Kind::not_found, "There is no such user.");
  if (const auto* name = base::find(body, "displayName")) user.display_name = base::as_string(*name);
  if (const auto* email = base::find(body, "email")) user.email = base::as_string(*email);
  const bool disabled = base::get_bool(body, "disabled", user.disabled);
  if (disabled && !user.disabled) TRY(keep_an_owner(context, user.id));
  user = TRY(context.identity.put_user(user, std::nullopt));
  if (disabled != user.disabled) TRY(context.identity.set_disabled(user.id, disabled));
  user.disabled = disabled;
  base::JsonObject json;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    json = TRY(user_json(context, session, user));
    return {};
  }));
  return json_response(json);
}

// With the roles it had: an assignment to nobody would only confuse.
base::Result<net::ServerResponse> remove_principal(const Context& context, const ApiCall& call) {
  const auto principal = TRY(context.identity.find(call.parts[0]));
  TRY(keep_an_owner(context, principal.id));
  TRY(context.identity.remove(principal.id));
  TRY(context.database.write([&](store::Session& session) -> base::Result<void> {
    for (const auto& assignment : TRY(arm::load_resources(session, "Microsoft.Authorization/roleAssignments", "/")))
      if (assignment.text_property("principalId") == principal.id) TRY(arm::delete_resource(session, assignment.id.key()));
    session.after_commit([&context] { context.access_control.forget(); });
    return {};
  }));
  return net::ServerResponse{204, {}, {}, {}, {}};
}

base::Result<net::ServerResponse> renew_link(const Context& context, const ApiCall& call) {
  const auto user = TRY(context.identity.find(call.parts[0]));
  return json_response(base::JsonObject{{"link", link_of(call, TRY(context.identity.make_link(user.id)))}});
}

base::Result<net::ServerResponse> add_client(const Context& context, const ApiCall& call) {
  const auto body = TRY(call.body());
  const auto made = TRY(context.identity.add_service_principal(std::string(base::get_string(body, "displayName"))));
  return json_response(base::JsonObject{{"id", made.principal.id}, {"clientId", made.principal.name}, {"displayName", made.principal.display_name},
                                        {"roles", base::JsonArray{}}, {"secret", made.secret}}, 201);
}

base::Result<net::ServerResponse> renew_secret(const Context& context, const ApiCall& call) {
  return json_response(base::JsonObject{{"secret", TRY(context.identity.renew_secret(call.parts[0]))}});
}

base::Result<net::ServerResponse> list_groups(const Context& context, const ApiCall&) {
  base::JsonArray value;
  for (const auto& group : TRY(context.identity.principals())) {
    if (group.kind != identity::PrincipalKind::group) continue;
    base::JsonArray roles;
    TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
      roles = TRY(roles_of(context, session, group.id));
      return {};
    }));
    value.emplace_back(base::JsonObject{{"id", group.id}, {"name", group.name}, {"displayName", group.display_name},
                                        {"members", texts_json(TRY(context.identity.members(group.id)))}, {"roles", std::move(roles)}});
  }
  const auto total = static_cast<std::int64_t>(value.size());
  return page_response(std::move(value), total, {});
}

base::Result<net::ServerResponse> put_group(const Context& context, const ApiCall& call) {
  const auto body = TRY(call.body());
  identity::Principal group;
  group.kind = identity::PrincipalKind::group;
  if (!call.parts.empty()) group = TRY(context.identity.find(call.parts[0]));
  if (const auto name = base::get_string(body, "name"); !name.empty()) group.name = name;
  group.display_name = base::get_string(body, "displayName", group.name);
  std::vector<std::string> members;
  for (const auto& member : base::get_array(body, "members")) members.push_back(TRY(context.identity.find(std::string(base::as_string(member)))).id);
  group = TRY(context.identity.put_group(group, members));
  return json_response(base::JsonObject{{"id", group.id}, {"name", group.name}, {"displayName", group.display_name}, {"members", texts_json(members)}}, call.parts.empty() ? 201 : 200);
}

bool may_write_people(const Context& context, const ApiCall& call) { return call.access.allows(kWritePeople, base::to_lower(context.subscription())); }

base::Result<net::ServerResponse> list_tokens(const Context& context, const ApiCall& call) {
  const bool all = call.http.parameter("all") == "true" && may_write_people(context, call);
  std::map<std::string, std::string> names;
  for (const auto& principal : TRY(context.identity.principals())) names[principal.id] = principal.name;
  base::JsonArray value;
  for (const auto& token : TRY(context.identity.tokens(all ? "" : call.caller.principal.id)))
    value.emplace_back(base::JsonObject{{"id", token.id}, {"name", token.name}, {"scope", token.scope}, {"actions", texts_json(token.actions)},
                                        {"created", time_or_null(token.created_at)}, {"expires", time_or_null(token.expires_at)}, {"used", time_or_null(token.used_at)},
                                        {"owner", names[token.principal_id]}});
  const auto total = static_cast<std::int64_t>(value.size());
  return page_response(std::move(value), total, {});
}

base::Result<net::ServerResponse> add_token(const Context& context, const ApiCall& call) {
  const auto body = TRY(call.body());
  const auto days = base::get_int(body, "days").value_or(kTokenDaysDefault);
  if (days < 1 || days > kTokenDaysMost) return base::fail(base::Kind::invalid_input, fmt::format("days must be from 1 to {}.", kTokenDaysMost));
  const auto scope = TRY(arm::ResourceId::parse(base::get_string(body, "scope", "/")));
  std::vector<std::string> actions;
  for (const auto& action : base::get_array(body, "actions")) actions.emplace_back(base::as_string(action));
  // A narrowed token cannot beget a wider one.
  if (!call.caller.actions.empty() || call.caller.scope_key != "/")
    return base::fail(base::Kind::denied, "A token that is narrowed to a scope or to actions cannot make tokens; sign in instead.");
  const auto made = TRY(context.identity.add_token(call.caller.principal.id, std::string(base::get_string(body, "name")), scope.text(), actions, std::chrono::hours(24 * days)));
  return json_response(base::JsonObject{{"id", made.token.id}, {"name", made.token.name}, {"scope", made.token.scope}, {"actions", texts_json(made.token.actions)},
                                        {"created", time_or_null(made.token.created_at)}, {"expires", time_or_null(made.token.expires_at)}, {"secret", made.secret}}, 201);
}

base::Result<net::ServerResponse> remove_token(const Context& context, const ApiCall& call) {
  bool own = false;
  for (const auto& token : TRY(context.identity.tokens(call.caller.principal.id))) own = own || token.id == call.parts[0];
  if (!own && !may_write_people(context, call)) return base::fail(base::Kind::not_found, "You have no such token.");
  TRY(context.identity.remove_token(call.parts[0]));
  return net::ServerResponse{204, {}, {}, {}, {}};
}

}  // namespace

void add_identity_routes(Api& api, const Context& context) {
  using View = base::Result<net::ServerResponse> (*)(const Context&, const ApiCall&);
  const auto add = [&](const char* method, const char* pattern, const char* action, View view) {
    api.add({method, pattern, action, [&context, view](const ApiCall& call) { return view(context, call); }});
  };
  api.add({"GET", "/api/v1/users", kReadPeople, [&context](const ApiCall&) { return list_principals(context, identity::PrincipalKind::user); }});
  api.add({"GET", "/api/v1/clients", kReadPeople, [&context](const ApiCall&) { return list_principals(context, identity::PrincipalKind::service_principal); }});
  add("POST", "/api/v1/users", kWritePeople, add_user);
  add("PATCH", "/api/v1/users/{id}", kWritePeople, change_user);
  add("DELETE", "/api/v1/users/{id}", kWritePeople, remove_principal);
  add("POST", "/api/v1/users/{id}/link", kWritePeople, renew_link);
  add("POST", "/api/v1/clients", kWritePeople, add_client);
  add("DELETE", "/api/v1/clients/{id}", kWritePeople, remove_principal);
  add("POST", "/api/v1/clients/{id}/secret", kWritePeople, renew_secret);
  add("GET", "/api/v1/groups", kReadPeople, list_groups);
  add("POST", "/api/v1/groups", kWritePeople, put_group);
  add("PATCH", "/api/v1/groups/{id}", kWritePeople, put_group);
  add("DELETE", "/api/v1/groups/{id}", kWritePeople, remove_principal);
  add("GET", "/api/v1/tokens", "", list_tokens);
  add("POST", "/api/v1/tokens", "", add_token);
  add("DELETE", "/api/v1/tokens/{id}", "", remove_token);
}

}  // namespace hub
