// SPDX-License-Identifier: Apache-2.0
// What is known of each assessment key: texts, severity, control. Data under content/recommendations/.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace security {

struct Recommendation {
  std::string key;                   // UUID, lower case
  std::vector<std::string> aliases;  // other keys under which it is answered
  std::string title, description;
  std::string severity;              // High, Medium, Low
  std::string control;               // id of the secure score control it belongs to
  std::string resource_type;         // what is assessed, e.g. "Microsoft.ContainerRegistry/registries"
  std::string child_type;            // where findings hang on children: images; else empty
  std::vector<std::string> threats;  // Azure's names: accountBreach, dataExfiltration …
  std::string user_impact, implementation_effort;  // Low, Moderate, High
  std::vector<std::string> categories;             // Compute, Data, Networking, IdentityAndAccess, IoT
  std::vector<std::string> remediation;            // steps, markdown
  std::string policy_definition_id;                // may be empty
  int freshness_minutes = 0;
};

struct ScoreControl {
  std::string id, title, description;
  double max_score = 0;
};

struct RecommendationFile {
  std::string_view path, text;  // "recommendations/registry-images.yaml"
};

class Recommendations {
 public:
  // From the embedded content; errors name file and line.
  static base::Result<Recommendations> load();

  // From files; "recommendations/controls.yaml" holds the controls, each other file one recommendation a document.
  // Kind::invalid_input names every fault with file and line.
  static base::Result<Recommendations> read(std::span<const RecommendationFile> files);

  const Recommendation* find(std::string_view key_or_alias) const;  // any case; null where there is none
  std::span<const Recommendation> all() const { return recommendations_; }
  std::span<const ScoreControl> controls() const { return controls_; }

 private:
  std::vector<Recommendation> recommendations_;
  std::vector<ScoreControl> controls_;
};

inline constexpr std::string_view kRegistryImages = "dbd0cb49-b563-45e7-9724-889e799fa648";
inline constexpr std::string_view kHostConfiguration = "0677209d-e675-2c6f-e91a-54cef2878663";
inline constexpr std::string_view kRunningImages = "c609cf0f-71ab-41e9-a3c6-9a1f7fe1b8d5";
inline constexpr std::string_view kHostPackages = "1195afff-c881-495e-9bc5-1486211ae03f";
inline constexpr std::string_view kDefenderForContainers = "e599a9fe-30e3-47c6-a173-8b4b6d9d3255";

}  // namespace security
