// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/logs_api.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "hub/logs/query_metadata.hpp"
#include "workspace/timespan.hpp"

namespace hub {

namespace {

constexpr std::string_view kCheckPath = "/api/logs/check", kQueriesPath = "/api/logs/queries/";

// The client's own name of a request, where it may stand in a header again.
std::string client_id_of(const net::ServerRequest& request) {
  const auto given = request.header("x-ms-client-request-id");
  const bool usable = given.size() <= 128 && std::all_of(given.begin(), given.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  return usable ? std::string(given) : "";
}

arm::Reply method_not_allowed(std::string_view methods) { return arm::refuse(405, "MethodNotAllowed", fmt::format("This is asked for by {}.", methods)); }

arm::Reply bad_argument(const base::Error& error) { return arm::refuse(400, "BadArgumentError", error.message); }

base::JsonObject place_of(const workspace::TextPosition& position) { return {{"line", position.line}, {"column", position.column}}; }

base::JsonObject diagnostic_json(const workspace::QueryDiagnostic& diagnostic) {
  base::JsonObject out{{"start", place_of(diagnostic.start)}, {"end", place_of(diagnostic.end)}, {"message", base::printable(diagnostic.message)}};
  if (!diagnostic.suggestion.empty()) out.emplace("suggestion", base::printable(diagnostic.suggestion));
  return out;
}

net::ServerResponse failure_response(const workspace::QueryFailure& failure) {
  if (failure.error.message != kTooManyQueries) return arm::to_response(failure_reply(failure));
  auto reply = arm::refuse(429, "ThrottledError", failure.error.message);
  reply.headers.emplace_back("Retry-After", "5");
  return arm::to_response(reply);
}

}  // namespace

LogsApi::LogsApi(store::Database& database, arm::ResourceManager& manager, workspace::QueryService& service, LogsApiOptions options)
    : database_(database), manager_(manager), service_(service), options_(std::move(options)), running_(service, options_.queries_at_once, options_.queries_waiting) {}

bool LogsApi::is_query(std::string_view path) {
  const auto kind = read_query_path(path).kind;
  return kind != QueryPath::Kind::none && kind != QueryPath::Kind::workspace_metadata && kind != QueryPath::Kind::resource_metadata;
}

std::optional<net::ServerResponse> LogsApi::serve(const net::ServerRequest& request) {
  const std::string_view path = request.path;
  if (path == kCheckPath) return serve_admitted(request, [&](const Asker& asker) { return check(asker); });
  if (path.substr(0, kQueriesPath.size()) == kQueriesPath)
    return serve_admitted(request, [&](const Asker& asker) { return cancel(asker, path.substr(kQueriesPath.size())); });
  const auto found = read_query_path(path);
  switch (found.kind) {
    case QueryPath::Kind::none: return std::nullopt;
    case QueryPath::Kind::batch: return serve_admitted(request, [&](const Asker& asker) { return batch(asker); });
    case QueryPath::Kind::workspace_metadata:
    case QueryPath::Kind::resource_metadata: return serve_admitted(request, [&](const Asker& asker) { return metadata(asker, found); });
    default: return serve_admitted(request, [&](const Asker& asker) { return query(asker, found); });
  }
}

net::ServerResponse LogsApi::serve_admitted(const net::ServerRequest& request, const std::function<Served(const Asker&)>& handler) {
  auto admitted = manager_.admit(request);
  if (!admitted) return admitted.error();
  const Asker asker{request, std::move(admitted->caller), std::move(admitted->access), base::uuid4(), client_id_of(request)};
  auto served = [&]() -> Served {
    if (request.method == "POST")
      if (auto refused = arm::refuse_other_than_json(request)) return tl::make_unexpected(std::move(*refused));
    return handler(asker);
  }();
  net::ServerResponse response = served ? std::move(*served) : arm::to_response(served.error());
  response.headers.emplace_back("x-ms-request-id", asker.request_id);
  if (!asker.client_id.empty()) response.headers.emplace_back("x-ms-client-request-id", asker.client_id);
  return response;
}

tl::expected<QueryScope, arm::Reply> LogsApi::admitted_scope(const Asker& asker, const QueryPath& path, const std::vector<std::string>& further) {
  tl::expected<QueryScope, arm::Reply> scope;
  const auto done = database_.read([&](store::Session& session) -> base::Result<void> {
    scope = TRY(scope_of(session, asker.access, path, further));
    return {};
  });
  if (!done) return tl::make_unexpected(arm::refuse(done.error()));
  if (scope || scope.error().status != 403) return scope;
  manager_.record(asker.http, &asker.caller, std::string(kQueryRight), path.target, 403, "not authorized");
  if (!path.is_arm) return scope;
  const auto& principal = asker.caller.principal;
  return tl::make_unexpected(arm::refuse(403, "AuthorizationFailed",
                                         fmt::format("The client '{}' with object id '{}' does not have authorization to perform action '{}' over scope '{}'.",
                                                     principal.name, principal.id, kQueryRight, path.target)));
}

base::Result<workspace::QueryRequest> LogsApi::request_of(const QueryScope& scope, const QueryQuestion& question) {
  workspace::QueryRequest request;
  request.text = question.query;
  request.timespan = question.timespan;
  request.workspaces = scope.refs();
  request.resource_key = scope.resource_key;
  const auto shared = std::make_shared<const QueryScope>(scope);
  request.may_read = [shared](const workspace::WorkspaceRef& ref, std::string_view table) { return shared->may_read(ref, table); };
  request.find_workspace = [shared](std::string_view name) { return shared->find(name); };
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& one : scope.workspaces)
      for (auto& function : TRY(providers::load_functions(session, one.key))) request.functions.push_back(std::move(function));
    return {};
  }));
  return request;
}

tl::expected<workspace::QueryOutcome, workspace::QueryFailure> LogsApi::run(const Asker& asker, const QueryScope& scope, const QueryQuestion& question,
                                                                            const Preferences& preferences) {
  const auto fail = [](const base::Error& error) { return tl::make_unexpected(workspace::QueryFailure{error, {}}); };
  const auto patience = std::min<std::chrono::milliseconds>(options_.patience, preferences.wait);
  const auto turn = running_.begin(asker.caller.principal.id, asker.client_id, patience, asker.http.hang_up);
  if (!turn) return fail(turn.error());
  auto request = request_of(scope, question);
  if (!request) return fail(request.error());
  if (turn->cancelled()) return fail({base::Kind::cancelled, "The query was cancelled before it ran."});
  request->id = turn->engine_id();
  request->limits.time = preferences.wait;
  return service_.run(*request);
}

LogsApi::Served LogsApi::query(const Asker& asker, const QueryPath& path) {
  if (asker.http.method != "GET" && asker.http.method != "POST") return tl::make_unexpected(method_not_allowed("GET or POST"));
  const auto question = read_question(asker.http, workspace::now_ticks());
  if (!question) return tl::make_unexpected(bad_argument(question.error()));
  const auto scope = admitted_scope(asker, path, question->workspaces);
  if (!scope) return tl::make_unexpected(scope.error());
  const auto preferences = read_preferences(asker.http.header("prefer"));
  const auto outcome = run(asker, *scope, *question, preferences);
  if (outcome) return answer_response(*outcome, preferences, asker.http);
  return failure_response(outcome.error());
}

LogsApi::Served LogsApi::check(const Asker& asker) {
  if (asker.http.method != "POST") return tl::make_unexpected(method_not_allowed("POST"));
  auto body = base::parse_json(asker.http.body, "the body of the request");
  if (!body) return tl::make_unexpected(bad_argument(body.error()));
  // An empty editor has nothing wrong in it.
  if (base::trim(base::get_string(*body, "query")).empty()) return arm::to_response({200, base::JsonObject{{"diagnostics", base::JsonArray()}}, {}});
  const auto question = read_question(*body, workspace::now_ticks());
  if (!question) return tl::make_unexpected(bad_argument(question.error()));
  const auto workspace = base::get_string(*body, "workspace", providers::kDefaultWorkspace);
  const auto scope = admitted_scope(asker, {QueryPath::Kind::workspace_query, std::string(workspace), false}, question->workspaces);
  if (!scope) return tl::make_unexpected(scope.error());
  const auto request = request_of(*scope, *question);
  if (!request) return tl::make_unexpected(arm::refuse(request.error()));
  const auto diagnostics = service_.check(*request);
  if (!diagnostics) return tl::make_unexpected(arm::refuse(diagnostics.error()));
  base::JsonArray out;
  for (const auto& diagnostic : *diagnostics) out.emplace_back(diagnostic_json(diagnostic));
  return arm::to_response({200, base::JsonObject{{"diagnostics", std::move(out)}}, {}});
}

LogsApi::Served LogsApi::cancel(const Asker& asker, std::string_view client_id) {
  if (asker.http.method != "DELETE") return tl::make_unexpected(method_not_allowed("DELETE"));
  const std::string id = base::percent_decode(client_id);
  if (!id.empty() && running_.cancel(asker.caller.principal.id, id)) return net::ServerResponse{204, {}, {}, {}, {}};
  return tl::make_unexpected(arm::refuse(404, "NotFound", fmt::format("No query of yours with the id '{}' runs; it may have ended.", id.substr(0, 128))));
}

LogsApi::Served LogsApi::metadata(const Asker& asker, const QueryPath& path) {
  if (asker.http.method != "GET" && asker.http.method != "POST") return tl::make_unexpected(method_not_allowed("GET or POST"));
  const auto scope = admitted_scope(asker, path, {});
  if (!scope) return tl::make_unexpected(scope.error());
  auto json = metadata_json(database_, service_, options_.examples, *scope);
  if (!json) return tl::make_unexpected(arm::refuse(json.error()));
  return compressed_response(base::to_text(*json), asker.http);
}

// Each query of a batch is answered by itself, whatever the others come to.
LogsApi::Served LogsApi::batch(const Asker& asker) {
  if (asker.http.method != "POST") return tl::make_unexpected(method_not_allowed("POST"));
  const auto body = base::parse_json(asker.http.body, "the body of the request");
  if (!body) return tl::make_unexpected(bad_argument(body.error()));
  const auto requests = read_batch(*body, workspace::now_ticks());
  if (!requests) return tl::make_unexpected(bad_argument(requests.error()));
  std::string out = "{\"responses\":[";
  for (const auto& one : *requests) {
    if (&one != &requests->front()) out += ',';
    append_batched(asker, one, out);
  }
  return compressed_response(out + "]}", asker.http);
}

void LogsApi::append_batched(const Asker& asker, const BatchedQuery& one, std::string& out) {
  constexpr std::size_t kLargestBatch = std::size_t{128} << 20;
  net::ServerResponse response;
  if (out.size() > kLargestBatch)
    response = arm::to_response(arm::refuse(413, "ResponseTooLarge", "The answers before this one are over 128 MiB; ask it by itself."));
  else
    response = batched(asker, one);
  out += fmt::format("{{\"id\":{},\"status\":{},\"headers\":{{\"Content-Type\":\"application/json; charset=utf-8\"}},\"body\":{}}}",
                     base::to_text(base::Json(one.id)), response.status, response.body.empty() ? "null" : response.body);
}

net::ServerResponse LogsApi::batched(const Asker& asker, const BatchedQuery& one) {
  if (!one.question) return arm::to_response(bad_argument(one.question.error()));
  const auto scope = admitted_scope(asker, {QueryPath::Kind::workspace_query, one.workspace, false}, one.question->workspaces);
  if (!scope) return arm::to_response(scope.error());
  const auto preferences = read_preferences(one.prefer);
  const auto outcome = run(asker, *scope, *one.question, preferences);
  if (!outcome) return failure_response(outcome.error());
  return answer_response(*outcome, preferences, net::ServerRequest());  // within the batch nothing is compressed
}

}  // namespace hub
