// SPDX-License-Identifier: Apache-2.0
#include "providers/resources/resources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "arm/activity.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace providers {

namespace {

base::JsonObject subscription_json(const Installation& installation) {
  return {{"id", "/subscriptions/" + installation.subscription_id},
          {"subscriptionId", installation.subscription_id},
          {"tenantId", installation.tenant_id},
          {"displayName", installation.name},
          {"state", "Enabled"},
          {"authorizationSource", "RoleBased"},
          {"subscriptionPolicies", base::JsonObject{{"locationPlacementId", "Local"}, {"quotaId", "Local"}, {"spendingLimit", "Off"}}}};
}

arm::ResourceType subscriptions_type(const Installation& installation) {
  arm::ResourceType type;
  type.name = "Microsoft.Resources/subscriptions";
  type.api_versions = {"2022-12-01", "2021-01-01", "2016-06-01"};
  type.writable = false;
  type.get = [installation](const arm::Call&, store::Session&, const arm::ResourceId&) -> base::Result<arm::Reply> {
    return arm::Reply{200, subscription_json(installation), {}};
  };
  type.list = [installation](const arm::Call& call, store::Session&, const arm::Target&) -> base::Result<arm::Reply> {
    base::JsonArray value;
    if (!call.access.granted_scopes("Microsoft.Resources/subscriptions/resourceGroups/read").empty()) value.emplace_back(subscription_json(installation));
    return arm::list_reply(call, std::move(value), {});
  };
  return type;
}

arm::ResourceType groups_type() {
  arm::ResourceType type;
  type.name = "Microsoft.Resources/resourceGroups";
  type.api_versions = {"2024-03-01", "2021-04-01"};
  type.prepare = [](const arm::Call&, store::Session&, const arm::Resource*, arm::Resource& after) -> base::Result<void> {
    const std::string name = after.id.name();
    if (name.size() > 90 || name.back() == '.') return base::fail(base::Kind::invalid_input, "A resource group's name has at most 90 characters and does not end with a period.");
    after.body.emplace("location", "local");
    after.body["properties"] = base::JsonObject{{"provisioningState", "Succeeded"}};
    return {};
  };
  type.removing = [](const arm::Call&, store::Session& session, const arm::Resource& group) -> base::Result<void> {
    const std::string prefix = group.id.key() + "/";
    std::string end = prefix;
    end.back() = '0';
    if (TRY(store::query_integer(session, "SELECT 1 FROM resources WHERE resource_key > ? AND resource_key < ? LIMIT 1", {prefix, end})))
      return base::fail(base::Kind::conflict, "The resource group is not empty; delete what is in it first.");
    return {};
  };
  return type;
}

// "eventTimestamp ge '2026-11-01T00:00:00Z' and eventTimestamp le '…' and resourceUri eq '…'"
std::string quoted_behind(std::string_view filter, std::string_view phrase) {
  const auto at = filter.find(phrase);
  return at == std::string_view::npos ? "" : std::string(base::cut(base::cut(filter.substr(at), "'").second, "'").first);
}

// Tracked resources alone: those with a location.
constexpr std::string_view kTracked[] = {
    "Microsoft.ContainerRegistry/registries",       "Microsoft.Insights/dataCollectionEndpoints", "Microsoft.Insights/dataCollectionRules",
    "Microsoft.OperationalInsights/queryPacks",     "Microsoft.OperationalInsights/workspaces",   "Microsoft.Portal/dashboards",
};

// The tracked ones below a scope that the caller may read, behind a key, in order of key.
base::Result<std::vector<arm::Resource>> load_tracked(const arm::Call& call, store::Session& session, const std::string& scope, const std::string& after,
                                                      std::string_view wanted) {
  std::vector<arm::Resource> tracked;
  for (const auto type : kTracked) {
    if (!wanted.empty() && !base::equals_ignoring_case(wanted, type)) continue;
    for (auto& resource : TRY(arm::load_resources(session, std::string(type), scope, after)))
      if (call.may(std::string(type) + "/read", resource.id)) tracked.push_back(std::move(resource));
  }
  std::sort(tracked.begin(), tracked.end(), [](const auto& left, const auto& right) { return left.id.key() < right.id.key(); });
  return tracked;
}

arm::ResourceType resources_list_type() {
  arm::ResourceType type;
  type.name = "Microsoft.Resources/resources";
  type.api_versions = {"2024-03-01", "2021-04-01"};
  type.writable = false;
  type.list = [](const arm::Call& call, store::Session& session, const arm::Target& target) -> base::Result<arm::Reply> {
    const auto page = TRY(arm::read_page(call, 1000));
    const std::string wanted = quoted_behind(call.http.parameter("$filter"), "resourceType eq");
    base::JsonArray value;
    std::string last;
    for (const auto& resource : TRY(load_tracked(call, session, target.id.key(), page.after, wanted))) {
      if (value.size() == page.top) return arm::list_reply(call, std::move(value), last);
      auto json = arm::to_json(resource);
      json.erase("properties");
      value.emplace_back(std::move(json));
      last = resource.id.key();
    }
    return arm::list_reply(call, std::move(value), {});
  };
  return type;
}

base::JsonObject resource_type_json(const arm::ResourceType& type, std::string_view name) {
  base::JsonObject json{{"resourceType", name}, {"locations", base::JsonArray{"local"}}, {"apiVersions", base::JsonArray(type.api_versions.begin(), type.api_versions.end())}};
  if (!type.api_versions.empty()) json.emplace("defaultApiVersion", type.api_versions.front());
  return json;
}

// Each namespace with its types, by namespace in lower case.
std::map<std::string, base::JsonObject> provider_list(const arm::ResourceManager& manager, const arm::ResourceId& scope) {
  std::map<std::string, base::JsonObject> list;
  for (const auto* type : manager.types()) {
    if (type->api_versions.empty()) continue;  // it only says that it is not there
    const auto [space, rest] = base::cut(type->name, "/");
    auto& provider = list[base::to_lower(space)];
    if (provider.empty())
      provider = {{"id", (scope.is_tenant() ? "" : scope.text()) + "/providers/" + std::string(space)},
                  {"namespace", space},
                  {"registrationState", "Registered"},
                  {"registrationPolicy", "RegistrationFree"},
                  {"resourceTypes", base::JsonArray()}};
    provider["resourceTypes"].get_array().emplace_back(resource_type_json(*type, rest));
  }
  return list;
}

arm::Reply provider_reply(const arm::ResourceManager& manager, const arm::ResourceId& scope, std::string_view space) {
  auto list = provider_list(manager, scope);
  const auto found = list.find(base::to_lower(space));
  if (found == list.end())
    return arm::refuse(404, "InvalidResourceNamespace", fmt::format("The resource namespace '{}' is invalid.", base::printable(space)));
  return {200, std::move(found->second), {}};
}

// All of them, or the one whose namespace stands where a type does otherwise. All are registered, always.
arm::ResourceType providers_type(const arm::ResourceManager& manager) {
  arm::ResourceType type;
  type.name = "Microsoft.Resources/providers";
  type.api_versions = {"2024-03-01", "2021-04-01"};
  type.writable = false;
  type.list = [&manager](const arm::Call& call, store::Session&, const arm::Target& target) -> base::Result<arm::Reply> {
    if (target.type.find('/') == std::string::npos) return provider_reply(manager, target.id, target.type);
    base::JsonArray value;
    for (auto& provider : provider_list(manager, target.id)) value.emplace_back(std::move(provider.second));
    return arm::list_reply(call, std::move(value), {});
  };
  type.actions["register"] = {"POST", [&manager](const arm::Call& call, const arm::ResourceId& id) -> base::Result<arm::Reply> {
                                return provider_reply(manager, id, base::cut_last(call.target.type, "/").first);
                              }};
  return type;
}

arm::ResourceType locations_type() {
  arm::ResourceType type;
  type.name = "Microsoft.Resources/locations";
  type.api_versions = {"2022-12-01"};
  type.writable = false;
  type.list = [](const arm::Call& call, store::Session&, const arm::Target& target) -> base::Result<arm::Reply> {
    return arm::list_reply(call, {base::JsonObject{{"id", target.id.text() + "/locations/local"}, {"name", "local"}, {"type", "Region"},
                                                   {"displayName", "Local"}, {"regionalDisplayName", "Local"}}}, {});
  };
  return type;
}

arm::ResourceType tenants_type(const Installation& installation) {
  arm::ResourceType type;
  type.name = "Microsoft.Resources/tenants";
  type.api_versions = {"2022-12-01"};
  type.writable = false;
  type.list = [installation](const arm::Call& call, store::Session&, const arm::Target&) -> base::Result<arm::Reply> {
    return arm::list_reply(call, {base::JsonObject{{"id", "/tenants/" + installation.tenant_id}, {"tenantId", installation.tenant_id},
                                                   {"displayName", installation.name}}}, {});
  };
  return type;
}

store::Millis time_or(const std::string& text, store::Millis otherwise) {
  const auto time = base::parse_time(text);
  return time ? time->time_since_epoch().count() * 1000 : otherwise;
}

arm::ResourceType activity_type() {
  arm::ResourceType type;
  type.name = "Microsoft.Insights/eventtypes/values";
  type.api_versions = {"2015-04-01"};
  type.writable = false;
  type.list = [](const arm::Call& call, store::Session& session, const arm::Target&) -> base::Result<arm::Reply> {
    const auto page = TRY(arm::read_page(call, 200));
    const auto filter = call.http.parameter("$filter");
    const auto from = time_or(quoted_behind(filter, "eventTimestamp ge"), call.now - store::Millis{90} * 86'400'000);
    const auto to = time_or(quoted_behind(filter, "eventTimestamp le"), call.now);
    const std::string resource = base::to_lower(quoted_behind(filter, "resourceUri eq"));
    const std::int64_t below = page.after.empty() ? INT64_MAX : std::atoll(page.after.c_str());
    base::JsonArray value;
    std::int64_t last = 0;
    TRY(session.query(fmt::format("SELECT {} FROM activity WHERE at BETWEEN ? AND ? AND id < ? AND (? = '' OR resource_key = ?) ORDER BY id DESC LIMIT ?",
                                  arm::kActivityColumns),
                      {from, to, below, resource, resource, static_cast<std::int64_t>(page.top)}, [&](const store::Row& row) {
                        last = row.integer(14);
                        if (call.access.allows("Microsoft.Insights/eventtypes/values/read", base::to_lower(row.text(8))))
                          value.emplace_back(arm::activity_json(row));
                      }));
    const bool more = value.size() == page.top;
    return arm::list_reply(call, std::move(value), more ? std::to_string(last) : "");
  };
  return type;
}

}  // namespace

void declare_resources(arm::ResourceManager& manager, const Installation& installation) {
  manager.serve_subscription(installation.subscription_id);
  manager.declare(subscriptions_type(installation));
  manager.declare(groups_type());
  manager.declare(resources_list_type());
  manager.declare(providers_type(manager));
  manager.declare(locations_type());
  manager.declare(tenants_type(installation));
  manager.declare(activity_type());
}

}  // namespace providers
