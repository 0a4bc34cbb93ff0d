// SPDX-License-Identifier: Apache-2.0
// Writes SPDX 2.3 JSON (ISO/IEC 5962 and its successor, clauses 6, 7, 11 and 12).
#include <fmt/format.h>

#include "base/text.hpp"
#include "sbom/document_parts.hpp"

namespace sbom {

namespace {

constexpr std::string_view kSpdxDocument = "SPDXRef-DOCUMENT";
constexpr std::string_view kSpdxArtifact = "SPDXRef-Artifact";
constexpr std::string_view kSpdxOs = "SPDXRef-OperatingSystem";

// Our own fields as one annotation: "bulwark {…}", a list where a field repeats.
base::JsonArray spdx_annotations(const DocumentProperties& fields, base::Seconds now) {
  if (fields.empty()) return {};
  base::JsonObject values;
  for (const auto& [key, value] : fields) {
    if (base::Json* before = values.if_contains(key)) {
      if (!before->is_array()) *before = base::JsonArray{*before};
      before->as_array().push_back(base::Json(value));
    } else {
      values[key] = value;
    }
  }
  return {base::JsonObject{{"annotator", fmt::format("Tool: {}-{}", kToolName, tool_version_text())},
                           {"annotationDate", base::format_time(now)},
                           {"annotationType", "OTHER"},
                           {"comment", fmt::format("{} {}", kToolName, base::to_text(values))}}};
}

base::JsonObject spdx_package(std::string_view id, std::string_view name, std::string_view version, std::string_view purpose) {
  base::JsonObject package{{"SPDXID", id}, {"name", name.empty() ? "unnamed" : document_text(name)}};
  if (!version.empty()) package["versionInfo"] = document_text(version);
  package["downloadLocation"] = "NOASSERTION";
  package["filesAnalyzed"] = false;
  package["primaryPackagePurpose"] = purpose;
  return package;
}

base::JsonObject spdx_artifact(const model::Inventory& inventory, base::Seconds now) {
  const model::Artifact& artifact = inventory.artifact;
  base::JsonObject package =
      spdx_package(kSpdxArtifact, artifact.name, artifact.digest, artifact.type == "image" ? "CONTAINER" : "APPLICATION");
  if (const std::string hex = bare_digest(artifact.digest); !hex.empty())
    package["checksums"] = base::JsonArray{base::JsonObject{{"algorithm", "SHA256"}, {"checksumValue", hex}}};
  if (auto notes = spdx_annotations(extra_fields(inventory), now); !notes.empty()) package["annotations"] = std::move(notes);
  return package;
}

base::JsonObject spdx_os(const model::Distribution& os, base::Seconds now) {
  base::JsonObject package = spdx_package(kSpdxOs, os.id, os.version, "OPERATING-SYSTEM");
  if (!os.pretty_name.empty()) package["summary"] = document_text(os.pretty_name);
  if (auto notes = spdx_annotations(extra_fields(os), now); !notes.empty()) package["annotations"] = std::move(notes);
  return package;
}

base::JsonObject spdx_library(const model::Package& source, std::string_view id, base::Seconds now) {
  base::JsonObject package = spdx_package(id, source.name, source.version, "LIBRARY");
  // Parentheses would read as the e-mail address of clause 7.5.
  const bool plain_vendor = !source.vendor.empty() && source.vendor.find_first_of("()") == std::string::npos;
  package["supplier"] = plain_vendor ? "Organization: " + document_text(source.vendor) : "NOASSERTION";
  if (!source.source.empty())
    package["sourceInfo"] = document_text(fmt::format("built package from: {} {}", source.source, source.source_version));
  if (!source.purl.empty())
    package["externalRefs"] = base::JsonArray{base::JsonObject{{"referenceCategory", "PACKAGE-MANAGER"},
                                                               {"referenceType", "purl"},
                                                               {"referenceLocator", document_text(source.purl)}}};
  package["annotations"] = spdx_annotations(extra_fields(source), now);
  return package;
}

base::JsonObject spdx_relation(std::string_view from, std::string_view type, std::string_view to) {
  return {{"spdxElementId", from}, {"relationshipType", type}, {"relatedSpdxElement", to}};
}

}  // namespace

base::Json to_spdx(const model::Inventory& inventory, base::Seconds now) {
  base::JsonArray packages{spdx_artifact(inventory, now)};
  base::JsonArray relations{spdx_relation(kSpdxDocument, "DESCRIBES", kSpdxArtifact)};
  if (inventory.os) {
    packages.push_back(spdx_os(*inventory.os, now));
    relations.push_back(spdx_relation(kSpdxArtifact, "CONTAINS", kSpdxOs));
  }
  for (std::size_t i = 0; i < inventory.packages.size(); ++i) {
    const std::string id = fmt::format("SPDXRef-Package-{}", i + 1);
    packages.push_back(spdx_library(inventory.packages[i], id, now));
    if (inventory.packages[i].dev)
      relations.push_back(spdx_relation(id, "DEV_DEPENDENCY_OF", kSpdxArtifact));
    else
      relations.push_back(spdx_relation(kSpdxArtifact, "CONTAINS", id));
  }
  base::JsonObject creation{{"created", base::format_time(now)},
                            {"creators", base::JsonArray{base::Json(fmt::format("Tool: {}-{}", kToolName, tool_version_text()))}}};
  base::JsonObject document{{"spdxVersion", "SPDX-2.3"}, {"dataLicense", "CC0-1.0"}, {"SPDXID", kSpdxDocument}};
  const std::string name = inventory.artifact.name.empty() ? "unnamed" : document_text(inventory.artifact.name);
  document["name"] = name;
  document["documentNamespace"] = "";  // keeps its place at the head
  document["creationInfo"] = std::move(creation);
  document["packages"] = std::move(packages);
  document["relationships"] = std::move(relations);
  // The form that clause 6.5 gives for creators without a site of their own.
  document["documentNamespace"] =
      fmt::format("http://spdx.org/spdxdocs/{}-{}", base::percent_encode(name), document_uuid(base::to_text(document)));
  return document;
}

}  // namespace sbom
