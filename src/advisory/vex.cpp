// SPDX-License-Identifier: Apache-2.0
#include "advisory/vex.hpp"

#include <fmt/format.h>

#include "advisory/vex_readers.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace advisory {
namespace {

constexpr std::size_t kMaxStatementEntries = 1'000'000;  // ids, products and subcomponents of one file

base::Result<std::vector<Statement>> read_vex_document(const base::Json& document, std::string_view name) {
  if (base::get_string(document, "@context").starts_with("https://openvex.dev/ns")) return read_openvex(document, name);
  if (base::get_string(document, "bomFormat") == "CycloneDX") return read_cyclonedx_vex(document, name);
  const base::Json* csaf = base::find(document, "document");
  if (csaf != nullptr && base::find(*csaf, "csaf_version") != nullptr) return read_csaf_vex(document, name);
  return base::fail(base::Kind::unsupported,
                    fmt::format("{} is no VEX document: neither OpenVEX (\"@context\": \"https://openvex.dev/ns…\"), CycloneDX "
                                "(\"bomFormat\": \"CycloneDX\") nor CSAF (\"document\": {{\"csaf_version\": …}})",
                                base::printable(name)));
}

}  // namespace

base::Result<std::vector<Statement>> read_vex(std::string_view text, std::string_view name) {
  const base::Json document = TRY(base::parse_json(text, name));
  std::vector<Statement> statements = TRY(read_vex_document(document, name));
  std::size_t entries = 0;
  for (const Statement& statement : statements) {
    entries += statement.vulnerabilities.size() + statement.products.size() + statement.subcomponents.size();
  }
  if (entries > kMaxStatementEntries) {
    return base::fail(base::Kind::too_large, fmt::format("{} names {} ids and products, more than {}; split it",
                                                         base::printable(name), entries, kMaxStatementEntries));
  }
  return statements;
}

}  // namespace advisory
