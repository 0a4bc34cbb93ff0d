// SPDX-License-Identifier: Apache-2.0
// CISA's Known Exploited Vulnerabilities catalogue: {catalogVersion, dateReleased, vulnerabilities: [{cveID, …}]}.
#include <fmt/format.h>

#include "advisory/importers.hpp"
#include "advisory/json_text.hpp"
#include "base/text.hpp"

namespace advisory {

base::Result<void> import_kev(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals) {
  simdjson::dom::parser parser;
  json::Element root;
  if (const auto error = parser.parse(document.data(), document.size()).get(root); error)
    return base::fail(base::Kind::invalid_input, fmt::format("{}: not valid JSON: {}", name, simdjson::error_message(error)));
  json::Object catalogue;
  json::Array list;
  if (root.get(catalogue) || !json::get(catalogue, "vulnerabilities", list))
    return base::fail(base::Kind::invalid_input, fmt::format("{}: the KEV catalogue has no `vulnerabilities`", name));
  const auto source = into.add_source("CISA KEV", index::SourceKind::kev);
  for (const json::Element element : list) {
    json::Object entry;
    const auto number = element.get(entry) ? 0 : cve_number(json::text(entry, "cveID"));
    if (number == 0) {
      refusals.add(name, "an entry has no CVE id");
      continue;
    }
    into.kev.push_back(number);
    ++into.sources[source].records;
  }
  if (into.kev.empty()) return base::fail(base::Kind::invalid_input, fmt::format("{}: no CVE in the KEV catalogue", name));
  into.sources[source].newest = into.strings.intern(json::text(catalogue, "dateReleased").substr(0, 40));
  return {};
}

}  // namespace advisory
