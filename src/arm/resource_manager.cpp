// SPDX-License-Identifier: Apache-2.0
#include "arm/resource_manager.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace arm {

namespace {

constexpr std::string_view kGroups = "Microsoft.Resources/resourceGroups";
constexpr std::string_view kProviders = "Microsoft.Resources/providers";
constexpr int kRefusalsRecordedPerMinute = 60;  // of one address: a flood of them must not fill the disk

bool is_write(std::string_view method) { return method != "GET" && method != "HEAD"; }

std::string correlation_of(const net::ServerRequest& request) {
  const std::string_view given = request.header("x-ms-correlation-request-id");
  const bool usable = !given.empty() && given.size() <= 64 && given.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
  return usable ? std::string(given) : base::uuid4();
}

bool is_api_version(std::string_view text) {
  if (text.size() < 10 || text.size() > 40) return false;
  for (std::size_t i = 0; i < 10; ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) return false;
  }
  return text.size() == 10 || text[10] == '-';
}

base::Result<base::Json> read_body(const net::ServerRequest& request) {
  if (!is_write(request.method) || base::trim(request.body).empty()) return base::Json(nullptr);
  return base::parse_json(request.body, "the body of the request");
}

Reply group_not_found(const std::string& name) {
  return refuse(404, "ResourceGroupNotFound", fmt::format("Resource group '{}' could not be found.", name));
}

Reply resource_not_found(const ResourceId& id) {
  if (id.type() == kGroups) return group_not_found(id.name());
  return refuse(404, "ResourceNotFound", fmt::format("The resource '{}' was not found.", id.text()));
}

// What is in a resource group needs the group; the group itself, and what is at the subscription, needs none.
base::Result<bool> lacks_group(store::Session& session, const ResourceId& id) {
  if (id.resource_group().empty() || id.type() == kGroups) return false;
  const std::string group = fmt::format("/subscriptions/{}/resourcegroups/{}", base::to_lower(id.subscription()), base::to_lower(id.resource_group()));
  return !TRY(store::query_integer(session, "SELECT 1 FROM resources WHERE resource_key = ?", {group})).has_value();
}

// A new resource's id, its type spelled as it is declared.
ResourceId spelled_id(const ResourceId& id, const ResourceType& type) {
  const bool other_spelling = id.type() != type.name && id.names().size() == 1;
  return other_spelling ? id.parent().extension(type.name, id.name()) : id;
}

bool asks_for_name(const Call& call, const ResourceType& type) {
  return type.new_name && call.http.method == "PUT" && call.target.is_list && call.target.id.type() == kGroups;
}

Reply unauthenticated(const base::Error& error) {
  if (error.kind != base::Kind::denied) return refuse(error);
  auto reply = refuse(401, "AuthenticationFailed", error.message);
  reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

// What every resource's body must be; nothing where it is.
std::optional<Reply> refuse_envelope(const base::JsonObject& body) {
  const auto refuse_member = [](std::string_view name, std::string_view what) {
    return refuse(400, "InvalidRequestContent", fmt::format("{} must be {}.", name, what), name);
  };
  const auto* location = body.if_contains("location");
  if (location && !location->is_string()) return refuse_member("location", "a text");
  const auto* properties = body.if_contains("properties");
  if (properties && !properties->is_object()) return refuse_member("properties", "an object");
  const auto* tags = body.if_contains("tags");
  if (!tags) return std::nullopt;
  const bool texts = tags->is_object() && std::all_of(tags->get_object().begin(), tags->get_object().end(),
                                                      [](const auto& tag) { return tag.value().is_string(); });
  return texts ? std::nullopt : std::optional(refuse_member("tags", "an object whose values are texts"));
}

}  // namespace

std::string action_of(std::string_view method, const std::string& type) {
  if (method == "GET" || method == "HEAD") return type + "/read";
  if (method == "DELETE") return type + "/delete";
  return type + "/write";
}

void ResourceManager::declare(ResourceType type) {
  std::string key = base::to_lower(type.name);
  types_.insert_or_assign(std::move(key), std::move(type));
}

std::vector<const ResourceType*> ResourceManager::types() const {
  std::vector<const ResourceType*> all;
  for (const auto& type : types_) all.push_back(&type.second);
  return all;
}

const ResourceType* ResourceManager::find_type(const std::string& name) const {
  const auto at = types_.find(base::to_lower(name));
  return at == types_.end() ? nullptr : &at->second;
}

tl::expected<ResourceManager::Admitted, net::ServerResponse> ResourceManager::admit(const net::ServerRequest& request) {
  const auto refused = [&](const base::Error& error) {
    const Reply reply = unauthenticated(error);
    record(request, nullptr, "authenticate", request.path, reply.status, error.message);
    return tl::make_unexpected(to_response(reply));
  };
  auto caller = identity_.authenticate(request);
  if (!caller) return refused(caller.error());
  if (!*caller)
    return tl::make_unexpected(to_response(unauthenticated(
        {base::Kind::denied, "Sign in first: this request carries no session, API token or access token."})));
  auto access = access_.access_of(**caller);
  if (!access) return tl::make_unexpected(to_response(access.error()));
  return Admitted{std::move(**caller), std::move(*access)};
}

std::optional<net::ServerResponse> ResourceManager::authorize(const net::ServerRequest& request, const Admitted& admitted,
                                                              const std::string& action, const std::string& scope, Plane plane) {
  if (admitted.access.allows(action, base::to_lower(scope), plane)) return std::nullopt;
  const auto& principal = admitted.caller.principal;
  const auto reply = refuse(403, "AuthorizationFailed",
                            fmt::format("The client '{}' with object id '{}' does not have authorization to perform action "
                                        "'{}' over scope '{}'.",
                                        principal.name, principal.id, action, scope));
  record(request, &admitted.caller, action, scope, 403, "not authorized");
  return to_response(reply);
}

net::ServerResponse ResourceManager::handle(const net::ServerRequest& request) {
  auto target = parse_target(request.path);
  if (!target) return to_response(refuse(400, "InvalidResourceId", target.error().message));
  auto admitted = admit(request);
  if (!admitted) return admitted.error();
  Call call{request, std::move(*target), std::move(admitted->caller), std::move(admitted->access), {}, correlation_of(request),
            nullptr, store::now_ms()};
  Reply reply = run(call);
  reply.headers.emplace_back("x-ms-request-id", base::uuid4());
  reply.headers.emplace_back("x-ms-correlation-request-id", call.correlation_id);
  return to_response(reply);
}

Reply ResourceManager::run_as(const identity::Caller& caller, const Access& access, const std::string& method,
                              const std::string& path, const base::Json& body) {
  net::ServerRequest request;
  request.method = method;
  request.target = request.path = path;
  request.query = {{"api-version", "2025-11-01"}};
  request.headers = {{"content-type", "application/json"}};
  if (!body.is_null()) request.body = base::to_text(body);
  auto target = parse_target(path);
  if (!target) return refuse(400, "InvalidResourceId", target.error().message);
  Call call{request, std::move(*target), caller, access, {}, base::uuid4(), nullptr, store::now_ms()};
  return run(call);
}

base::Result<ResourceManager::Route> ResourceManager::find_route(const Call& call) const {
  Route route;
  route.type = find_type(call.target.type);
  if (route.type && call.http.method == "POST" && !call.target.is_list) {
    const auto action = route.type->actions.find(base::to_lower(call.target.id.name()));
    if (action != route.type->actions.end() && action->second.on_list) {
      route.action = &action->second;
      route.action_name = call.target.id.name();
    }
  }
  if (route.type) return route;
  if (call.target.is_list) {
    const auto parts = base::cut_last(call.target.type, "/");
    const bool of_namespace = parts.first.find('/') == std::string_view::npos;  // "…/providers/NAMESPACE[/register]"
    route.type = find_type(std::string(of_namespace ? kProviders : parts.first));
    if (route.type && parts.second.empty()) return route;
    if (route.type) {
      const auto action = route.type->actions.find(base::to_lower(parts.second));
      if (action != route.type->actions.end()) {
        route.action = &action->second;
        route.action_name = parts.second;
        return route;
      }
    }
  }
  return base::fail(base::Kind::not_found,
                    fmt::format("There is no resource type or action '{}' here.", call.target.type));
}

std::optional<Reply> ResourceManager::refuse_request(const Call& call) const {
  const auto version = call.http.parameter("api-version");
  if (version.empty() && call.caller.how != "session")  // the pages are of this version by nature
    return refuse(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
  if (!version.empty() && !is_api_version(version))
    return refuse(400, "InvalidApiVersionParameter", fmt::format("The api-version '{}' is no date such as 2021-06-01.", version));
  const std::string subscription = call.target.id.subscription();
  if (!subscription_.empty() && !subscription.empty() && !base::equals_ignoring_case(subscription, subscription_))
    return refuse(404, "SubscriptionNotFound", fmt::format("The subscription '{}' could not be found.", subscription));
  return std::nullopt;
}

Reply ResourceManager::run(Call& call) {
  const auto& http = call.http;
  if (auto refused = refuse_request(call)) return std::move(*refused);
  const auto route = find_route(call);
  if (!route) return refuse(404, "InvalidResourceType", route.error().message);
  const bool is_named_here = !route->action && asks_for_name(call, *route->type);
  if (is_named_here) call.target = {call.target.id.extension(route->type->name, route->type->new_name()), route->type->name, false};
  call.action = action_of(http.method, route->type->name);
  if (route->action) {
    if (route->action->method != http.method)
      return refuse(405, "MethodNotAllowed", fmt::format("'{}' is asked for by {}.", route->action_name, route->action->method));
    call.action = fmt::format("{}/{}/{}", route->type->name, route->action_name,
                              http.method == "GET" ? "read" : http.method == "DELETE" ? "delete" : "action");
  }
  const bool lists = call.target.is_list && !route->action;  // rows are filtered one by one
  const bool open = route->type->open && !route->action && !is_write(http.method);
  const Plane plane = route->action ? route->action->plane : Plane::control;
  if (!lists && !open) {
    if (auto refused = authorize(http, {call.caller, call.access}, call.action, call.target.id.text(), plane))
      return {refused->status, base::parse_json(refused->body, "refusal").value_or(nullptr), {}};
  }
  if (auto refused = refuse_other_than_json(http); refused && is_write(http.method)) return std::move(*refused);
  auto body = read_body(http);
  if (!body) return refuse(400, "InvalidRequestContent", body.error().message);
  call.body = std::move(*body);
  Reply reply = dispatch(call, *route);
  if (is_named_here && reply.status == route->type->status_of_creation) reply.status = 201;
  return reply;
}

Reply ResourceManager::dispatch(Call& call, const Route& route) {
  const std::string& method = call.http.method;
  if (route.action) {
    auto done = route.action->run(call, call.target.id);
    Reply reply = done ? std::move(*done) : refuse(done.error());
    if (method != "GET")
      record(call.http, &call.caller, call.action, call.target.id.text(), reply.status, done ? "" : done.error().message);
    return reply;
  }
  if (!is_write(method)) {
    Reply reply = call.target.is_list ? list(call, *route.type) : get(call, *route.type);
    if (method == "HEAD" && reply.status == 200) return {204, nullptr, std::move(reply.headers)};  // "it exists"
    return reply;
  }
  if (call.target.is_list || method == "POST")
    return refuse(405, "MethodNotAllowed", fmt::format("{} is not possible on '{}'.", method, call.http.path));
  if (method == "DELETE") return remove(call, *route.type);
  if (method == "PUT" || method == "PATCH") return write(call, *route.type);
  return refuse(405, "MethodNotAllowed", fmt::format("The method {} is not supported.", method));
}

Reply ResourceManager::get(const Call& call, const ResourceType& type) {
  Reply reply;
  const auto done = database_.read([&](store::Session& session) -> base::Result<void> {
    if (type.get) {
      reply = TRY(type.get(call, session, call.target.id));
      return {};
    }
    const auto resource = TRY(load_resource(session, call.target.id.key()));
    if (!resource) {
      reply = resource_not_found(call.target.id);
      return {};
    }
    reply = {200, TRY(shown(call, type, session, *resource)), {{"ETag", resource->etag}}};
    return {};
  });
  return done ? reply : refuse(done.error());
}

base::Result<base::JsonObject> ResourceManager::shown(const Call& call, const ResourceType& type, store::Session& session,
                                                      const Resource& resource) {
  auto json = to_json(resource);
  if (type.present) TRY(type.present(call, session, json));
  return json;
}

Reply ResourceManager::list(const Call& call, const ResourceType& type) {
  Reply reply;
  const auto done = database_.read([&](store::Session& session) -> base::Result<void> {
    reply = type.list ? TRY(type.list(call, session, call.target)) : TRY(list_stored(call, type, session));
    return {};
  });
  return done ? reply : refuse(done.error());
}

base::Result<Reply> ResourceManager::list_stored(const Call& call, const ResourceType& type, store::Session& session) {
  const Page page = TRY(read_page(call));
  base::JsonArray value;
  std::string after = page.after;
  for (;;) {
    const auto resources = TRY(load_resources(session, type.name, call.target.id.key(), after, page.top + 1));
    for (const auto& resource : resources) {
      if (value.size() == page.top) return list_reply(call, std::move(value), after);
      after = resource.id.key();
      if (call.may(call.action, resource.id)) value.emplace_back(TRY(shown(call, type, session, resource)));
    }
    if (resources.size() <= page.top) return list_reply(call, std::move(value), {});
  }
}

Reply ResourceManager::write(Call& call, const ResourceType& type) {
  if (!type.put && (!type.stored || !type.writable))
    return refuse(405, "MethodNotAllowed", fmt::format("Resources of type {} cannot be written.", type.name));
  if (!call.body.is_object()) return refuse(400, "InvalidRequestContent", "The body must be a JSON object.");
  Reply reply;
  const auto done = database_.write([&](store::Session& session) -> base::Result<void> {
    reply = type.put ? TRY(type.put(call, session, call.target.id)) : TRY(store_resource(call, type, session));
    if (reply.status < 400) TRY(record_activity(session, activity_of(call, reply.status, {})));
    return {};
  });
  if (!done) reply = refuse(done.error());
  if (reply.status >= 400) keep_activity(activity_of(call, reply.status, std::string(base::get_string(*base::find(reply.body, "error"), "message"))));
  return reply;
}

base::Result<Reply> ResourceManager::store_resource(Call& call, const ResourceType& type, store::Session& session) {
  const auto before = TRY(load_resource(session, call.target.id.key()));
  const std::string_view if_match = call.http.header("if-match");
  if (!if_match.empty() && (!before || (if_match != "*" && if_match != before->etag)))
    return refuse(412, "PreconditionFailed", "The resource was changed since it was read; read it again (If-Match does not hold).");
  if (call.http.header("if-none-match") == "*" && before)
    return refuse(412, "PreconditionFailed", "The resource exists already (If-None-Match: *).");
  if (call.http.method == "PATCH" && !before) return resource_not_found(call.target.id);
  if (!before && TRY(lacks_group(session, call.target.id))) return group_not_found(call.target.id.resource_group());

  Resource resource;
  resource.id = before ? before->id : spelled_id(call.target.id, type);
  base::Json merged = call.http.method == "PATCH" ? base::Json(before->body) : base::Json(base::JsonObject{});
  base::merge_patch(merged, call.body);
  resource.body = merged.get_object();
  for (const auto* own : {"id", "name", "type", "systemData", "etag"}) resource.body.erase(own);
  if (auto refused = refuse_envelope(resource.body)) return std::move(*refused);
  if (before) {
    resource.created_at = before->created_at;
    resource.created_by = before->created_by;
  }
  if (type.refuse)
    if (auto refused = TRY(type.refuse(call, session, before ? &*before : nullptr, resource))) return std::move(*refused);
  if (type.prepare) TRY(type.prepare(call, session, before ? &*before : nullptr, resource));
  TRY(save_resource(session, resource, call.who(), call.now));
  if (type.written) TRY(type.written(call, session, resource));
  auto body = TRY(shown(call, type, session, resource));
  return Reply{before ? type.status_of_change : type.status_of_creation, std::move(body), {{"ETag", resource.etag}}};
}

Reply ResourceManager::remove(const Call& call, const ResourceType& type) {
  if (type.remove_elsewhere) {
    const auto done = type.remove_elsewhere(call, call.target.id);
    const Reply answer = done ? *done : refuse(done.error());
    keep_activity(activity_of(call, answer.status, done ? "" : done.error().message));
    return answer;
  }
  if (!type.remove && (!type.stored || !type.writable))
    return refuse(405, "MethodNotAllowed", fmt::format("Resources of type {} cannot be deleted.", type.name));
  Reply reply;
  const auto done = database_.write([&](store::Session& session) -> base::Result<void> {
    reply = type.remove ? TRY(type.remove(call, session, call.target.id)) : TRY(delete_stored(call, type, session));
    if (reply.status < 400) TRY(record_activity(session, activity_of(call, reply.status, {})));
    return {};
  });
  if (!done) reply = refuse(done.error());
  if (reply.status >= 400) keep_activity(activity_of(call, reply.status, "refused"));
  return reply;
}

base::Result<Reply> ResourceManager::delete_stored(const Call& call, const ResourceType& type, store::Session& session) {
  const auto before = TRY(load_resource(session, call.target.id.key()));
  if (!before) return call.target.id.type() == kGroups ? resource_not_found(call.target.id) : Reply{type.status_of_absence, nullptr, {}};
  const std::string_view if_match = call.http.header("if-match");
  if (!if_match.empty() && if_match != "*" && if_match != before->etag)
    return refuse(412, "PreconditionFailed", "The resource was changed since it was read; read it again (If-Match does not hold).");
  if (type.removing) TRY(type.removing(call, session, *before));
  TRY(delete_resource(session, before->id.key()));
  return Reply{200, TRY(shown(call, type, session, *before)), {}};
}

Activity ResourceManager::activity_of(const Call& call, int status, std::string message) const {
  Activity activity{call.correlation_id, call.who(), call.caller.principal.id, call.http.peer, call.http.method,
                    call.action, call.target.id.text(), "Administrative", status, call.now, {}};
  if (!message.empty()) activity.properties.emplace("message", base::printable(message));
  return activity;
}

void ResourceManager::record(const net::ServerRequest& request, const identity::Caller* caller, const std::string& operation,
                             const std::string& resource_id, int status, const std::string& message) {
  Activity activity{correlation_of(request), caller ? caller->principal.name : "", caller ? caller->principal.id : "",
                    request.peer, request.method, operation, resource_id, "Administrative", status, store::now_ms(), {}};
  if (!message.empty()) activity.properties.emplace("message", base::printable(message));
  keep_activity(activity);
}

void ResourceManager::keep_activity(const Activity& activity) {
  if (activity.http_status >= 400) {
    const std::lock_guard lock(refusals_mutex_);
    if (activity.at / 60'000 != refusals_minute_) {
      refusals_minute_ = activity.at / 60'000;
      refusals_.clear();
    }
    if (++refusals_[activity.address] > kRefusalsRecordedPerMinute) return;
  }
  (void)database_.write([&](store::Session& session) { return record_activity(session, activity); });
}

}  // namespace arm
