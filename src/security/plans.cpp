// SPDX-License-Identifier: Apache-2.0
#include "security/plans.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace security {

namespace {

Enabled either_plan(const Plans& plans, std::string_view what, std::string_view older) {
  if (plans.tier("Containers") == Tier::standard || plans.tier(older) == Tier::standard) return {};
  return {false, fmt::format("{} because the plans Containers and {} are Free; set one of them to Standard", what, older)};
}

}  // namespace

std::string_view plan_name(std::string_view name_in_any_case) {
  for (const std::string_view name : kPlanNames)
    if (base::equals_ignoring_case(name, name_in_any_case)) return name;
  return {};
}

std::string_view tier_name(Tier tier) { return tier == Tier::free ? "Free" : "Standard"; }

base::Result<Tier> parse_tier(const base::Json& body) {
  const base::Json* properties = base::find(body, "properties");
  const std::string_view tier = properties ? base::get_string(*properties, "pricingTier") : std::string_view();
  if (base::equals_ignoring_case(tier, "Free")) return Tier::free;
  if (base::equals_ignoring_case(tier, "Standard")) return Tier::standard;
  return base::fail(base::Kind::invalid_input, "properties.pricingTier is neither Free nor Standard");
}

Tier Plans::tier(std::string_view plan) const {
  const auto found = tiers_.find(plan);
  return found == tiers_.end() ? Tier::standard : found->second;
}

Enabled registry_scan(const Plans& plans) { return either_plan(plans, "images are not scanned", "ContainerRegistry"); }
Enabled cluster_alerts(const Plans& plans) {
  return either_plan(plans, "clusters raise no alerts", "KubernetesService");
}
Enabled host_scan(const Plans& plans) { return either_plan(plans, "packages of hosts and images that run on them are not looked at for vulnerabilities", "VirtualMachines"); }
Enabled host_alerts(const Plans& plans) { return either_plan(plans, "hosts raise no alerts", "VirtualMachines"); }

base::Result<Plans> load_plans(store::Session& session, const std::string& subscription_key) {
  Plans plans;
  for (const std::string_view name : kPlanNames) {
    const std::string key = base::to_lower(fmt::format("{}/providers/{}/{}", subscription_key, kPricingType, name));
    const auto body =
        TRY(store::query_text(session, "SELECT body FROM resources WHERE resource_key = ?", {std::string_view(key)}));
    if (!body) continue;
    const base::Json json = TRY(base::parse_json(*body, key));
    plans.set(name, TRY(parse_tier(json)));
  }
  return plans;
}

base::Result<Change> assess_plans(store::Session& session, Assessor& assessor, const std::string& subscription_id,
                                  store::Millis now) {
  const Plans plans = TRY(load_plans(session, base::to_lower(subscription_id)));
  const bool on = plans.tier("Containers") == Tier::standard;
  const Subject subject{subscription_id, "Microsoft.Resources/subscriptions", std::string(kDefenderForContainers)};
  const Verdict verdict{std::nullopt, std::string(on ? kHealthy : kUnhealthy), "",
                        on ? "The plan Containers is Standard" : "The plan Containers is Free"};
  return assessor.assess(session, subject, verdict, now);
}

}  // namespace security
