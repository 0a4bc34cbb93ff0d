// SPDX-License-Identifier: Apache-2.0
// What the readers and the writers of both document formats share: the fields of ours that neither format has a place
// for, and the ways in which other tools say the same.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "model/inventory.hpp"
#include "sbom/document.hpp"

namespace sbom {

inline constexpr std::string_view kToolName = "bulwark";
inline constexpr std::string_view kFieldPrefix = "bulwark:";  // of the property names in CycloneDX

struct PackageField {
  std::string_view key;
  std::string model::Package::*member;
};

// CycloneDX: properties named "bulwark:" + key. SPDX: members of the JSON object in our annotation. `type` is always
// written and so marks what Bulwark wrote.
inline constexpr std::array<PackageField, 9> kPackageFields{{
    {"type", &model::Package::type},
    {"layer", &model::Package::layer},
    {"path", &model::Package::path},
    {"source", &model::Package::source},
    {"source_version", &model::Package::source_version},
    {"arch", &model::Package::arch},
    {"modularity", &model::Package::modularity},
    {"managed_by", &model::Package::managed_by},
    {"vendor", &model::Package::vendor},
}};

using DocumentProperties = std::vector<std::pair<std::string, std::string>>;  // in document order; names may repeat

// The value of the first property of that name; empty where there is none.
std::string_view property(const DocumentProperties& properties, std::string_view name);
std::vector<std::string> property_values(const DocumentProperties& properties, std::string_view name);

// The fields that are written beside what the formats have places for; empty ones are left out.
DocumentProperties extra_fields(const model::Package& package);
DocumentProperties extra_fields(const model::Distribution& os);
DocumentProperties extra_fields(const model::Inventory& inventory);

std::string tool_version_text();                       // of this program
std::string document_uuid(std::string_view content);   // the same for the same content (RFC 9562, version 5)
std::string document_text(std::string_view text);      // valid UTF-8 without control characters
std::string bare_digest(std::string_view digest);      // hex of a sha256 digest, empty for anything else

// A component of CycloneDX or a package of SPDX, in the terms that both share.
struct DocumentPackage {
  std::string group;    // CycloneDX only
  std::string name;
  std::string version;
  std::string purl;
  std::string supplier;
  std::string source_info;  // SPDX only
  bool development = false;
  DocumentProperties properties;  // ours, Syft's, Trivy's, by their CycloneDX names
};

// Collects what a reader finds and settles it at the end.
class DocumentReader {
 public:
  explicit DocumentReader(std::string_view document_name);

  void set_artifact(std::string_view name, std::string_view digest, const DocumentProperties& properties);
  void set_os(std::string_view name, std::string_view version, std::string_view description,
              const DocumentProperties& properties);
  // A package without package URL and type is left out and counted.
  void add(const DocumentPackage& entry);
  model::Inventory finish();

 private:
  model::Inventory inventory_;
  std::string document_name_;
  std::size_t untyped_ = 0;
};

base::Result<model::Inventory> read_cyclonedx(const base::Json& document, std::string_view name);
base::Result<model::Inventory> read_spdx(const base::Json& document, std::string_view name);

// The `vulnerabilities` of a CycloneDX document; `ref_of` gives the bom-ref of a finding's package.
base::JsonArray cyclonedx_vulnerabilities(const std::vector<model::Finding>& findings,
                                          const std::function<std::string(const model::Package&)>& ref_of);

}  // namespace sbom
