// SPDX-License-Identifier: Apache-2.0
// Who is signed in, and signing in.
#include <fmt/format.h>

#include <algorithm>

#include "arm/reply.hpp"
#include "base/text.hpp"
#include "hub/logs/query_scope.hpp"
#include "hub/routes.hpp"
#include "hub/version.hpp"
#include "identity/cookies.hpp"
#include "identity/request_origin.hpp"
#include "identity/sign_in_locks.hpp"
#include "security/plans.hpp"

namespace hub {

namespace {

base::JsonObject principal_json(const identity::Principal& principal) {
  return {{"id", principal.id}, {"name", principal.name}, {"displayName", principal.display_name}, {"email", principal.email}, {"local", principal.local}};
}

base::Result<base::JsonObject> plans_json(const Context& context) {
  base::JsonObject out;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto plans = TRY(security::load_plans(session, context.subscription()));
    for (const auto plan : security::kPlanNames) out.emplace(plan, security::tier_name(plans.tier(plan)));
    return {};
  }));
  return out;
}

base::JsonObject capabilities_json(const Context& context, const arm::Access& access) {
  const auto may = [&](std::string_view action) { return access.allows(action, base::to_lower(context.subscription())); };
  return {{"administer", may("Microsoft.Authorization/roleAssignments/write")},
          {"write", may("Microsoft.ContainerRegistry/registries/write")},
          {"addHosts", may("Microsoft.HybridCompute/machines/write")},
          {"exempt", may("Bulwark.Security/exemptions/write")},
          {"approve", access.allows("Microsoft.ContainerRegistry/registries/repositories/images/approve/action", base::to_lower(context.subscription()), arm::Plane::data)},
          {"deleteImages", may("Microsoft.ContainerRegistry/registries/repositories/images/delete")}};
}

// The workspace that the pages ask; null for who may not.
base::Result<base::Json> workspace_json(const Context& context, const arm::Access& access) {
  base::Json out;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto workspaces = TRY(providers::load_workspaces(session));
    const auto* one = providers::find_workspace(workspaces, providers::kDefaultWorkspace);
    if (one && access.allows(kQueryRight, one->key)) out = base::JsonObject{{"id", one->ref.resource_id}, {"customerId", one->ref.id}, {"name", one->ref.name}};
    return {};
  }));
  return out;
}

base::Result<base::JsonObject> session_json(const Context& context, const identity::Principal& principal, const std::string& csrf,
                                            const std::string& how, const arm::Access& access) {
  base::JsonObject out{{"user", principal_json(principal)},
                          {"csrf", csrf},
                          {"how", how},
                          {"tenantId", context.installation.tenant_id},
                          {"subscriptionId", context.installation.subscription_id},
                          {"resourceGroup", "default"},
                          {"version", version()},
                          {"capabilities", capabilities_json(context, access)},
                          {"plans", TRY(plans_json(context))}};
  if (auto workspace = TRY(workspace_json(context, access)); workspace.is_object()) out.emplace("workspace", std::move(workspace));
  return out;
}

arm::Reply sign_in_refusal(const base::Error& error) {
  if (error.kind == base::Kind::denied) return arm::refuse(401, "AuthenticationFailed", error.message);
  if (!identity::is_locked_out(error)) return arm::refuse(error);
  auto reply = arm::refuse(429, "TooManyRequests", error.message);
  reply.headers.emplace_back("Retry-After", std::to_string(identity::retry_after_seconds(error.message)));
  return reply;
}

net::ServerResponse sign_in_failure(const Context& context, const net::ServerRequest& request, const base::Error& error) {
  const auto reply = sign_in_refusal(error);
  context.manager.record(request, nullptr, "Bulwark.Hub/signIn/action", request.path, reply.status, error.message);
  return arm::to_response(reply);
}

// The session as GET gives it, with the cookie.
net::ServerResponse signed_in(const Context& context, const net::ServerRequest& request, const identity::SignIn& sign_in) {
  identity::Caller caller;
  caller.principal = sign_in.principal;
  const auto access = context.access_control.access_of(caller);
  const auto json = access ? session_json(context, sign_in.principal, sign_in.csrf, "session", *access) : base::Result<base::JsonObject>(base::fail(access.error()));
  if (!json) return arm::to_response(json.error());
  context.manager.record(request, &caller, "Bulwark.Hub/signIn/action", request.path, 200, "");
  auto response = json_response(*json);
  response.headers.emplace_back("Set-Cookie", identity::session_cookie(sign_in, request.tls, identity::Options().session_longest));
  return response;
}

net::ServerResponse from_sign_in(const Context& context, const net::ServerRequest& request, const base::Result<identity::SignIn>& sign_in) {
  return sign_in ? signed_in(context, request, *sign_in) : sign_in_failure(context, request, sign_in.error());
}

// What is sent to sign in, or the refusal to send.
tl::expected<base::Json, net::ServerResponse> credentials_of(const net::ServerRequest& request) {
  if (auto refused = arm::refuse_other_than_json(request)) return tl::make_unexpected(arm::to_response(*refused));
  if (request.body.size() > 16'384) return tl::make_unexpected(arm::to_response(arm::refuse(413, "RequestEntityTooLarge", "The body is over 16 KiB.")));
  auto body = base::parse_json(request.body, "the body of the request");
  if (!body) return tl::make_unexpected(arm::to_response(body.error()));
  return std::move(*body);
}

// Nobody is signed in to an account of somebody else's by a page of another site.
std::optional<net::ServerResponse> refuse_other_sites(const Context& context, const net::ServerRequest& request) {
  if (identity::is_from_own_page(request, context.options.public_url)) return std::nullopt;
  constexpr std::string_view kMessage = "This request comes from a page of another site; sign in on the hub's own, at the address that --public-url names.";
  context.manager.record(request, nullptr, "Bulwark.Hub/signIn/action", request.path, 403, std::string(kMessage));
  return arm::to_response(arm::refuse(403, "CrossSiteRequest", kMessage));
}

net::ServerResponse post_session(const Context& context, const net::ServerRequest& request) {
  if (auto refused = refuse_other_sites(context, request)) return *refused;
  const auto body = credentials_of(request);
  if (!body) return body.error();
  return from_sign_in(context, request, context.identity.sign_in(std::string(base::get_string(*body, "name")),
                                                                 std::string(base::get_string(*body, "password")), request));
}

net::ServerResponse post_link(const Context& context, const net::ServerRequest& request) {
  if (auto refused = refuse_other_sites(context, request)) return *refused;
  const auto body = credentials_of(request);
  if (!body) return body.error();
  return from_sign_in(context, request, context.identity.redeem_link(std::string(base::get_string(*body, "token")),
                                                                     std::string(base::get_string(*body, "password")), request));
}

bool nobody_signed_in_yet(const Context& context) {
  const auto principals = context.identity.principals();
  return principals && std::all_of(principals->begin(), principals->end(), [](const auto& principal) { return principal.last_sign_in_at == 0; });
}

net::ServerResponse get_session(const Context& context, const net::ServerRequest& request) {
  const auto caller = context.identity.authenticate(request);
  if (caller && *caller) {
    const auto access = context.access_control.access_of(**caller);
    if (!access) return arm::to_response(access.error());
    const auto csrf = (*caller)->how == "session" ? context.identity.csrf_of(**caller) : base::Result<std::string>(std::string());
    const auto json = session_json(context, (*caller)->principal, csrf.value_or(""), (*caller)->how, *access);
    return json ? json_response(*json) : arm::to_response(json.error());
  }
  base::JsonObject ways{{"password", true}, {"firstStart", nobody_signed_in_yet(context)}};
  if (context.options.oidc) ways.emplace("oidc", base::JsonObject{{"name", context.options.oidc->name}, {"url", "/signin/oidc/start"}});
  return json_response(base::JsonObject{{"error", base::JsonObject{{"code", "AuthenticationFailed"}, {"message", "Sign in first."}}}, {"signIn", std::move(ways)}}, 401);
}

net::ServerResponse redirect(const std::string& target) {
  net::ServerResponse response;
  response.status = 302;
  response.headers.emplace_back("Location", target);
  return response;
}

net::ServerResponse finish_oidc(const Context& context, const net::ServerRequest& request) {
  const auto sign_in = context.identity.oidc_finish(request);
  if (!sign_in) {
    context.manager.record(request, nullptr, "Bulwark.Hub/signIn/action", request.path, 401, sign_in.error().message);
    return redirect("/signin?error=" + base::percent_encode(sign_in.error().message));
  }
  identity::Caller caller;
  caller.principal = sign_in->principal;
  context.manager.record(request, &caller, "Bulwark.Hub/signIn/action", request.path, 200, "");
  auto response = redirect("/");
  response.headers.emplace_back("Set-Cookie", identity::session_cookie(*sign_in, request.tls, identity::Options().session_longest));
  return response;
}

base::Result<net::ServerResponse> delete_session(const Context& context, const ApiCall& call) {
  TRY(context.identity.sign_out(call.caller));
  net::ServerResponse response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", identity::clear_cookie(call.http.tls));
  return response;
}

base::Result<net::ServerResponse> post_password(const Context& context, const ApiCall& call) {
  const auto body = TRY(call.body());
  TRY(context.identity.change_password(call.caller, std::string(base::get_string(body, "old")), std::string(base::get_string(body, "new"))));
  return net::ServerResponse{204, {}, {}, {}, {}};
}

// Live progress. What is about a resource is told to who may read it; the rest to everybody who is signed in.
base::Result<net::ServerResponse> get_events(const Context& context, const ApiCall& call) {
  net::ServerResponse response;
  response.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  const std::string scope = base::to_lower(context.subscription());
  response.stream = [&context, access = call.access, scope](std::shared_ptr<net::EventStream> stream) {
    context.events.add(std::move(stream), [access, scope](std::string_view event, const base::JsonObject& data) {
      const auto* id = data.if_contains("id");
      if ((event == "host" || event == "control") && id && id->is_string()) return access.allows("Microsoft.HybridCompute/machines/read", base::to_lower(base::as_string(*id)));
      if (event == "assessment" && id && id->is_string()) return access.allows("Microsoft.Security/assessments/read", base::to_lower(base::as_string(*id)));
      return access.allows("Microsoft.ContainerRegistry/registries/read", scope);
    });
  };
  return response;
}

}  // namespace

std::optional<net::ServerResponse> serve_open_api(const Context& context, const net::ServerRequest& request) {
  if (request.path == "/api/v1/session" && request.method == "GET") return get_session(context, request);
  if (request.path == "/api/v1/session" && request.method == "POST") return post_session(context, request);
  if (request.path == "/api/v1/links" && request.method == "POST") return post_link(context, request);
  if (request.path == "/signin/oidc/start") {
    const auto target = context.identity.oidc_start(request);
    if (!target) return redirect("/signin?error=" + base::percent_encode(target.error().message));
    auto response = redirect(target->location);
    response.headers.emplace_back("Set-Cookie", target->cookie);
    return response;
  }
  if (request.path == "/signin/oidc") return finish_oidc(context, request);
  return std::nullopt;
}

void add_session_routes(Api& api, const Context& context) {
  api.add({"DELETE", "/api/v1/session", "", [&context](const ApiCall& call) { return delete_session(context, call); }});
  api.add({"POST", "/api/v1/session/password", "", [&context](const ApiCall& call) { return post_password(context, call); }});
  api.add({"GET", "/api/v1/events", "", [&context](const ApiCall& call) { return get_events(context, call); }});
}

}  // namespace hub
