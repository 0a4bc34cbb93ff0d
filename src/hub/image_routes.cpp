// SPDX-License-Identifier: Apache-2.0
// Registry → repository → image: what the drill-down pages show.
#include <fmt/format.h>

#include <map>

#include "arm/resource.hpp"
#include "base/text.hpp"
#include "hub/routes.hpp"
#include "hub/view_query.hpp"
#include "providers/container_registry/image_assessment.hpp"
#include "providers/container_registry/image_gate.hpp"
#include "providers/container_registry/image_views.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/container_registry/registry_poll.hpp"
#include "sbom/document.hpp"
#include "security/finding_sets.hpp"
#include "security/plans.hpp"

namespace hub {

namespace {

constexpr std::string_view kReadRegistries = "Microsoft.ContainerRegistry/registries/read";

// The registry of the path, where the caller may read it; else Kind::not_found.
base::Result<providers::Registry> readable_registry(const Context& context, store::Session& session, const ApiCall& call) {
  auto registry = TRY(providers::find_registry(session, context.services.vault, call.parts[0]));
  if (!registry || !call.access.allows(kReadRegistries, registry->key()))
    return base::fail(base::Kind::not_found, fmt::format("There is no registry '{}'.", base::printable(call.parts[0])));
  return std::move(*registry);
}

base::JsonObject image_view_json(const providers::Registry& registry, const providers::ImageView& view) {
  const auto& image = view.image;
  return {{"id", image.resource_id}, {"registry", registry.name}, {"repository", image.repository}, {"digest", image.digest},
          {"tags", texts_json(view.tags)}, {"platform", image.platform}, {"os", image.os}, {"size", image.size}, {"pushed", time_or_null(image.pushed_at)},
          {"scanState", image.scan_state}, {"scanError", image.scan_error}, {"scanned", time_or_null(image.scanned_at)}, {"partial", image.partial},
          {"status", view.status}, {"counts", security::to_json(view.counts)}, {"current", view.current}};
}

base::Result<base::JsonObject> registry_json(const Context& context, store::Session& session, const providers::Registry& registry) {
  const auto poll = TRY(providers::poll_state(session, registry.key()));
  const auto plans = TRY(security::load_plans(session, context.subscription()));
  const std::string off = providers::scan_off_reason(registry, plans);
  security::Query all;
  all.top = security::kMostRows;
  std::int64_t images = 0, unhealthy = 0;
  security::Counts counts;
  const auto repositories = TRY(providers::list_repository_views(session, registry, all));
  for (const auto& row : repositories.rows) {
    images += row.images;
    unhealthy += row.unhealthy;
    counts += row.counts;
  }
  const bool unreachable = !poll.error.empty();
  return base::JsonObject{{"id", registry.id.text()}, {"name", registry.name}, {"url", registry.login_server},
                          {"state", unreachable ? "error" : poll.polled_at == 0 ? "pending" : "ok"}, {"lastError", poll.error},
                          {"lastPolled", time_or_null(poll.polled_at)}, {"repositories", repositories.total}, {"images", images},
                          {"unhealthyImages", unhealthy}, {"counts", security::to_json(counts)}, {"scanEnabled", off.empty()}, {"reason", off}};
}

base::Result<net::ServerResponse> get_registries(const Context& context, const ApiCall& call) {
  const auto query = TRY(read_query(call, kReadRegistries));
  const std::string words = base::to_lower(query.q);
  base::JsonArray value;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& registry : TRY(providers::load_registries(session, context.services.vault)))
      if (call.access.allows(kReadRegistries, registry.key()) && base::to_lower(registry.name + " " + registry.login_server).find(words) != std::string::npos)
        value.emplace_back(TRY(registry_json(context, session, registry)));
    return {};
  }));
  TRY(sort_rows(value, query, "name", {"name", "url", "state", "repositories", "images", "unhealthyImages", "severity", "lastPolled"}));
  if (wants_csv(call)) return csv_response("registries", {"name", "url", "repositories", "images", "unhealthyImages", "counts.critical", "counts.high", "counts.medium", "counts.low"}, value);
  return part_response(query, std::move(value));
}

base::Result<net::ServerResponse> get_repositories(const Context& context, const ApiCall& call) {
  auto query = TRY(read_query(call, kReadRegistries));
  base::JsonArray value;
  security::Page<providers::RepositoryView> page;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto registry = TRY(readable_registry(context, session, call));
    page = TRY(providers::list_repository_views(session, registry, query));
    for (const auto& row : page.rows)
      value.emplace_back(base::JsonObject{{"registry", registry.name}, {"repository", row.repository}, {"images", row.images}, {"unhealthyImages", row.unhealthy},
                                          {"counts", security::to_json(row.counts)}, {"lastPushed", time_or_null(row.pushed_at)}});
    return {};
  }));
  if (wants_csv(call)) return csv_response("repositories", {"registry", "repository", "images", "unhealthyImages", "counts.critical", "counts.high", "counts.medium", "counts.low", "lastPushed"}, value);
  return page_response(std::move(value), page.total, page.next);
}

base::Result<net::ServerResponse> get_images(const Context& context, const ApiCall& call) {
  auto query = TRY(read_query(call, kReadRegistries));
  const std::string repository(call.http.parameter("repository"));
  base::JsonArray value;
  security::Page<providers::ImageView> page;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto registry = TRY(readable_registry(context, session, call));
    page = TRY(providers::list_image_views(session, registry, repository, query));
    for (const auto& view : page.rows) value.emplace_back(image_view_json(registry, view));
    return {};
  }));
  if (wants_csv(call)) return csv_response("images", {"registry", "repository", "digest", "tags", "platform", "os", "size", "pushed", "scanState", "status", "counts.critical", "counts.high", "counts.medium", "counts.low"}, value);
  return page_response(std::move(value), page.total, page.next);
}

base::Result<base::Json> job_json(store::Session& session, const providers::ImageRow& image) {
  const auto id = TRY(arm::ResourceId::parse(image.resource_id));
  const auto job = TRY(store::last_job(session, std::string(providers::kScanJob), id.key()));
  if (!job) return base::Json(nullptr);
  return base::Json(base::JsonObject{{"state", job->state}, {"attempts", job->attempts}, {"error", job->error},
                                     {"nextRun", job->state == "queued" ? time_or_null(job->run_at) : base::Json(nullptr)}});
}

// Where tags that once led here lead now: the newest images of the repository that carry a tag, worst told first.
base::Result<base::JsonArray> superseded_by(store::Session& session, const providers::Registry& registry, const providers::ImageView& view) {
  base::JsonArray out;
  if (view.current) return out;
  security::Query newest;
  newest.sort = "-pushed";
  newest.top = security::kMostRows;
  for (const auto& other : TRY(providers::list_image_views(session, registry, view.image.repository, newest)).rows) {
    if (!other.current || other.image.pushed_at < view.image.pushed_at || out.size() == 5) continue;
    for (const auto& tag : other.tags)
      out.emplace_back(base::JsonObject{{"tag", tag}, {"digest", other.image.digest}, {"counts", security::to_json(other.counts)}});
  }
  return out;
}

base::Result<net::ServerResponse> get_image(const Context& context, const ApiCall& call) {
  const std::string repository(call.http.parameter("repository"));
  base::JsonObject json;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto registry = TRY(readable_registry(context, session, call));
    const auto view = TRY(providers::find_image_view(session, registry, repository, call.parts[1]));
    if (!view) return base::fail(base::Kind::not_found, fmt::format("There is no image {} in {}.", base::printable(call.parts[1]), base::printable(repository)));
    json = image_view_json(registry, *view);
    const auto details = base::parse_json(view->image.config, "an image's details").value_or(base::JsonObject{});
    json["mediaType"] = view->image.media_type;
    json["config"] = base::get_object(details, "config");
    json["layers"] = base::get_array(details, "layers");
    json["notices"] = base::get_array(details, "notices");
    if (const auto* signature = base::find(details, "signature")) json["signature"] = *signature;
    json["packages"] = view->image.set_id ? TRY(store::query_integer(session, "SELECT packages FROM finding_sets WHERE id = ?", {*view->image.set_id})).value_or(0) : 0;
    json["job"] = TRY(job_json(session, view->image));
    const auto id = TRY(arm::ResourceId::parse(view->image.resource_id));
    if (const auto approval = TRY(arm::load_resource(session, id.extension(providers::kApprovalType, "default").key()))) json["approval"] = approval->body.at("properties");
    json["quarantine"] = view->image.quarantine;
    json["gate"] = TRY(providers::answer_gate(context.services, session, view->image, {}, store::now_ms()));
    json["supersededBy"] = TRY(superseded_by(session, registry, *view));
    json["reference"] = registry.reference(repository, view->image.digest);
    json["deleteCommand"] = fmt::format("bulwark image delete {}", registry.reference(repository, view->image.digest));
    return {};
  }));
  return json_response(json);
}

// An image's package list, and how many open findings each package has.
base::Result<net::ServerResponse> get_packages(const Context& context, const ApiCall& call) {
  const std::string repository(call.http.parameter("repository"));
  std::optional<model::Inventory> inventory;
  std::map<std::string, std::int64_t> findings;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto registry = TRY(readable_registry(context, session, call));
    const auto image = TRY(providers::find_image(session, registry.key(), repository, call.parts[1]));
    if (!image || !image->set_id) return {};
    inventory = TRY(security::load_inventory(session, *image->set_id));
    return session.query("SELECT package, version, COUNT(*) FROM findings WHERE set_id = ? GROUP BY package, version", {*image->set_id},
                         [&](const store::Row& row) { findings[fmt::format("{}@{}", row.text(0), row.text(1))] = row.integer(2); });
  }));
  if (!inventory) return base::fail(base::Kind::not_found, "The image has not been scanned yet: there is no package list.");
  inventory->artifact.name = repository;
  inventory->artifact.digest = call.parts[1];
  const auto format = call.http.parameter("format");
  if (format == "cyclonedx" || format == "spdx") {
    const auto document = format == "spdx" ? sbom::to_spdx(*inventory, base::system_now()) : sbom::to_cyclonedx(*inventory, {}, base::system_now());
    auto response = json_response(document);
    response.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}.{}.json\"", base::basename(repository), format == "spdx" ? "spdx" : "cdx"));
    return response;
  }
  const auto query = TRY(read_query(call, kReadRegistries));
  const std::string words = base::to_lower(query.q);
  base::JsonArray value;
  for (const auto& package : inventory->packages) {
    if (!words.empty() && base::to_lower(package.name).find(words) == std::string::npos) continue;
    const auto at = findings.find(package.name + "@" + package.version);
    value.emplace_back(base::JsonObject{{"name", package.name}, {"version", package.version}, {"type", package.type}, {"purl", package.purl}, {"path", package.path},
                                        {"layer", package.layer}, {"findings", at == findings.end() ? 0 : at->second}});
  }
  TRY(sort_rows(value, query, "name", {"name", "version", "type", "path", "layer", "findings"}));
  if (format == "csv") return csv_response("packages", {"name", "version", "type", "purl", "path", "layer", "findings"}, value);
  return part_response(query, std::move(value));
}

}  // namespace

void add_image_routes(Api& api, const Context& context) {
  using View = base::Result<net::ServerResponse> (*)(const Context&, const ApiCall&);
  const auto add = [&](const char* pattern, View view) {
    api.add({"GET", pattern, "", [&context, view](const ApiCall& call) { return view(context, call); }});
  };
  add("/api/v1/registries", get_registries);
  add("/api/v1/registries/{name}/repositories", get_repositories);
  add("/api/v1/registries/{name}/images", get_images);
  add("/api/v1/registries/{name}/images/{digest}", get_image);
  add("/api/v1/registries/{name}/images/{digest}/packages", get_packages);
}

}  // namespace hub
