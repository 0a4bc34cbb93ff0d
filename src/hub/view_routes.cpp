// SPDX-License-Identifier: Apache-2.0
// What pages show: recommendations, findings, vulnerabilities, inventory, score, search, meter, activity.
#include <fmt/format.h>

#include <algorithm>

#include "arm/activity.hpp"
#include "base/text.hpp"
#include "hub/routes.hpp"
#include "hub/view_json.hpp"
#include "hub/view_query.hpp"
#include "security/meter.hpp"
#include "security/score.hpp"
#include "security/sql_text.hpp"

namespace hub {

namespace {

constexpr std::string_view kReadAssessments = "Microsoft.Security/assessments/read";
constexpr std::size_t kCsvRowsCap = 1'000'000;

// One page of a view as JSON; or, as CSV, all its pages.
template <typename Read, typename ToJson>
base::Result<net::ServerResponse> answer_view(const Context& context, const ApiCall& call, const std::string& name,
                                              const std::vector<std::string>& columns, Read read, ToJson to_json_row) {
  auto query = TRY(read_query(call, kReadAssessments));
  base::JsonArray value;
  std::int64_t total = 0;
  std::string next;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    if (name != "findings") TRY(narrow_to_registry(session, query));  // findings know their registry
    do {
      const auto page = TRY(read(session, query));
      for (const auto& row : page.rows) value.emplace_back(to_json_row(row));
      total = page.total;
      next = query.cursor = page.next;
    } while (wants_csv(call) && !next.empty() && value.size() < kCsvRowsCap);
    return {};
  }));
  return wants_csv(call) ? csv_response(name, columns, value) : page_response(std::move(value), total, next);
}

base::Result<net::ServerResponse> get_recommendations(const Context& context, const ApiCall& call) {
  return answer_view(context, call, "recommendations",
                     {"key", "title", "severity", "control", "resourceType", "unhealthy", "healthy", "notApplicable", "scoreImpact", "owner", "dueDate"},
                     [&](store::Session& session, const security::Query& query) {
                       return security::list_recommendations(session, context.recommendations, query, store::now_ms());
                     },
                     recommendation_row_json);
}

base::Result<const security::Recommendation*> recommendation_of(const Context& context, const std::string& key) {
  const auto* recommendation = context.recommendations.find(key);
  if (!recommendation) return base::fail(base::Kind::not_found, fmt::format("There is no recommendation '{}'.", key));
  return recommendation;
}

// Disable rules that hold where the caller reads.
base::Result<base::JsonArray> rules_json(store::Session& session, const arm::Access& access) {
  base::JsonArray rules;
  for (const auto& rule : TRY(arm::load_resources(session, "Bulwark.Security/disableRules", "/")))
    if (access.allows("Bulwark.Security/disableRules/read", rule.id.key())) rules.emplace_back(arm::to_json(rule));
  return rules;
}

base::Result<net::ServerResponse> get_recommendation(const Context& context, const ApiCall& call) {
  const auto* recommendation = TRY(recommendation_of(context, call.parts[0]));
  base::JsonObject json = recommendation_json(*recommendation);
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    security::Query query;
    query.scopes = call.access.granted_scopes(kReadAssessments);
    query.filters["status"] = {"all"};
    query.top = security::kMostRows;
    for (const auto& row : TRY(security::list_recommendations(session, context.recommendations, query, store::now_ms())).rows) {
      if (row.recommendation != recommendation) continue;
      json["counts"] = base::JsonObject{{"unhealthy", row.unhealthy}, {"healthy", row.healthy}, {"notApplicable", row.not_applicable}};
      json["findings"] = security::to_json(row.counts);
      json["scoreImpact"] = row.score_impact;
    }
    json["rules"] = TRY(rules_json(session, call.access));
    return {};
  }));
  return json_response(json);
}

base::Result<net::ServerResponse> get_recommendation_resources(const Context& context, const ApiCall& call) {
  const auto* recommendation = TRY(recommendation_of(context, call.parts[0]));
  return answer_view(context, call, "affected-resources",
                     {"id", "name", "status", "cause", "firstEvaluated", "statusChanged", "counts.critical", "counts.high", "counts.medium", "counts.low", "owner", "dueDate"},
                     [&](store::Session& session, const security::Query& query) { return security::list_assessed(session, *recommendation, query); },
                     assessed_json);
}

base::Result<net::ServerResponse> patch_recommendation_resources(const Context& context, const ApiCall& call) {
  const auto* recommendation = TRY(recommendation_of(context, call.parts[0]));
  const auto body = TRY(call.body());
  security::Ownership ownership;
  if (const auto* owner = base::find(body, "owner")) ownership.owner = std::string(base::as_string(*owner));
  if (const auto* due = base::find(body, "dueDate"))
    ownership.due_at = due->is_null() || base::as_string(*due).empty() ? 0 : TRY(base::parse_time(base::as_string(*due))).time_since_epoch().count() * 1000;
  std::vector<std::string> keys;
  for (const auto& id : base::get_array(body, "ids")) {
    keys.push_back(TRY(arm::ResourceId::parse(base::as_string(id))).key());
    if (!call.access.allows("Microsoft.Security/assessments/write", keys.back()))
      return base::fail(base::Kind::denied, fmt::format("You may not write assessments of '{}'.", base::as_string(id)));
  }
  TRY(context.database.write([&](store::Session& session) -> base::Result<void> {
    TRY(security::set_ownership(session, recommendation->key, keys, ownership));
    return {};
  }));
  return net::ServerResponse{204, {}, {}, {}, {}};
}

base::Result<net::ServerResponse> get_findings(const Context& context, const ApiCall& call) {
  return answer_view(context, call, "findings",
                     {"vulnerability", "title", "category", "severity", "score", "package", "packageType", "version", "fixedVersion", "fixStatus", "kev", "epss", "path", "layer",
                      "registry", "repository", "digest", "tags", "firstSeen", "status", "cause"},
                     [](store::Session& session, const security::Query& query) { return security::list_findings(session, query); }, finding_json);
}

base::Result<net::ServerResponse> get_finding(const Context& context, const ApiCall& call) {
  const auto image = TRY(arm::ResourceId::parse(call.http.parameter("imageId")));
  std::optional<security::FindingDetails> details;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    details = TRY(security::find_finding(session, call.parts[0], image.key(), call.access.granted_scopes(kReadAssessments)));
    return {};
  }));
  if (!details) return base::fail(base::Kind::not_found, "There is no such finding in this image; it may have been resolved.");
  return json_response(finding_details_json(*details));
}

base::Result<net::ServerResponse> get_vulnerability(const Context& context, const ApiCall& call) {
  std::optional<security::VulnerabilityDetails> details;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    details = TRY(security::find_vulnerability(session, call.parts[0], call.access.granted_scopes(kReadAssessments)));
    return {};
  }));
  if (!details) return base::fail(base::Kind::not_found, fmt::format("{} was never found in an image here.", base::printable(call.parts[0])));
  return json_response(vulnerability_json(*details));
}

// What the pages call `image` is a resource type here; `monitored=false` asks for what no scan could look at.
void name_inventory_types(security::Query& query) {
  if (const auto at = query.filters.find("type"); at != query.filters.end())
    for (auto& type : at->second)
      type = type == "registry" ? "Microsoft.ContainerRegistry/registries" : type == "image" ? "Microsoft.ContainerRegistry/registries/repositories/images" : type == "host" ? "Microsoft.HybridCompute/machines" : type;
  if (const auto at = query.filters.find("monitored"); at != query.filters.end()) {
    const bool unmonitored = at->second.front() == "false";
    query.filters.erase(at);
    if (unmonitored) query.filters["status"] = {"Unmonitored"};
  }
}

base::Result<net::ServerResponse> get_inventory(const Context& context, const ApiCall& call) {
  auto query = TRY(read_query(call, kReadAssessments));
  security::Inventory inventory;
  base::JsonArray rows;
  name_inventory_types(query);
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    TRY(narrow_to_registry(session, query));
    do {
      inventory = TRY(security::read_inventory(session, query));
      for (const auto& row : inventory.page.rows) rows.emplace_back(inventory_row_json(row));
      query.cursor = inventory.page.next;
    } while (wants_csv(call) && !query.cursor.empty() && rows.size() < kCsvRowsCap);
    return {};
  }));
  if (wants_csv(call)) return csv_response("inventory", {"id", "name", "type", "status", "scanState", "recommendations", "counts.critical", "counts.high", "counts.medium", "counts.low"}, rows);
  const auto& counters = inventory.counters;
  return json_response(base::JsonObject{{"counters", base::JsonObject{{"total", counters.total}, {"unhealthy", counters.unhealthy},
                                                                      {"unmonitored", counters.unmonitored}, {"unregistered", counters.unregistered}}},
                                        {"value", std::move(rows)},
                                        {"total", inventory.page.total},
                                        {"next", inventory.page.next.empty() ? base::Json(nullptr) : base::Json(inventory.page.next)}});
}

// Where the caller may read, within the registry of the request where it names one.
base::Result<std::vector<std::string>> scopes_of(store::Session& session, const ApiCall& call, std::string_view action) {
  auto query = TRY(read_query(call, action));
  TRY(narrow_to_registry(session, query));
  return std::move(query.scopes);
}

// Of the subscription: what parts of it had before is not kept.
base::Result<std::vector<security::ScoreDay>> history_of(const Context& context, store::Session& session, const ApiCall& call) {
  if (!call.http.parameter("registry").empty()) return std::vector<security::ScoreDay>();
  return security::score_history(session, base::to_lower(context.subscription()), 90);
}

base::Result<net::ServerResponse> get_score(const Context& context, const ApiCall& call) {
  base::JsonObject json;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto scopes = TRY(scopes_of(session, call, "Microsoft.Security/secureScores/read"));
    json = score_json(security::compute_score(context.recommendations, TRY(security::load_score_inputs(session, context.recommendations, scopes))),
                      TRY(history_of(context, session, call)));
    return {};
  }));
  return json_response(json);
}

base::Result<net::ServerResponse> get_overview(const Context& context, const ApiCall& call) {
  base::JsonObject json;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    json = TRY(overview_json(context, session, TRY(scopes_of(session, call, kReadAssessments)), TRY(history_of(context, session, call))));
    return {};
  }));
  return json_response(json);
}

base::Result<net::ServerResponse> get_search(const Context& context, const ApiCall& call) {
  base::JsonArray value;
  const std::string words(call.http.parameter("q").substr(0, 200));
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& hit : TRY(security::search(session, context.recommendations, words, call.access.granted_scopes(kReadAssessments))))
      value.emplace_back(search_hit_json(hit));
    return {};
  }));
  return json_response(base::JsonObject{{"value", std::move(value)}});
}

base::Result<net::ServerResponse> get_meter(const Context& context, const ApiCall& call) {
  const auto given = call.http.parameter("month");
  const std::string month = given.empty() ? security::meter_month(store::now_ms()) : std::string(given);
  if (!security::is_meter_month(month)) return base::fail(base::Kind::invalid_input, "month must be such as 2026-11.");
  security::MeterPage page;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    page = TRY(security::read_meter(session, month, call.access.granted_scopes("Microsoft.Security/pricings/read"), 0, kCsvRowsCap));
    return {};
  }));
  base::JsonArray rows;
  for (const auto& row : page.rows)
    rows.emplace_back(base::JsonObject{{"digest", row.digest}, {"registry", base::basename(row.registry_key)}, {"repository", row.repository}, {"at", arm::format_millis(row.at)}});
  if (wants_csv(call)) return csv_response("meter-" + month, {"digest", "registry", "repository", "at"}, rows);
  if (rows.size() > security::kMostRows) rows.resize(security::kMostRows);
  return json_response(base::JsonObject{{"month", month}, {"images", page.images}, {"value", std::move(rows)}});
}

constexpr std::string_view kReadActivity = "Microsoft.Insights/eventtypes/values/read";

base::Result<store::Millis> time_filter(security::Filters& filters, const std::string& name, store::Millis otherwise) {
  const auto text = filters.one(name);
  return text.empty() ? otherwise : TRY(base::parse_time(text)).time_since_epoch().count() * 1000;
}

base::Result<void> add_activity_filters(const security::Query& query, security::SqlText& where) {
  security::Filters filters(query);
  where.add_scopes("resource_key", query.scopes);
  where.add(" AND at >= ?", TRY(time_filter(filters, "from", 0))).add(" AND at <= ?", TRY(time_filter(filters, "to", INT64_MAX)));
  if (const auto caller = filters.one("caller"); !caller.empty()) where.add(" AND lower(caller) = ?", base::to_lower(caller));
  if (const auto status = filters.one("status"); !status.empty()) where.add(" AND status = ?", status);
  if (const auto resource = filters.one("resource"); !resource.empty())
    where.add(" AND substr(resource_key, 1, length(?)) = ?", base::to_lower(resource)).add("", base::to_lower(resource));
  where.add_words(query.q, {"operation", "caller", "resource_id"});
  return filters.finish();
}

base::Result<net::ServerResponse> get_activity(const Context& context, const ApiCall& call) {
  const auto query = TRY(read_query(call, kReadActivity));
  const auto order = TRY(security::sort_order(query, "-at", {"at", "caller", "operation", "status"}));
  const std::size_t offset = TRY(security::offset_of(query));
  base::JsonArray rows;
  std::int64_t total = 0;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    security::SqlText where(" WHERE 1 = 1");
    TRY(add_activity_filters(query, where));
    security::SqlText count("SELECT count(*) FROM activity");
    total = TRY(count.add(where).integer(session));
    security::SqlText sql(fmt::format("SELECT {} FROM activity", arm::kActivityColumns));
    sql.add(where).add(fmt::format(" ORDER BY {}{}, id DESC LIMIT ?", order.field == "at" ? "id" : order.field, order.descending ? " DESC" : ""),
                       static_cast<std::int64_t>(wants_csv(call) ? kCsvRowsCap : query.top));
    sql.add(" OFFSET ?", static_cast<std::int64_t>(offset));
    return sql.query(session, [&](const store::Row& row) { rows.emplace_back(activity_row_json(row)); });
  }));
  if (wants_csv(call)) return csv_response("activity", {"at", "caller", "address", "method", "operation", "resourceId", "status", "httpStatus", "message"}, rows);
  const auto next = security::next_offset(offset, rows.size(), total);
  return page_response(std::move(rows), total, next);
}

}  // namespace

void add_view_routes(Api& api, const Context& context) {
  using View = base::Result<net::ServerResponse> (*)(const Context&, const ApiCall&);
  const auto add = [&](const char* method, const char* pattern, View view) {
    api.add({method, pattern, "", [&context, view](const ApiCall& call) { return view(context, call); }});
  };
  add("GET", "/api/v1/overview", get_overview);
  add("GET", "/api/v1/recommendations", get_recommendations);
  add("GET", "/api/v1/recommendations/{key}", get_recommendation);
  add("GET", "/api/v1/recommendations/{key}/resources", get_recommendation_resources);
  add("PATCH", "/api/v1/recommendations/{key}/resources", patch_recommendation_resources);
  add("GET", "/api/v1/findings", get_findings);
  add("GET", "/api/v1/findings/{id}", get_finding);
  add("GET", "/api/v1/vulnerabilities/{id}", get_vulnerability);
  add("GET", "/api/v1/inventory", get_inventory);
  add("GET", "/api/v1/score", get_score);
  add("GET", "/api/v1/search", get_search);
  add("GET", "/api/v1/meter", get_meter);
  add("GET", "/api/v1/activity", get_activity);
}

}  // namespace hub
