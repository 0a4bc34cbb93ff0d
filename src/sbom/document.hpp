// SPDX-License-Identifier: Apache-2.0
// Bills of materials, out and in: CycloneDX 1.6 JSON (ECMA-424) and SPDX 2.3 JSON (ISO/IEC 5962).
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/time.hpp"
#include "model/inventory.hpp"

namespace sbom {

// Findings, when given, become the `vulnerabilities` of the CycloneDX document.
base::Json to_cyclonedx(const model::Inventory& inventory, const std::vector<model::Finding>& findings, base::Seconds now);
base::Json to_spdx(const model::Inventory& inventory, base::Seconds now);

// CycloneDX 1.2 to 1.6 JSON or SPDX 2.2/2.3 JSON, told apart by content; what Syft, Trivy and Bulwark write is read
// back without loss of name, version, type, arch, source, layer and path where the document has them.
base::Result<model::Inventory> read_document(std::string_view text, std::string_view name);

}  // namespace sbom
