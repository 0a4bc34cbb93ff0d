// SPDX-License-Identifier: Apache-2.0
// Plans (Microsoft.Security/pricings): what is switched on. Pure, but for the loader and the recommendation about them.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "security/assessor.hpp"
#include "store/database.hpp"

namespace security {

inline constexpr std::string_view kPricingType = "microsoft.security/pricings";

// ContainerRegistry and KubernetesService are the older plans that Containers has taken the place of.
inline constexpr std::array<std::string_view, 4> kPlanNames{"Containers", "ContainerRegistry", "KubernetesService",
                                                            "VirtualMachines"};

// The plan as it is spelled; empty where there is no such plan.
std::string_view plan_name(std::string_view name_in_any_case);

enum class Tier { free, standard };
std::string_view tier_name(Tier tier);  // "Free", "Standard"

// From `{"properties": {"pricingTier": "Free"}}`; Kind::invalid_input names the mend.
base::Result<Tier> parse_tier(const base::Json& body);

// The tiers of one subscription. A plan that was never set is Standard.
class Plans {
 public:
  void set(std::string_view plan, Tier tier) { tiers_[std::string(plan)] = tier; }
  Tier tier(std::string_view plan) const;

 private:
  std::map<std::string, Tier, std::less<>> tiers_;
};

// Whether a thing runs, and where not, why and what to do: a sentence for people.
struct Enabled {
  bool on = true;
  std::string reason;  // empty where it is on
};

Enabled registry_scan(const Plans& plans);   // ContainerRegistry or Containers
Enabled cluster_alerts(const Plans& plans);  // KubernetesService or Containers
Enabled host_scan(const Plans& plans);       // VirtualMachines or Containers: of vulnerabilities; hardening is always on
Enabled host_alerts(const Plans& plans);     // VirtualMachines or Containers
inline bool registry_scan_on(const Plans& plans) { return registry_scan(plans).on; }

base::Result<Plans> load_plans(store::Session& session, const std::string& subscription_key);

// The recommendation that Defender for Containers be enabled, about the subscription: Unhealthy while it is Free.
base::Result<Change> assess_plans(store::Session& session, Assessor& assessor, const std::string& subscription_id,
                                  store::Millis now);

}  // namespace security
