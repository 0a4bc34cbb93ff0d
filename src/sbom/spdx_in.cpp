// SPDX-License-Identifier: Apache-2.0
// Reads SPDX 2.2 and 2.3 JSON.
#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "sbom/document_parts.hpp"

namespace sbom {

namespace {

// The values of our annotation; a list stands for a field that repeats.
void read_own_annotation(std::string_view comment, DocumentProperties& properties) {
  const auto values = base::parse_json(comment, "annotation");
  const auto* object = values ? values->if_object() : nullptr;
  if (!object) return;
  for (const auto& member : *object) {
    const std::string key = std::string(kFieldPrefix).append(member.key().data(), member.key().size());
    if (const auto* list = member.value().if_array()) {
      for (const base::Json& value : *list) properties.emplace_back(key, document_text(base::as_string(value)));
    } else {
      properties.emplace_back(key, document_text(base::as_string(member.value())));
    }
  }
}

// Trivy writes "LayerDiffID: sha256:…" as annotations, and before 2025 as attribution texts.
void read_trivy_note(std::string_view note, DocumentProperties& properties) {
  const auto [key, value] = base::cut(note, ": ");
  if (value.empty() || key.find(' ') != std::string_view::npos) return;
  properties.emplace_back(fmt::format("aquasecurity:trivy:{}", key), document_text(value));
}

DocumentProperties read_spdx_notes(const base::Json& package) {
  const std::string own = std::string(kToolName) + " {";
  DocumentProperties properties;
  for (const base::Json& annotation : base::get_array(package, "annotations")) {
    const std::string_view comment = base::get_string(annotation, "comment");
    const bool written_by_us = base::get_string(annotation, "annotator").starts_with(fmt::format("Tool: {}", kToolName));
    if (written_by_us && comment.starts_with(own))
      read_own_annotation(comment.substr(own.size() - 1), properties);
    else
      read_trivy_note(comment, properties);
  }
  for (const base::Json& text : base::get_array(package, "attributionTexts")) read_trivy_note(base::as_string(text), properties);
  return properties;
}

std::string spdx_purl(const base::Json& package) {
  for (const base::Json& reference : base::get_array(package, "externalRefs"))
    if (base::get_string(reference, "referenceType") == "purl") return document_text(base::get_string(reference, "referenceLocator"));
  return {};
}

// "Organization: Red Hat, Inc. (secalert@redhat.com)" → the name.
std::string spdx_supplier(std::string_view text) {
  for (std::string_view prefix : {"Organization: ", "Person: "})
    if (text.starts_with(prefix)) return document_text(base::trim(base::cut(text.substr(prefix.size()), "(").first));
  return {};
}

std::string spdx_digest(const base::Json& package) {
  const std::string_view version = base::get_string(package, "versionInfo");
  if (!bare_digest(version).empty()) return std::string(version);
  for (const base::Json& checksum : base::get_array(package, "checksums")) {
    const std::string digest = fmt::format("sha256:{}", base::get_string(checksum, "checksumValue"));
    if (base::get_string(checksum, "algorithm") == "SHA256" && !bare_digest(digest).empty()) return digest;
  }
  return {};
}

// What the document is about: the one package that it describes; empty where it describes several.
std::string described_package(const base::Json& document) {
  std::set<std::string> described;
  for (const base::Json& id : base::get_array(document, "documentDescribes")) described.emplace(base::as_string(id));
  for (const base::Json& relation : base::get_array(document, "relationships")) {
    const std::string_view type = base::get_string(relation, "relationshipType");
    if (type == "DESCRIBES" && base::get_string(relation, "spdxElementId") == "SPDXRef-DOCUMENT")
      described.emplace(base::get_string(relation, "relatedSpdxElement"));
    if (type == "DESCRIBED_BY" && base::get_string(relation, "relatedSpdxElement") == "SPDXRef-DOCUMENT")
      described.emplace(base::get_string(relation, "spdxElementId"));
  }
  return described.size() == 1 ? *described.begin() : std::string();
}

std::set<std::string, std::less<>> development_packages(const base::Json& document) {
  std::set<std::string, std::less<>> ids;
  for (const base::Json& relation : base::get_array(document, "relationships"))
    if (base::get_string(relation, "relationshipType") == "DEV_DEPENDENCY_OF") ids.emplace(base::get_string(relation, "spdxElementId"));
  return ids;
}

// Packages without a package URL are named in a warning only where they should have one.
bool is_spdx_container(std::string_view purpose) {
  return purpose == "CONTAINER" || purpose == "APPLICATION" || purpose == "FILE" || purpose == "SOURCE" || purpose == "ARCHIVE";
}

void read_spdx_package(const base::Json& package, bool development, DocumentReader& reader) {
  const std::string_view purpose = base::get_string(package, "primaryPackagePurpose");
  DocumentPackage entry;
  entry.properties = read_spdx_notes(package);
  entry.name = document_text(base::get_string(package, "name"));
  entry.version = document_text(base::get_string(package, "versionInfo"));
  if (purpose == "OPERATING-SYSTEM" || purpose == "OPERATING_SYSTEM" ||
      base::get_string(package, "SPDXID").starts_with("SPDXRef-OperatingSystem"))
    return reader.set_os(entry.name, entry.version, base::get_string(package, "summary"), entry.properties);
  entry.purl = spdx_purl(package);
  if (entry.purl.empty() && is_spdx_container(purpose)) return;
  entry.supplier = spdx_supplier(base::get_string(package, "supplier"));
  entry.source_info = document_text(base::get_string(package, "sourceInfo"));
  entry.development = development;
  reader.add(entry);
}

}  // namespace

base::Result<model::Inventory> read_spdx(const base::Json& document, std::string_view name) {
  const std::string_view version = base::get_string(document, "spdxVersion");
  if (version != "SPDX-2.2" && version != "SPDX-2.3")
    return base::fail(base::Kind::unsupported, fmt::format("{}: {} is not read; write it as SPDX 2.2 or 2.3 JSON", base::printable(name),
                                                           base::printable(version)));
  DocumentReader reader(name);
  reader.set_artifact(base::get_string(document, "name"), {}, {});
  const std::string artifact = described_package(document);
  const auto development = development_packages(document);
  const base::JsonArray& packages = base::get_array(document, "packages");
  for (const base::Json& package : packages) {
    const std::string_view id = base::get_string(package, "SPDXID");
    // A document may also describe its only package.
    const bool about = id == artifact && (packages.size() > 1 || is_spdx_container(base::get_string(package, "primaryPackagePurpose")));
    if (about)
      reader.set_artifact(base::get_string(package, "name"), spdx_digest(package), read_spdx_notes(package));
    else
      read_spdx_package(package, development.contains(id), reader);
  }
  return reader.finish();
}

}  // namespace sbom
