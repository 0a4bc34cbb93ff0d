// SPDX-License-Identifier: Apache-2.0
#include "identity/authority.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "identity/request_origin.hpp"
#include "identity/sign_in_locks.hpp"

namespace identity {

// Codes are Azure's (Microsoft Entra authentication and authorization error codes), for clients look at them.
struct Authority::Refusal {
  int status;
  std::string_view error;  // RFC 6749 section 5.2
  int code;                // of AADSTS…
  std::string words;
};

// A request to the token endpoint, read.
struct Authority::Exchange {
  const net::ServerRequest& request;
  const Form& form;
  bool second_version;
  std::string origin;
};

namespace {

enum class Endpoint { none, discovery, keys, token };

struct Route {
  std::string_view tail;  // behind "/{tenant}"
  Endpoint endpoint;
  bool second_version;
};

constexpr Route kRoutes[] = {
    {"/v2.0/.well-known/openid-configuration", Endpoint::discovery, true},
    {"/.well-known/openid-configuration", Endpoint::discovery, false},
    {"/discovery/v2.0/keys", Endpoint::keys, true},
    {"/discovery/keys", Endpoint::keys, false},
    {"/oauth2/v2.0/token", Endpoint::token, true},
    {"/oauth2/token", Endpoint::token, false},
};

constexpr Route kNoRoute{"", Endpoint::none, false};

const Route& route_of(std::string_view tail) {
  for (const Route& route : kRoutes)
    if (route.tail == tail) return route;
  return kNoRoute;
}

net::ServerResponse json_answer(int status, const base::Json& body, std::string_view cache) {
  net::ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", std::string(cache)}};
  response.body = base::to_text(body);
  return response;
}

net::ServerResponse secret_answer(int status, const base::Json& body) {  // RFC 6749 section 5.1
  net::ServerResponse response = json_answer(status, body, "no-store");
  response.headers.emplace_back("Pragma", "no-cache");
  return response;
}

bool is_id(std::string_view text) {
  return text.size() == 36 && text.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
}

// The client's id of the exchange, where it gave one; else a new one.
std::string correlation_id(const net::ServerRequest& request) {
  for (const std::string_view given : {request.parameter("client-request-id"), request.header("client-request-id")})
    if (is_id(given)) return std::string(given);
  return base::uuid4();
}

constexpr std::string_view kDefaultScope = "/.default";

// "https://management.azure.com//.default" asks for the audience "https://management.azure.com/".
std::string_view audience_of_scope(std::string_view scope) {
  const bool whole = scope.size() > kDefaultScope.size() && scope.find(' ') == std::string_view::npos &&
                     scope.substr(scope.size() - kDefaultScope.size()) == kDefaultScope;
  return whole ? scope.substr(0, scope.size() - kDefaultScope.size()) : std::string_view();
}

}  // namespace

Authority::Authority(const AccessTokens& tokens, Settings settings, VerifyClient verify)
    : tokens_(tokens), settings_(std::move(settings)), verify_(std::move(verify)) {}

std::optional<net::ServerResponse> Authority::serve(const net::ServerRequest& request) const {
  const std::string_view path = request.path;
  const std::size_t slash = path.find('/', 1);
  if (path.empty() || path.front() != '/' || slash == std::string_view::npos) return std::nullopt;
  const Route& route = route_of(path.substr(slash));
  if (route.endpoint == Endpoint::none) return std::nullopt;
  const std::string tenant = base::to_lower(path.substr(1, slash - 1));
  if (tenant != settings_.tenant_id && tenant != "common" && tenant != "organizations")
    return refuse(request, {400, "invalid_request", 90002,
                            fmt::format("There is no such tenant here; this installation's tenant is {}.", settings_.tenant_id)});
  const bool wants_post = route.endpoint == Endpoint::token;
  if (wants_post ? request.method != "POST" : request.method != "GET" && request.method != "HEAD") {
    net::ServerResponse response = refuse(request, {405, "invalid_request", 900561, "This endpoint answers other methods only."});
    response.headers.emplace_back("Allow", wants_post ? "POST" : "GET, HEAD");
    return response;
  }
  if (route.endpoint == Endpoint::token) return token(request, route.second_version);
  if (route.endpoint == Endpoint::discovery) return discovery(request, route.second_version);
  return json_answer(200, tokens_.jwks(), "public, max-age=3600");
}

base::Result<std::string> Authority::origin(const net::ServerRequest& request) const {
  if (!settings_.issuer_url.empty()) return settings_.issuer_url;
  return request_origin(request);
}

net::ServerResponse Authority::discovery(const net::ServerRequest& request, bool second_version) const {
  const auto host = origin(request);
  if (!host) return refuse(request, {400, "invalid_request", 90014, host.error().message});
  const std::string tenant = fmt::format("{}/{}", *host, settings_.tenant_id);
  const std::string version = second_version ? "/v2.0" : "";
  return json_answer(200,
                     base::JsonObject{
                         {"issuer", tenant + "/v2.0"},
                         {"authorization_endpoint", tenant + "/oauth2" + version + "/authorize"},
                         {"token_endpoint", tenant + "/oauth2" + version + "/token"},
                         {"jwks_uri", tenant + "/discovery/v2.0/keys"},
                         {"token_endpoint_auth_methods_supported", {"client_secret_post", "client_secret_basic"}},
                         {"grant_types_supported", base::JsonArray{"client_credentials"}},
                         {"response_types_supported", base::JsonArray{"token"}},
                         {"response_modes_supported", base::JsonArray{"query"}},
                         {"subject_types_supported", base::JsonArray{"pairwise"}},
                         {"id_token_signing_alg_values_supported", base::JsonArray{"RS256"}},
                         {"scopes_supported", base::JsonArray{"https://management.azure.com/.default"}},
                         {"claims_supported", {"sub", "iss", "aud", "exp", "iat", "nbf", "oid", "tid", "appid", "azp", "ver"}},
                     },
                     "public, max-age=3600");
}

net::ServerResponse Authority::token(const net::ServerRequest& request, bool second_version) const {
  const auto invalid = [&](int code, std::string words) {
    return refuse(request, {400, "invalid_request", code, std::move(words)});
  };
  const auto host = origin(request);
  if (!host) return invalid(90014, host.error().message);
  const std::string_view type = base::trim(base::cut(request.header("content-type"), ";").first);
  if (!base::equals_ignoring_case(type, "application/x-www-form-urlencoded"))
    return invalid(900144, "The body must be application/x-www-form-urlencoded.");
  const auto form = Form::parse(request.body);
  if (!form) return invalid(90014, form.error().message);
  const std::string_view grant_type = form->get("grant_type");
  if (grant_type.empty()) return invalid(900144, "The request body must contain the parameter 'grant_type'.");
  if (grant_type != "client_credentials")
    return refuse(request, {400, "unsupported_grant_type", 70003, "Only the grant type 'client_credentials' is served."});
  return grant({request, *form, second_version, *host});
}

net::ServerResponse Authority::grant(const Exchange& exchange) const {
  const net::ServerRequest& request = exchange.request;
  const Form& form = exchange.form;
  ClientCredentials client{std::string(form.get("client_id")), std::string(form.get("client_secret"))};
  if (const auto basic = parse_client_basic(request.header("authorization"))) {
    const bool both = !client.secret.empty() || (!client.id.empty() && client.id != basic->id);
    if (both) return refuse(request, {400, "invalid_request", 90014, "Credentials are in the header and in the body: send one of them."});
    client = *basic;
  }
  if (client.id.empty())
    return refuse(request, {400, "invalid_request", 900144, "The request body must contain the parameter 'client_id'."});
  if (client.secret.empty())
    return refuse(request, {401, "invalid_client", 7000216, "'client_secret' is required; assertions are not served."});
  const std::string_view asked = exchange.second_version ? form.get("scope") : form.get("resource");
  if (asked.empty())
    return refuse(request, {400, "invalid_request", 900144, fmt::format("The request body must contain the parameter '{}'.",
                                                                       exchange.second_version ? "scope" : "resource")});
  const std::string_view audience = exchange.second_version ? audience_of_scope(asked) : asked;
  if (audience.empty())
    return refuse(request, {400, "invalid_scope", 1002012, "The scope must be one resource with /.default at its end."});
  if (!is_accepted_audience(audience, exchange.origin))
    return refuse(request, {400, "invalid_resource", 500011,
                            fmt::format("The resource is not served here: ask for https://management.azure.com/.default, "
                                        "https://api.loganalytics.io/.default or {}/.default.", exchange.origin)});
  const auto principal = verify_(client.id, client.secret, request);
  if (!principal) return refuse_client(request, principal.error());
  const AccessTokens::Issue issue{exchange.origin, std::string(audience), settings_.now() / 1000, settings_.life};
  const auto token = tokens_.issue(*principal, issue);
  if (!token) return refuse(request, {500, "server_error", 90033, "The token could not be signed."});
  const std::int64_t life = settings_.life.count();
  if (exchange.second_version)
    return secret_answer(200, base::JsonObject{{"token_type", "Bearer"}, {"expires_in", life}, {"ext_expires_in", life},
                                               {"access_token", *token}});
  const std::string text = std::to_string(life);  // the first version has its numbers as strings
  return secret_answer(200, base::JsonObject{{"token_type", "Bearer"}, {"expires_in", text}, {"ext_expires_in", text},
                                             {"expires_on", std::to_string(issue.at + life)},
                                             {"not_before", std::to_string(issue.at)}, {"resource", audience},
                                             {"access_token", *token}});
}

net::ServerResponse Authority::refuse_client(const net::ServerRequest& request, const base::Error& error) const {
  if (error.kind == base::Kind::denied) {
    net::ServerResponse response = refuse(
        request, {401, "invalid_client", 7000215,
                  "Client id or secret is wrong, or the application is disabled: send the secret itself, not its id."});
    if (!request.header("authorization").empty())
      response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"bulwark\"");  // RFC 6749 section 5.2
    return response;
  }
  if (is_locked_out(error)) {
    net::ServerResponse response = refuse(request, {429, "temporarily_unavailable", 50053, error.message});
    response.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds(error.message)));
    return response;
  }
  if (error.kind == base::Kind::unavailable) return refuse(request, {503, "temporarily_unavailable", 90033, error.message});
  return refuse(request, {500, "server_error", 90033, "The directory could not be read."});
}

net::ServerResponse Authority::refuse(const net::ServerRequest& request, const Refusal& refusal) const {
  const std::string trace = base::uuid4(), correlation = correlation_id(request);
  std::string time = base::format_time(base::Seconds(std::chrono::seconds(settings_.now() / 1000)));
  std::replace(time.begin(), time.end(), 'T', ' ');
  net::ServerResponse response = secret_answer(
      refusal.status,
      base::JsonObject{{"error", refusal.error},
                       {"error_description", fmt::format("AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}", refusal.code,
                                                         refusal.words, trace, correlation, time)},
                       {"error_codes", base::JsonArray{refusal.code}},
                       {"timestamp", time},
                       {"trace_id", trace},
                       {"correlation_id", correlation}});
  response.headers.emplace_back("x-ms-request-id", trace);
  return response;
}

}  // namespace identity
