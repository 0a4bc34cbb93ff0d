// SPDX-License-Identifier: Apache-2.0
#include "hub/view_json.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/time.hpp"
#include "hub/data_jobs.hpp"
#include "hub/view_query.hpp"
#include "security/scopes.hpp"

namespace hub {

namespace {

constexpr std::chrono::hours kStaleAfter{72};

base::Json number_or_null(double number) { return number < 0 ? base::Json(nullptr) : base::Json(number); }

std::string image_page(const std::string& registry, const std::string& repository, const std::string& digest) {
  std::string href = "/registries/" + base::percent_encode(registry);
  if (!repository.empty()) href += "/" + base::percent_encode(repository);
  if (!digest.empty()) href += "/" + base::percent_encode(digest, ":");
  return href;
}

base::JsonArray link_list(const base::Json& holder) {
  base::JsonArray out;
  for (const auto& reference : base::get_array(holder, "references"))
    out.emplace_back(base::JsonObject{{"title", base::as_string(reference)}, {"url", base::as_string(reference)}});
  return out;
}

// Steps a person can follow, where the finding brings none of its own.
// Commands and settings, a line each; comments among them are words.
base::JsonArray command_lines(std::string_view lines) {
  base::JsonArray out;
  for (const auto line : base::split_lines(lines)) out.emplace_back(line.substr(0, 2) == "# " ? std::string(line.substr(2)) : fmt::format("`{}`", line));
  return out;
}

base::JsonArray remedies(const security::FindingDetails& details) {
  if (details.finding.category == "Configuration") return command_lines(base::get_string(details.vulnerability, "remediation"));
  for (const auto* holder : {&details.detail, &details.vulnerability})
    if (const auto given = base::get_string(*holder, "remediation"); !given.empty()) return {base::Json(given)};
  const auto& finding = details.finding;
  if (finding.fixed_version.empty())
    return {base::Json(fmt::format("There is no fixed version of `{}` yet. Remove the package where the image does not need it, or exempt the finding until there is one.", finding.package))};
  return {base::Json(fmt::format("Upgrade `{}` from `{}` to `{}` or later.", finding.package, finding.version, finding.fixed_version)),
          base::Json("Build the image again and push it; it is scanned on arrival.")};
}

}  // namespace

base::JsonObject recommendation_json(const security::Recommendation& recommendation) {
  return {{"key", recommendation.key},
          {"aliases", texts_json(recommendation.aliases)},
          {"title", recommendation.title},
          {"description", recommendation.description},
          {"severity", recommendation.severity},
          {"control", recommendation.control},
          {"resourceType", recommendation.resource_type},
          {"threats", texts_json(recommendation.threats)},
          {"userImpact", recommendation.user_impact},
          {"implementationEffort", recommendation.implementation_effort},
          {"remediation", texts_json(recommendation.remediation)},
          {"freshnessMinutes", recommendation.freshness_minutes},
          {"categories", texts_json(recommendation.categories)},
          {"policyDefinitionId", recommendation.policy_definition_id},
          {"scoreImpact", 0.0},
          {"counts", base::JsonObject{{"unhealthy", 0}, {"healthy", 0}, {"notApplicable", 0}}},
          {"findings", security::to_json(security::Counts())}};
}

base::JsonObject recommendation_row_json(const security::RecommendationRow& row) {
  const auto& known = *row.recommendation;
  return {{"key", known.key},
          {"title", known.title},
          {"severity", known.severity},
          {"control", known.control},
          {"resourceType", known.resource_type},
          {"unhealthy", row.unhealthy},
          {"healthy", row.healthy},
          {"notApplicable", row.not_applicable},
          {"exempt", row.exempt},
          {"counts", security::to_json(row.counts)},
          {"scoreImpact", row.score_impact},
          {"owner", row.owner},
          {"dueDate", time_or_null(row.due_at)},
          {"overdue", row.overdue}};
}

namespace {

// The host that a resource is, or that it stands on; empty where it is neither.
std::string host_name(const security::ResourceName& resource) {
  const std::string id = security::ancestor_of_type(resource.id, resource.type, "Microsoft.HybridCompute/machines");
  return base::percent_decode(id.substr(id.rfind('/') + 1));
}

}  // namespace

base::JsonObject assessed_json(const security::AssessedResource& row) {
  auto json = name_json(row.resource);
  json.emplace("id", row.resource.id);
  json.emplace("name", row.resource.name);
  json.emplace("type", row.resource.type);
  json.emplace("host", host_name(row.resource));
  json.emplace("status", row.status);
  json.emplace("cause", row.cause);
  json.emplace("description", row.description);
  json.emplace("firstEvaluated", time_or_null(row.first_evaluated_at));
  json.emplace("statusChanged", time_or_null(row.status_changed_at));
  json.emplace("counts", security::to_json(row.counts));
  json.emplace("owner", row.owner);
  json.emplace("dueDate", time_or_null(row.due_at));
  return json;
}

base::JsonObject finding_json(const security::FindingView& row) {
  auto json = name_json(row.resource);
  json.emplace("id", row.id);
  json.emplace("vulnerability", row.vulnerability);
  json.emplace("title", row.title);
  json.emplace("category", row.category);
  json.emplace("severity", security::severity_label(row.severity));
  json.emplace("score", number_or_null(row.score));
  json.emplace("package", row.package);
  json.emplace("packageType", row.package_type);
  json.emplace("version", row.version);
  json.emplace("fixedVersion", row.fixed_version);
  json.emplace("fixStatus", row.fix_status);
  json.emplace("patchable", row.patchable());
  json.emplace("kev", row.kev);
  json.emplace("epss", number_or_null(row.epss));
  json.emplace("path", row.path);
  json.emplace("layer", row.layer);
  json.emplace("imageId", row.resource.id);
  json.emplace("host", host_name(row.resource));
  json.emplace("firstSeen", time_or_null(row.first_seen_at));
  json.emplace("status", row.status);
  json.emplace("cause", row.cause);
  return json;
}

base::JsonObject finding_details_json(const security::FindingDetails& details) {
  auto json = finding_json(details.finding);
  const auto either = [&](std::string_view name) {
    const auto own = base::get_string(details.detail, name);
    return own.empty() ? base::get_string(details.vulnerability, name) : own;
  };
  json.emplace("description", either("description"));
  json.emplace("remediation", remedies(details));
  json.emplace("impact", either("impact"));
  json.emplace("vector", either("vector"));
  json.emplace("vectors", base::get_array(details.vulnerability, "vectors"));
  json.emplace("aliases", base::get_array(details.vulnerability, "aliases"));
  json.emplace("references", link_list(details.vulnerability));
  json.emplace("vendorSeverity", either("vendorSeverity"));
  const auto* percentile = base::find(details.vulnerability, "epssPercentile");
  json.emplace("epssPercentile", percentile ? *percentile : base::Json(nullptr));
  json.emplace("published", details.published);
  json.emplace("evidence", either("evidence"));
  json.emplace("purl", either("purl"));
  base::JsonArray history, elsewhere;
  for (const auto& event : details.history)
    history.emplace_back(base::JsonObject{{"at", time_or_null(event.at)}, {"event", event.event}, {"cause", event.cause}});
  for (const auto& other : details.elsewhere) {
    auto name = name_json(other);
    name.emplace("version", details.finding.version);
    elsewhere.emplace_back(std::move(name));
  }
  json.emplace("history", std::move(history));
  json.emplace("elsewhere", std::move(elsewhere));
  return json;
}

base::JsonObject vulnerability_json(const security::VulnerabilityDetails& details) {
  base::JsonArray packages;
  for (const auto& package : details.packages)
    packages.emplace_back(base::JsonObject{{"name", package.name}, {"type", package.type}, {"fixedVersion", package.fixed_version}, {"images", package.images}});
  return {{"id", details.id},
          {"aliases", base::get_array(details.detail, "aliases")},
          {"title", details.title},
          {"description", base::get_string(details.detail, "description")},
          {"severity", security::severity_label(details.severity)},
          {"score", number_or_null(details.score)},
          {"vector", base::get_string(details.detail, "vector")},
          {"published", details.published},
          {"kev", details.kev},
          {"epss", number_or_null(details.epss)},
          {"references", link_list(details.detail)},
          {"images", details.images},
          {"packages", std::move(packages)}};
}

base::JsonObject inventory_row_json(const security::InventoryRow& row) {
  auto json = name_json(row.resource);
  const std::string_view type = row.resource.type;
  json.emplace("id", row.resource.id);
  json.emplace("name", row.resource.name);
  json.emplace("type", type.find("/images") != std::string_view::npos ? "image" : type.find("/registries") != std::string_view::npos ? "registry" : base::equals_ignoring_case(type, "Microsoft.HybridCompute/machines") ? "host" : type);
  json.emplace("status", row.status);
  json.emplace("scanState", row.scan_state);
  json.emplace("recommendations", row.recommendations);
  json.emplace("counts", security::to_json(row.counts));
  return json;
}

namespace {

// The days before today, and the score as it is now.
base::JsonArray history_json(std::vector<security::ScoreDay> history, const security::Score& now) {
  const std::string today = base::format_date(base::system_now());
  if (!history.empty() && history.back().day == today) history.pop_back();
  history.push_back({today, now.current, now.max});
  base::JsonArray days;
  for (const auto& day : history)
    days.emplace_back(base::JsonObject{{"day", day.day}, {"current", day.current}, {"max", day.max}, {"percentage", day.max > 0 ? day.current / day.max : 0.0}});
  return days;
}

}  // namespace

base::JsonObject score_json(const security::Score& score, std::vector<security::ScoreDay> history) {
  base::JsonArray controls;
  for (const auto& control : score.controls) controls.emplace_back(security::to_json(control));
  return {{"current", score.current}, {"max", score.max}, {"percentage", score.percentage()}, {"controls", std::move(controls)},
          {"history", history_json(std::move(history), score)}};
}

base::JsonObject search_hit_json(const security::SearchHit& hit) {
  std::string href;
  if (hit.kind == "vulnerability") href = "/cve/" + base::percent_encode(hit.id);
  else if (hit.kind == "recommendation") href = "/recommendations/" + hit.id;
  else if (hit.kind == "package") href = "/inventory?contains=" + base::percent_encode(hit.id);
  else if (hit.kind == "host") href = "/hosts/" + base::percent_encode(hit.title);
  else href = image_page(hit.registry, hit.repository, hit.digest);
  return {{"kind", hit.kind}, {"title", hit.title}, {"subtitle", hit.subtitle}, {"href", href}};
}

base::JsonObject activity_row_json(const store::Row& row) {
  const auto properties = base::parse_json(row.text(13), "properties of an activity").value_or(base::JsonObject{});
  return {{"at", arm::format_millis(row.integer(1))}, {"caller", row.text(3)}, {"address", row.text(5)}, {"method", row.text(6)}, {"operation", row.text(7)},
          {"resourceId", row.text(8)}, {"level", row.text(10)}, {"status", row.text(11)}, {"httpStatus", row.integer(12)},
          {"message", base::get_string(properties, "message")}};
}

namespace {

base::JsonObject data_json(const Context& context) {
  const auto data = context.services.data.current();
  if (!data) return {{"built", nullptr}, {"advisories", 0}, {"stale", true}};
  return {{"built", base::format_time(data->database->built())}, {"advisories", data->database->advisories()},
          {"stale", base::system_now() - data->database->built() > kStaleAfter}};
}

base::JsonArray checklist_json(const security::Overview& overview, bool has_data) {
  const auto item = [](const char* id, bool done, const char* title) { return base::JsonObject{{"id", id}, {"done", done}, {"title", title}}; };
  return {item("registry", overview.registries > 0, "Connect a registry"), item("data", has_data, "Import vulnerability data"),
          item("scan", overview.scanned > 0, "Scan the first image"), item("host", overview.hosts > 0, "Add a container host")};
}

base::Result<base::JsonObject> severities_of_recommendations(const Context& context, store::Session& session, const std::vector<std::string>& scopes) {
  security::Query query;
  query.scopes = scopes;
  query.top = security::kMostRows;
  std::map<std::string, std::int64_t> counts{{"critical", 0}, {"high", 0}, {"medium", 0}, {"low", 0}};
  for (const auto& row : TRY(security::list_recommendations(session, context.recommendations, query, store::now_ms())).rows)
    ++counts[base::to_lower(row.recommendation->severity)];
  base::JsonObject out;
  for (const auto& count : counts) out.emplace(count.first, count.second);
  return out;
}

}  // namespace

base::Result<base::JsonObject> overview_json(const Context& context, store::Session& session, const std::vector<std::string>& scopes,
                                             std::vector<security::ScoreDay> history) {
  const auto overview = TRY(security::read_overview(session, scopes));
  const auto score = security::compute_score(context.recommendations, TRY(security::load_score_inputs(session, context.recommendations, scopes)));
  base::JsonArray vulnerabilities, images;
  for (const auto& top : TRY(security::top_vulnerabilities(session, scopes, 5)))
    vulnerabilities.emplace_back(base::JsonObject{{"id", top.id}, {"title", top.title}, {"severity", security::severity_label(top.severity)}, {"images", top.images}});
  for (const auto& top : TRY(security::top_images(session, scopes, 5))) {
    auto json = name_json(top.image);
    json.emplace("counts", security::to_json(top.counts));
    images.emplace_back(std::move(json));
  }
  return base::JsonObject{
      {"score", base::JsonObject{{"current", score.current}, {"max", score.max}, {"percentage", score.percentage()}}},
      {"recommendations", TRY(severities_of_recommendations(context, session, scopes))},
      {"images", base::JsonObject{{"total", overview.images}, {"scanned", overview.scanned}, {"queued", overview.queued}, {"scanning", overview.scanning},
                                  {"failed", overview.failed}, {"unhealthy", overview.unhealthy_images}}},
      {"registries", overview.registries},
      {"hosts", overview.hosts},
      {"repositories", overview.repositories},
      {"resources", base::JsonObject{{"total", overview.resources}, {"unhealthy", overview.unhealthy}, {"healthy", overview.healthy}, {"notApplicable", overview.not_applicable}}},
      {"findings", security::to_json(overview.findings)},
      {"kev", overview.kev},
      {"data", data_json(context)},
      {"checklist", checklist_json(overview, context.services.data.current().has_value())},
      {"topVulnerabilities", std::move(vulnerabilities)},
      {"topImages", std::move(images)},
      {"history", history_json(std::move(history), score)}};
}

}  // namespace hub
