// SPDX-License-Identifier: Apache-2.0
// Microsoft.Security/pricings, api 2022-03-01: which plans are on.
#include <fmt/format.h>

#include "base/text.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/container_registry/image_assessment.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "providers/security/types.hpp"
#include "security/plans.hpp"

namespace providers {

namespace {

constexpr std::string_view kPricing = "Microsoft.Security/pricings";

base::JsonObject pricing_json(const arm::ResourceId& scope, std::string_view plan, security::Tier tier, const std::string& enabled_at) {
  base::JsonObject properties{{"pricingTier", security::tier_name(tier)}, {"freeTrialRemainingTime", "PT0S"}, {"resourcesCoverageStatus", "FullyCovered"}};
  if (plan == "ContainerRegistry" || plan == "KubernetesService") {
    properties.emplace("deprecated", true);
    properties.emplace("replacedBy", base::JsonArray{"Containers"});
  }
  if (!enabled_at.empty()) properties.emplace("enablementTime", enabled_at);
  return {{"id", scope.extension(kPricing, plan).text()}, {"name", plan}, {"type", kPricing}, {"properties", std::move(properties)}};
}

base::Result<base::JsonObject> shown_pricing(store::Session& session, const arm::ResourceId& scope, std::string_view plan) {
  const auto plans = TRY(security::load_plans(session, scope.key()));
  const auto stored = TRY(arm::load_resource(session, scope.extension(kPricing, plan).key()));
  return pricing_json(scope, plan, plans.tier(plan), stored ? arm::format_millis(stored->changed_at) : "");
}

arm::Reply no_plan(std::string_view name) {
  return arm::refuse(404, "ResourceNotFound", fmt::format("There is no plan '{}'; the plans are Containers, ContainerRegistry, KubernetesService and VirtualMachines.", base::printable(name)));
}

// Images that were not scanned for the plan's sake are scanned now, or the other way round.
base::Result<void> apply_plans(const Services& services, store::Session& session, store::Millis now) {
  for (const auto& registry : TRY(load_registries(session, services.vault))) {
    for (const auto& image : TRY(live_images(session, registry.key())))
      if (image.scan_state == kOff) TRY(queue_scan(services, session, registry, image, now));
  }
  TRY(hybrid_compute::plans_changed(services, session, now));
  TRY(security::assess_plans(session, services.assessor, "/subscriptions/" + services.subscription_id, now));
  return {};
}

base::Result<arm::Reply> put_pricing(const Services& services, const arm::Call& call, store::Session& session, const arm::ResourceId& id) {
  const auto plan = security::plan_name(id.name());
  if (plan.empty()) return no_plan(id.name());
  const auto tier = TRY(security::parse_tier(call.body));
  const auto scope = id.parent();
  if (scope.type() != "Microsoft.Resources/subscriptions") return base::fail(base::Kind::unsupported, "Plans are set on the subscription.");
  arm::Resource resource;
  resource.id = scope.extension(kPricing, plan);
  if (const auto before = TRY(arm::load_resource(session, resource.id.key()))) resource = *before;
  resource.body = {{"properties", base::JsonObject{{"pricingTier", security::tier_name(tier)}}}};
  TRY(arm::save_resource(session, resource, call.who(), call.now));
  TRY(apply_plans(services, session, call.now));
  return arm::Reply{200, TRY(shown_pricing(session, scope, plan)), {}};
}

}  // namespace

arm::ResourceType pricings_type(const Services& services) {
  arm::ResourceType type;
  type.name = kPricing;
  type.api_versions = {"2024-01-01", "2023-01-01", "2022-03-01", "2018-06-01"};
  type.get = [](const arm::Call&, store::Session& session, const arm::ResourceId& id) -> base::Result<arm::Reply> {
    const auto plan = security::plan_name(id.name());
    if (plan.empty()) return no_plan(id.name());
    return arm::Reply{200, TRY(shown_pricing(session, id.parent(), plan)), {}};
  };
  type.list = [](const arm::Call& call, store::Session& session, const arm::Target& target) -> base::Result<arm::Reply> {
    base::JsonArray value;
    for (const auto plan : security::kPlanNames)
      if (call.may(call.action, target.id.extension(kPricing, plan))) value.emplace_back(TRY(shown_pricing(session, target.id, plan)));
    return arm::list_reply(call, std::move(value), {});
  };
  type.put = [&services](const arm::Call& call, store::Session& session, const arm::ResourceId& id) { return put_pricing(services, call, session, id); };
  return type;
}

}  // namespace providers
