// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/query_request.hpp"

#include <fmt/format.h>

#include "arm/resource_id.hpp"
#include "base/text.hpp"
#include "workspace/timespan.hpp"

namespace hub {

namespace {

constexpr std::string_view kDataPlane = "/v1/";
constexpr std::string_view kInsightsLogs = "/providers/microsoft.insights/logs";

base::Result<QueryQuestion> question_of(std::string_view query, std::string_view timespan, std::int64_t now_ticks) {
  QueryQuestion question;
  if (base::trim(query).empty()) return base::fail(base::Kind::invalid_input, "The query is missing: send {\"query\": \"…\"}.");
  if (query.size() > kLongestQueryText) return base::fail(base::Kind::invalid_input, fmt::format("The query is longer than {} bytes.", kLongestQueryText));
  question.query = query;
  if (!timespan.empty()) question.timespan = TRY(workspace::parse_timespan(timespan, now_ticks));
  return question;
}

base::Result<void> add_workspace(QueryQuestion& question, std::string_view name) {
  if (name.empty() || name.size() > 2048 || question.workspaces.size() >= kMostWorkspaces)
    return base::fail(base::Kind::invalid_input, fmt::format("workspaces is a list of at most {} names or ids.", kMostWorkspaces));
  question.workspaces.emplace_back(name);
  return {};
}

// The text of a member that may be null or missing, but no number.
base::Result<std::string_view> optional_text(const base::Json& body, std::string_view name) {
  const auto* value = base::find(body, name);
  if (!value || value->is_null()) return std::string_view();
  if (!value->is_string()) return base::fail(base::Kind::invalid_input, fmt::format("{} must be a text.", name));
  return base::as_string(*value);
}

// What stands in front of one of the ends, which is cut off; nothing where it ends otherwise.
bool cut_end(std::string& path, std::string_view end) {
  if (path.size() <= end.size() || !base::equals_ignoring_case(std::string_view(path).substr(path.size() - end.size()), end)) return false;
  path.resize(path.size() - end.size());
  return true;
}

// A whole id, as one that a segment such as /query may follow.
std::optional<std::string> whole_id(std::string_view path) {
  const auto target = arm::parse_target(path);
  if (!target || target->is_list || target->id.is_tenant()) return std::nullopt;
  return target->id.text();
}

QueryPath resource_path(std::string path, bool is_arm) {
  using Kind = QueryPath::Kind;
  constexpr std::pair<std::string_view, Kind> kEnds[] = {
      {"/api/query", Kind::resource_query}, {"/query", Kind::resource_query}, {kInsightsLogs, Kind::resource_query},
      {"/api/metadata", Kind::resource_metadata}, {"/metadata", Kind::resource_metadata},
  };
  for (const auto& end : kEnds) {
    std::string front = path;
    if (!cut_end(front, end.first)) continue;
    if (auto id = whole_id(front)) return {end.second, std::move(*id), is_arm};
  }
  return {};
}

}  // namespace

base::Result<QueryQuestion> read_question(const base::Json& body, std::int64_t now_ticks) {
  if (!body.is_object()) return base::fail(base::Kind::invalid_input, "The body must be a JSON object: {\"query\": \"…\", \"timespan\": \"PT12H\"}.");
  auto question = TRY(question_of(TRY(optional_text(body, "query")), TRY(optional_text(body, "timespan")), now_ticks));
  const auto* workspaces = base::find(body, "workspaces");
  if (!workspaces || workspaces->is_null()) return question;
  if (!workspaces->is_array()) return base::fail(base::Kind::invalid_input, "workspaces must be a list of names or ids.");
  for (const auto& name : workspaces->get_array()) TRY(add_workspace(question, base::as_string(name)));
  return question;
}

base::Result<QueryQuestion> read_question(const net::ServerRequest& request, std::int64_t now_ticks) {
  if (request.method == "POST") return read_question(TRY(base::parse_json(request.body, "the body of the request")), now_ticks);
  auto question = TRY(question_of(request.parameter("query"), request.parameter("timespan"), now_ticks));
  if (const auto list = request.parameter("workspaces"); !list.empty())
    for (const auto name : base::split(list, ',')) TRY(add_workspace(question, base::trim(name)));
  return question;
}

base::Result<std::vector<BatchedQuery>> read_batch(const base::Json& body, std::int64_t now_ticks) {
  const auto& requests = base::get_array(body, "requests");
  if (requests.empty() || requests.size() > kMostBatchedQueries)
    return base::fail(base::Kind::invalid_input, fmt::format("requests must be a list of 1 to {} queries.", kMostBatchedQueries));
  std::vector<BatchedQuery> batch;
  for (const auto& request : requests) {
    const auto id = base::get_string(request, "id");
    if (id.empty() || id.size() > 256) return base::fail(base::Kind::invalid_input, "Each of requests needs an id of its own.");
    const auto* own = base::find(request, "body");
    std::string_view prefer;
    for (const auto& header : base::get_object(request, "headers"))
      if (base::equals_ignoring_case(header.key(), "prefer")) prefer = base::as_string(header.value());
    batch.push_back({std::string(id), std::string(base::get_string(request, "workspace")), std::string(prefer), read_question(own ? *own : base::Json(), now_ticks)});
  }
  return batch;
}

QueryPath read_query_path(std::string_view path) {
  constexpr std::string_view kWorkspaces = "/v1/workspaces/";
  if (path == "/v1/$batch" || path == "/v1/%24batch") return {QueryPath::Kind::batch, {}, false};
  if (path.substr(0, kWorkspaces.size()) == kWorkspaces) {
    const auto [id, rest] = base::cut(path.substr(kWorkspaces.size()), "/");
    if (rest == "query") return {QueryPath::Kind::workspace_query, base::percent_decode(id), false};
    if (rest == "metadata") return {QueryPath::Kind::workspace_metadata, base::percent_decode(id), false};
    return {};
  }
  if (path.substr(0, kDataPlane.size()) == kDataPlane) {
    // Clients that take the id for one segment escape its slashes.
    const bool escaped = base::equals_ignoring_case(path.substr(kDataPlane.size(), 3), "%2f");
    return resource_path(escaped ? base::percent_decode(path.substr(kDataPlane.size())) : std::string(path.substr(kDataPlane.size() - 1)), false);
  }
  return resource_path(std::string(path), true);
}

}  // namespace hub
