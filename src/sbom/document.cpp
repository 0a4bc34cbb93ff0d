// SPDX-License-Identifier: Apache-2.0
#include "sbom/document.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "sbom/document_parts.hpp"

namespace sbom {

base::Result<model::Inventory> read_document(std::string_view text, std::string_view name) {
  const std::string shown = base::printable(name);
  const std::string_view head = base::trim(text.substr(0, 4096));
  if (head.starts_with('<'))
    return base::fail(base::Kind::unsupported, fmt::format("{}: XML is not read; write the document as JSON", shown));
  if (head.starts_with("SPDXVersion:"))
    return base::fail(base::Kind::unsupported, fmt::format("{}: SPDX tag-value is not read; write the document as JSON", shown));
  const base::Json document = TRY(base::parse_json(text, shown));
  // An in-toto attestation carries the document as its predicate.
  const base::Json* predicate = base::find(document, "predicateType") ? base::find(document, "predicate") : nullptr;
  const base::Json& bill = predicate ? *predicate : document;
  if (base::get_string(bill, "bomFormat") == "CycloneDX") return read_cyclonedx(bill, name);
  if (base::find(bill, "spdxVersion")) return read_spdx(bill, name);
  if (base::find(bill, "@context") && base::find(bill, "@graph"))
    return base::fail(base::Kind::unsupported, fmt::format("{}: SPDX 3 is not read; write it as SPDX 2.3 JSON", shown));
  if (base::find(bill, "artifacts") && base::find(bill, "descriptor"))
    return base::fail(base::Kind::unsupported, fmt::format("{}: Syft's own JSON is not read; write it as CycloneDX: syft convert {} -o "
                                                           "cyclonedx-json", shown, shown));
  return base::fail(base::Kind::invalid_input, fmt::format("{}: neither a CycloneDX nor an SPDX JSON document", shown));
}

}  // namespace sbom
