// SPDX-License-Identifier: Apache-2.0
// The types that this provider declares, one file a family.
#pragma once

#include "arm/resource_type.hpp"
#include "providers/services.hpp"
#include "security/recommendations.hpp"

namespace providers {

inline constexpr std::string_view kAssessmentType = "Microsoft.Security/assessments";
inline constexpr std::string_view kSubAssessmentType = "Microsoft.Security/assessments/subAssessments";

arm::ResourceType assessments_type(const security::Recommendations& recommendations);
arm::ResourceType sub_assessments_type(const security::Recommendations& recommendations);
arm::ResourceType all_sub_assessments_type(const security::Recommendations& recommendations);  // "{scope}/providers/Microsoft.Security/subAssessments"
arm::ResourceType tasks_type(const security::Recommendations& recommendations);
arm::ResourceType assessment_metadata_type(const security::Recommendations& recommendations);
arm::ResourceType pricings_type(const Services& services);
arm::ResourceType secure_scores_type(const security::Recommendations& recommendations);
arm::ResourceType secure_score_controls_type(const security::Recommendations& recommendations);
arm::ResourceType score_controls_below_type(const security::Recommendations& recommendations);
arm::ResourceType secure_score_definitions_type(const security::Recommendations& recommendations);
arm::ResourceType disable_rules_type(const Services& services);
arm::ResourceType exemptions_type(const Services& services);
arm::ResourceType notification_channels_type(const Services& services);

// Azure's form of a recommendation's metadata.
base::JsonObject metadata_json(const security::Recommendation& recommendation);

}  // namespace providers
