// SPDX-License-Identifier: Apache-2.0
// Writes CycloneDX 1.6 JSON (ECMA-424, 1st edition).
#include <fmt/format.h>

#include <map>

#include "base/text.hpp"
#include "sbom/document_parts.hpp"

namespace sbom {

namespace {

constexpr std::string_view kArtifactRef = "artifact";

base::JsonArray cyclonedx_properties(const DocumentProperties& fields) {
  base::JsonArray properties;
  for (const auto& [key, value] : fields)
    properties.push_back(base::JsonObject{{"name", std::string(kFieldPrefix) + key}, {"value", value}});
  return properties;
}

void set_if_any(base::JsonObject& object, std::string_view key, std::string_view value) {
  if (!value.empty()) object[key] = document_text(value);
}

// Group and name as CycloneDX has them: "@angular" and "core", "org.apache" and "commons".
std::pair<std::string_view, std::string_view> split_group(const model::Package& package) {
  const std::string_view name = package.name;
  std::size_t at = std::string_view::npos;
  if (package.type == "maven") at = name.find(':');
  if (package.type == "composer" || (package.type == "npm" && name.starts_with('@'))) at = name.find('/');
  if (at == std::string_view::npos || at == 0 || at + 1 == name.size()) return {{}, name};
  return {name.substr(0, at), name.substr(at + 1)};
}

base::JsonObject cyclonedx_artifact(const model::Inventory& inventory) {
  const model::Artifact& artifact = inventory.artifact;
  base::JsonObject component{{"bom-ref", kArtifactRef}, {"type", artifact.type == "image" ? "container" : "application"}};
  component["name"] = artifact.name.empty() ? "unnamed" : document_text(artifact.name);
  set_if_any(component, "version", artifact.digest);
  if (const std::string hex = bare_digest(artifact.digest); !hex.empty())
    component["hashes"] = base::JsonArray{base::JsonObject{{"alg", "SHA-256"}, {"content", hex}}};
  component["properties"] = cyclonedx_properties(extra_fields(inventory));
  return component;
}

base::JsonObject cyclonedx_os(const model::Distribution& os) {
  base::JsonObject component{{"bom-ref", "operating-system"}, {"type", "operating-system"}};
  component["name"] = document_text(os.id);
  set_if_any(component, "version", os.version);
  set_if_any(component, "description", os.pretty_name);
  component["properties"] = cyclonedx_properties(extra_fields(os));
  return component;
}

base::JsonObject cyclonedx_package(const model::Package& package, const std::string& ref) {
  const auto [group, name] = split_group(package);
  base::JsonObject component{{"bom-ref", ref}, {"type", "library"}};
  set_if_any(component, "publisher", package.vendor);
  set_if_any(component, "group", group);
  component["name"] = document_text(name);
  component["version"] = document_text(package.version);
  if (package.dev) component["scope"] = "excluded";
  set_if_any(component, "purl", package.purl);
  component["properties"] = cyclonedx_properties(extra_fields(package));
  return component;
}

// References are package URLs, told apart by a number where the same package stands in several places.
class CycloneDxRefs {
 public:
  explicit CycloneDxRefs(const std::vector<model::Package>& packages) {
    std::map<std::string, int> uses;
    for (const auto& package : packages) {
      std::string ref = package.purl.empty() ? fmt::format("{}/{}@{}", package.type, package.name, package.version) : package.purl;
      ref = document_text(ref);
      const int use = ++uses[ref];
      refs_.push_back(use == 1 ? ref : fmt::format("{}#{}", ref, use));
      by_identity_.emplace(identity(package), refs_.back());
    }
  }
  const std::string& of(std::size_t index) const { return refs_[index]; }
  // The artifact itself stands for a package that is not in the inventory.
  std::string of(const model::Package& package) const {
    const auto found = by_identity_.find(identity(package));
    return found == by_identity_.end() ? std::string(kArtifactRef) : found->second;
  }

 private:
  static std::string identity(const model::Package& package) {
    return fmt::format("{}\n{}\n{}\n{}\n{}", package.type, package.name, package.version, package.arch, package.path);
  }
  std::vector<std::string> refs_;
  std::map<std::string, std::string> by_identity_;
};

}  // namespace

base::Json to_cyclonedx(const model::Inventory& inventory, const std::vector<model::Finding>& findings, base::Seconds now) {
  base::JsonArray components;
  base::JsonArray contained;
  if (inventory.os) {
    components.push_back(cyclonedx_os(*inventory.os));
    contained.push_back("operating-system");
  }
  const CycloneDxRefs refs(inventory.packages);
  for (std::size_t i = 0; i < inventory.packages.size(); ++i) {
    components.push_back(cyclonedx_package(inventory.packages[i], refs.of(i)));
    contained.push_back(base::Json(refs.of(i)));
  }
  base::JsonObject tool{{"type", "application"}, {"name", kToolName}, {"version", tool_version_text()}};
  base::JsonObject metadata{{"timestamp", base::format_time(now)}};
  metadata["tools"] = base::JsonObject{{"components", base::JsonArray{std::move(tool)}}};
  metadata["component"] = cyclonedx_artifact(inventory);

  base::JsonObject document{{"$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"}, {"bomFormat", "CycloneDX"}, {"specVersion", "1.6"}};
  document["serialNumber"] = "";  // keeps its place at the head
  document["version"] = 1;
  document["metadata"] = std::move(metadata);
  document["components"] = std::move(components);
  document["dependencies"] = base::JsonArray{base::JsonObject{{"ref", kArtifactRef}, {"dependsOn", std::move(contained)}}};
  if (!findings.empty())
    document["vulnerabilities"] = cyclonedx_vulnerabilities(findings, [&](const model::Package& package) { return refs.of(package); });
  document["serialNumber"] = "urn:uuid:" + document_uuid(base::to_text(document));
  return document;
}

}  // namespace sbom
