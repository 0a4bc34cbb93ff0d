// SPDX-License-Identifier: Apache-2.0
// Everything that has to do with containers, of whatever kind, in one list.
#include <fmt/format.h>

#include <algorithm>

#include "arm/resource.hpp"
#include "base/text.hpp"
#include "hub/routes.hpp"
#include "hub/view_query.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/container_registry/registry_poll.hpp"
#include "providers/hybrid_compute/host_views.hpp"
#include "security/sql_text.hpp"

namespace hub {

namespace {

constexpr std::string_view kRegistriesRead = "Microsoft.ContainerRegistry/registries/read", kMachinesRead = "Microsoft.HybridCompute/machines/read";

struct AssetVerdicts {
  std::int64_t unhealthy = 0;
  security::Counts counts;
};

// What the assessments of each resource say together.
base::Result<std::map<std::string, AssetVerdicts>> verdicts_of(store::Session& session) {
  std::map<std::string, AssetVerdicts> out;
  TRY(session.query("SELECT resource_key, sum(CASE WHEN status = 'Unhealthy' THEN 1 ELSE 0 END), sum(critical), sum(high), sum(medium), sum(low), sum(unrated), sum(fixable), "
                    "sum(disabled) FROM assessments WHERE resource_type IN ('Microsoft.ContainerRegistry/registries', 'Microsoft.HybridCompute/machines') GROUP BY resource_key",
                    {}, [&](const store::Row& row) {
                      out[std::string(row.text(0))] = {row.integer(1), {row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6), row.integer(7), row.integer(8)}};
                    }));
  return out;
}

base::JsonObject asset_json(const std::string& id, const std::string& name, std::string_view kind, const AssetVerdicts& verdicts) {
  return {{"id", id}, {"name", name}, {"kind", kind}, {"recommendations", verdicts.unhealthy}, {"counts", security::to_json(verdicts.counts)}};
}

base::Result<base::JsonArray> registry_assets(const Context& context, store::Session& session, const ApiCall& call, std::map<std::string, AssetVerdicts>& verdicts) {
  std::map<std::string, std::int64_t> images;
  TRY(session.query("SELECT registry_key, count(*) FROM images WHERE deleted_at = 0 GROUP BY registry_key", {},
                    [&](const store::Row& row) { images.emplace(row.text(0), row.integer(1)); }));
  base::JsonArray out;
  for (const auto& registry : TRY(providers::load_registries(session, context.services.vault))) {
    if (!call.access.allows(kRegistriesRead, registry.key())) continue;
    const auto poll = TRY(providers::poll_state(session, registry.key()));
    auto json = asset_json(registry.id.text(), registry.name, "registry", verdicts[registry.key()]);
    json["detail"] = registry.login_server;
    json["state"] = !poll.error.empty() ? "error" : poll.polled_at == 0 ? "pending" : "ok";
    json["images"] = images[registry.key()];
    json["containers"] = nullptr;
    out.emplace_back(std::move(json));
  }
  return out;
}

base::Result<base::JsonArray> host_assets(store::Session& session, const ApiCall& call, std::map<std::string, AssetVerdicts>& verdicts) {
  security::Query all;
  all.scopes = call.access.granted_scopes(kMachinesRead);
  base::JsonArray out;
  for (const auto& row : TRY(providers::hybrid_compute::host_rows(session, all))) {
    const std::string id(base::get_string(row, "id"));
    auto json = asset_json(id, std::string(base::get_string(row, "name")), "host", verdicts[TRY(arm::ResourceId::parse(id)).key()]);
    json["detail"] = row.at("os");
    for (const char* same : {"state", "images", "containers"}) json[same] = row.at(same);
    out.emplace_back(std::move(json));
  }
  return out;
}

bool asset_has(const std::string& q, const base::Json& row) {
  const std::string text = base::to_lower(fmt::format("{} {}", base::get_string(row, "name"), base::get_string(row, "detail")));
  for (const auto word : base::split(q, ' '))
    if (text.find(base::to_lower(word)) == std::string::npos) return false;
  return true;
}

base::Result<net::ServerResponse> get_containers(const Context& context, const ApiCall& call) {
  const auto query = TRY(read_query(call, kMachinesRead));
  security::Filters filters(query);
  const auto kinds = filters.values("kind");
  TRY(filters.finish());
  for (const auto& kind : kinds)
    if (kind != "registry" && kind != "host" && kind != "cluster" && kind != "group")
      return base::fail(base::Kind::invalid_input, "filter kind is none of registry, host, cluster, group");
  const auto wants = [&](std::string_view kind) { return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); };
  base::JsonArray rows;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    auto verdicts = TRY(verdicts_of(session));
    if (wants("registry")) rows = TRY(registry_assets(context, session, call, verdicts));
    if (!wants("host")) return {};
    const auto found = TRY(host_assets(session, call, verdicts));
    rows.insert(rows.end(), found.begin(), found.end());
    return {};
  }));
  rows.erase(std::remove_if(rows.begin(), rows.end(), [&](const base::Json& row) { return !asset_has(query.q, row); }), rows.end());
  TRY(sort_rows(rows, query, "-severity", {"severity", "name", "kind", "detail", "state", "recommendations", "images", "containers"}));
  if (wants_csv(call))
    return csv_response("containers", {"id", "name", "kind", "detail", "state", "recommendations", "counts.critical", "counts.high", "counts.medium", "counts.low", "images", "containers"}, rows);
  return part_response(query, std::move(rows));
}

}  // namespace

void add_container_routes(Api& api, const Context& context) {
  api.add({"GET", "/api/v1/containers", "", [&context](const ApiCall& call) { return get_containers(context, call); }});
}

}  // namespace hub
