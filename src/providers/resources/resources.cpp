// SPDX-License-Identifier: Apache-2.0
#include "providers/resources/resources.hpp"

#include <fmt/format.h>

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
  type.writable = false;
  type.get = [installation](const arm::Call&, store::Session&, const arm::ResourceId& id) -> base::Result<arm::Reply> {
    if (!base::equals_ignoring_case(id.subscription(), installation.subscription_id))
      return arm::refuse(404, "SubscriptionNotFound", fmt::format("The subscription '{}' could not be found.", id.subscription()));
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

// Tracked resources alone: those with a location.
arm::ResourceType resources_list_type() {
  arm::ResourceType type;
  type.name = "Microsoft.Resources/resources";
  type.writable = false;
  type.list = [](const arm::Call& call, store::Session& session, const arm::Target& target) -> base::Result<arm::Reply> {
    base::JsonArray value;
    const auto filter = call.http.parameter("$filter");
    const std::string wanted = filter.find("resourceType eq") == 0 ? std::string(base::cut(base::cut(filter, "'").second, "'").first) : "";
    for (const auto* name : {"Microsoft.ContainerRegistry/registries"}) {
      if (!wanted.empty() && !base::equals_ignoring_case(wanted, name)) continue;
      for (const auto& resource : TRY(arm::load_resources(session, name, target.id.key()))) {
        if (!call.may(std::string(name) + "/read", resource.id)) continue;
        auto json = arm::to_json(resource);
        json.erase("properties");
        value.emplace_back(std::move(json));
      }
    }
    return arm::list_reply(call, std::move(value), {});
  };
  return type;
}

arm::ResourceType providers_type(const arm::ResourceManager& manager) {
  arm::ResourceType type;
  type.name = "Microsoft.Resources/providers";
  type.writable = false;
  type.list = [&manager](const arm::Call& call, store::Session&, const arm::Target& target) -> base::Result<arm::Reply> {
    std::map<std::string, base::JsonArray> types;
    for (const auto& name : manager.type_names()) {
      const auto [space, rest] = base::cut(name, "/");
      types[std::string(space)].emplace_back(base::JsonObject{{"resourceType", rest}, {"locations", base::JsonArray{"local"}}});
    }
    base::JsonArray value;
    for (auto& space : types)
      value.emplace_back(base::JsonObject{{"id", target.id.text() + "/providers/" + space.first},
                                          {"namespace", space.first},
                                          {"registrationState", "Registered"},
                                          {"resourceTypes", std::move(space.second)}});
    return arm::list_reply(call, std::move(value), {});
  };
  return type;
}

arm::ResourceType tenants_type(const Installation& installation) {
  arm::ResourceType type;
  type.name = "Microsoft.Resources/tenants";
  type.writable = false;
  type.list = [installation](const arm::Call& call, store::Session&, const arm::Target&) -> base::Result<arm::Reply> {
    return arm::list_reply(call, {base::JsonObject{{"id", "/tenants/" + installation.tenant_id}, {"tenantId", installation.tenant_id},
                                                   {"displayName", installation.name}}}, {});
  };
  return type;
}

// "eventTimestamp ge '2026-11-01T00:00:00Z' and eventTimestamp le '…' and resourceUri eq '…'"
std::string quoted_behind(std::string_view filter, std::string_view phrase) {
  const auto at = filter.find(phrase);
  return at == std::string_view::npos ? "" : std::string(base::cut(base::cut(filter.substr(at), "'").second, "'").first);
}

store::Millis time_or(const std::string& text, store::Millis otherwise) {
  const auto time = base::parse_time(text);
  return time ? time->time_since_epoch().count() * 1000 : otherwise;
}

arm::ResourceType activity_type() {
  arm::ResourceType type;
  type.name = "Microsoft.Insights/eventtypes/values";
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
  manager.declare(subscriptions_type(installation));
  manager.declare(groups_type());
  manager.declare(resources_list_type());
  manager.declare(providers_type(manager));
  manager.declare(tenants_type(installation));
  manager.declare(activity_type());
}

}  // namespace providers
