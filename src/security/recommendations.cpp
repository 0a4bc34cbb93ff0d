// SPDX-License-Identifier: Apache-2.0
#include "security/recommendations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "base/yaml_doc.hpp"
#include "content/content.hpp"

namespace security {

namespace {

constexpr std::string_view kControlsFile = "recommendations/controls.yaml";

using AllowedWords = std::vector<std::string_view>;

const AllowedWords& severity_words() {
  static const AllowedWords words{"High", "Medium", "Low"};
  return words;
}

const AllowedWords& effort_words() {
  static const AllowedWords words{"Low", "Moderate", "High"};
  return words;
}

const AllowedWords& threat_words() {
  static const AllowedWords words{"accountBreach",        "dataExfiltration", "dataSpillage",    "maliciousInsider",
                           "elevationOfPrivilege", "threatResistance", "missingCoverage", "denialOfService"};
  return words;
}

const AllowedWords& category_words() {
  static const AllowedWords words{"Compute", "Data", "Networking", "IdentityAndAccess", "IoT"};
  return words;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

void check_word(base::YamlReader& reader, std::string_view key, std::string_view value, const AllowedWords& words) {
  if (std::find(words.begin(), words.end(), value) != words.end()) return;
  std::vector<std::string> names(words.begin(), words.end());
  reader.fault(key, fmt::format("'{}' is none of {}", value, base::join(names, ", ")));
}

void check_uuid(base::YamlReader& reader, std::string_view key, std::string_view value) {
  if (!is_uuid(value)) reader.fault(key, fmt::format("'{}' is no UUID in lower case", value));
}

Recommendation read_recommendation(base::YamlReader& reader) {
  Recommendation out;
  out.key = reader.text("key");
  out.aliases = reader.texts("aliases");
  out.title = reader.text("title");
  out.description = reader.text("description");
  out.severity = reader.text("severity");
  out.control = reader.text("control");
  out.resource_type = reader.text("resourceType");
  out.child_type = reader.text_or("childType", "");
  out.threats = reader.texts("threats");
  out.user_impact = reader.text("userImpact");
  out.implementation_effort = reader.text("implementationEffort");
  out.categories = reader.texts("categories");
  out.remediation = reader.texts("remediation");
  out.policy_definition_id = reader.text_or("policyDefinitionId", "");
  out.freshness_minutes = static_cast<int>(reader.integer_or("freshnessMinutes", 0, 0, 1'000'000));
  return out;
}

void check_recommendation(base::YamlReader& reader, const Recommendation& recommendation,
                          std::span<const ScoreControl> controls) {
  check_uuid(reader, "key", recommendation.key);
  for (const std::string& alias : recommendation.aliases) check_uuid(reader, "aliases", alias);
  check_word(reader, "severity", recommendation.severity, severity_words());
  check_word(reader, "userImpact", recommendation.user_impact, effort_words());
  check_word(reader, "implementationEffort", recommendation.implementation_effort, effort_words());
  for (const std::string& threat : recommendation.threats) check_word(reader, "threats", threat, threat_words());
  for (const std::string& category : recommendation.categories) check_word(reader, "categories", category, category_words());
  AllowedWords ids;
  for (const ScoreControl& control : controls) ids.push_back(control.id);
  check_word(reader, "control", recommendation.control, ids);
  if (recommendation.remediation.empty()) reader.fault("remediation", "say in at least one step how it is mended");
}

std::vector<ScoreControl> read_controls(std::string_view file, std::string_view text, base::YamlFaults& faults) {
  std::vector<ScoreControl> out;
  const std::vector<base::YamlNode> documents = base::parse_yaml_doc(text, file, faults);
  for (const base::YamlNode& document : documents) {
    base::YamlReader reader(document, file, faults);
    for (const base::YamlNode& node : reader.list("controls")) {
      base::YamlReader item(node, file, faults);
      ScoreControl control;
      control.id = item.text("id");
      control.title = item.text("title");
      control.description = item.text("description");
      control.max_score = item.number_or("maxScore", 0, 0, 100);
      item.finish();
      const auto same = [&](const ScoreControl& other) { return other.id == control.id; };
      if (std::any_of(out.begin(), out.end(), same)) item.fault("id", fmt::format("control '{}' stands twice", control.id));
      out.push_back(std::move(control));
    }
    reader.finish();
  }
  return out;
}

// Keys and aliases over all files: each leads to one recommendation.
void check_unique(base::YamlReader& reader, const Recommendation& recommendation, std::map<std::string, std::string>& owners) {
  std::vector<std::string> keys = recommendation.aliases;
  keys.push_back(recommendation.key);
  for (const std::string& key : keys)
    if (const auto [at, added] = owners.emplace(key, recommendation.title); !added)
      reader.fault("key", fmt::format("{} is a key of '{}' too", key, at->second));
}

}  // namespace

base::Result<Recommendations> Recommendations::load() {
  std::vector<RecommendationFile> files;
  for (std::string_view path : content::list("recommendations/"))
    if (path.size() > 5 && path.substr(path.size() - 5) == ".yaml") files.push_back({path, *content::file(path)});
  return read(files);
}

base::Result<Recommendations> Recommendations::read(std::span<const RecommendationFile> files) {
  base::YamlFaults faults;
  Recommendations out;
  for (const RecommendationFile& file : files)
    if (file.path == kControlsFile) out.controls_ = read_controls(file.path, file.text, faults);
  std::map<std::string, std::string> owners;
  for (const RecommendationFile& file : files) {
    if (file.path == kControlsFile) continue;
    const std::vector<base::YamlNode> documents = base::parse_yaml_doc(file.text, file.path, faults);
    for (const base::YamlNode& document : documents) {
      base::YamlReader reader(document, file.path, faults);
      Recommendation recommendation = read_recommendation(reader);
      reader.finish();
      check_recommendation(reader, recommendation, out.controls_);
      check_unique(reader, recommendation, owners);
      out.recommendations_.push_back(std::move(recommendation));
    }
  }
  TRY(faults.result());
  return out;
}

const Recommendation* Recommendations::find(std::string_view key_or_alias) const {
  const std::string key = base::to_lower(key_or_alias);
  for (const Recommendation& recommendation : recommendations_) {
    if (recommendation.key == key) return &recommendation;
    const auto& aliases = recommendation.aliases;
    if (std::find(aliases.begin(), aliases.end(), key) != aliases.end()) return &recommendation;
  }
  return nullptr;
}

}  // namespace security
