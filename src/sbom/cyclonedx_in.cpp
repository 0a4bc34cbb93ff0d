// SPDX-License-Identifier: Apache-2.0
// Reads CycloneDX JSON, 1.2 and later.
#include <fmt/format.h>

#include "base/text.hpp"
#include "sbom/document_parts.hpp"

namespace sbom {

namespace {

DocumentProperties read_cyclonedx_properties(const base::Json& component) {
  DocumentProperties properties;
  for (const base::Json& entry : base::get_array(component, "properties"))
    properties.emplace_back(base::get_string(entry, "name"), document_text(base::get_string(entry, "value")));
  return properties;
}

// "sha256:<hex>" from the version (Syft, Bulwark) or the hashes of the component.
std::string cyclonedx_digest(const base::Json& component) {
  const std::string_view version = base::get_string(component, "version");
  if (!bare_digest(version).empty()) return std::string(version);
  for (const base::Json& hash : base::get_array(component, "hashes")) {
    const std::string digest = fmt::format("sha256:{}", base::get_string(hash, "content"));
    if (base::get_string(hash, "alg") == "SHA-256" && !bare_digest(digest).empty()) return digest;
  }
  return {};
}

void read_cyclonedx_component(const base::Json& component, DocumentReader& reader) {
  const std::string_view type = base::get_string(component, "type");
  DocumentPackage entry;
  entry.properties = read_cyclonedx_properties(component);
  entry.name = document_text(base::get_string(component, "name"));
  entry.version = document_text(base::get_string(component, "version"));
  entry.purl = document_text(base::get_string(component, "purl"));
  if (type == "operating-system") {
    reader.set_os(entry.name, entry.version, base::get_string(component, "description"), entry.properties);
  } else if (!entry.purl.empty() || type == "library" || type == "framework" ||
             !property(entry.properties, "bulwark:type").empty()) {
    entry.group = document_text(base::get_string(component, "group"));
    entry.supplier = document_text(base::get_string(component, "publisher"));
    if (entry.supplier.empty())
      if (const base::Json* supplier = base::find(component, "supplier")) entry.supplier = document_text(base::get_string(*supplier, "name"));
    entry.development = base::get_string(component, "scope") == "excluded";
    reader.add(entry);
  }
}

// Components nest; parse_json bounds the depth.
void read_cyclonedx_components(const base::Json& parent, DocumentReader& reader) {
  for (const base::Json& component : base::get_array(parent, "components")) {
    read_cyclonedx_component(component, reader);
    read_cyclonedx_components(component, reader);
  }
}

}  // namespace

base::Result<model::Inventory> read_cyclonedx(const base::Json& document, std::string_view name) {
  const std::string_view version = base::get_string(document, "specVersion");
  if (!version.starts_with("1.") || version == "1.0" || version == "1.1")
    return base::fail(base::Kind::unsupported,
                      fmt::format("{}: CycloneDX {} is not read; write it as 1.2 to 1.6", base::printable(name), base::printable(version)));
  DocumentReader reader(name);
  if (const base::Json* metadata = base::find(document, "metadata")) {
    if (const base::Json* component = base::find(*metadata, "component"))
      reader.set_artifact(base::get_string(*component, "name"), cyclonedx_digest(*component), read_cyclonedx_properties(*component));
  }
  read_cyclonedx_components(document, reader);
  return reader.finish();
}

}  // namespace sbom
