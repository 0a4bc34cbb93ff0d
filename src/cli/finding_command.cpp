// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/rows.hpp"

namespace cli {

namespace {

constexpr std::string_view kFindingsPath = "/api/v1/findings";

const std::vector<Column> kFindingDetails{
    {"Severity", "severity"},   {"Score", "score"},        {"Vector", "vector"},        {"Category", "category"},
    {"Package", "package"},     {"Installed", "version"},  {"Fixed in", "fixedVersion"}, {"Path", "path"},
    {"Layer", "layer"},         {"Registry", "registry"},  {"Repository", "repository"}, {"Digest", "digest"},
    {"Tags", "tags"},           {"Status", "status"},      {"Cause", "cause"},           {"First seen", "firstSeen"},
    {"Exploited", "kev"},       {"EPSS", "epss"},          {"Aliases", "aliases"},       {"Id", "id"}};

base::Result<client::Query> finding_filters(const FindingFlags& flags) {
  client::Query query{{"severity", TRY(hub_severities(flags.severities))},
                      {"registry", flags.registry},
                      {"repository", flags.repository},
                      {"digest", flags.digest},
                      {"category", flags.category},
                      {"vulnerability", flags.vulnerability},
                      {"package", flags.package},
                      {"status", flags.status},
                      {"sort", flags.list.sort}};
  if (flags.only_fixed) query.emplace_back("patchable", "true");
  if (flags.kev) query.emplace_back("kev", "true");
  if (flags.cvss > 0) query.emplace_back("cvss", fmt::format("{}", flags.cvss));
  return query;
}

// The image that a finding is looked at in: named, or the first that has it.
base::Result<std::string> image_of_finding(const client::Connection& connection, const FindingFlags& flags) {
  if (flags.image.substr(0, 1) == "/") return flags.image;
  if (!flags.image.empty()) {
    const auto name = TRY(parse_image_name(flags.image));
    return std::string(base::get_string(TRY(client::find_image(connection, name)), "id"));
  }
  const auto rows = TRY(connection.list(kFindingsPath, {{"q", flags.id}, {"status", "all"}}, 1000));
  for (const auto& row : rows.value)
    if (base::get_string(row, "id") == flags.id) return std::string(base::get_string(row, "imageId"));
  return base::fail(base::Kind::not_found, fmt::format("there is no finding '{}'; bulwark finding list -o name names them, and "
                                                       "--vulnerability finds those of a CVE", base::printable(flags.id)));
}

std::string finding_text(const base::Json& row) {
  std::string out = base::printable(fmt::format("{}: {}", cell(row, "vulnerability"), cell(row, "title"))) + "\n" + detail_lines(row, kFindingDetails);
  out += advice_text(row);
  const auto& references = base::get_array(row, "references");
  if (!references.empty()) out += "\nReferences:\n";
  for (const auto& link : references) out += fmt::format("  {}\n", base::printable(base::get_string(link, "url")));
  const auto& elsewhere = base::get_array(row, "elsewhere");
  if (!elsewhere.empty()) out += "\nAlso in:\n";
  for (const auto& image : elsewhere)
    out += fmt::format("  {}\n", base::printable(fmt::format("{}/{}@{} {}", cell(image, "registry"), cell(image, "repository"),
                                                             cell(image, "digest"), cell(image, "tags"))));
  return out;
}

}  // namespace

int run_finding_list(const GlobalOptions& global, const FindingFlags& flags) {
  const auto formats = list_formats(flags.list);
  if (!formats) return usage_error(formats.error());
  const auto query = finding_filters(flags);
  if (!query) return usage_error(query.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  const auto rows = connection->list(kFindingsPath, *query, row_limit(flags.list));
  if (!rows) return fail_with(rows.error());
  const ListView view{"finding", connection->url(),
                      {{"Severity", "severity"}, {"Finding", "vulnerability"}, {"Package", "package"}, {"Installed", "version"},
                       {"Fixed", "fixedVersion"}, {"Registry", "registry"}, {"Repository", "repository"}, {"Tags", "tags"},
                       {"Exploited", "kev"}, {"Id", "id"}},
                      "id"};
  return print_rows(global, *formats, view, *rows);
}

int run_finding_show(const GlobalOptions&, const FindingFlags& flags) {
  const auto formats = detail_formats(flags.list.formats);
  if (!formats) return usage_error(formats.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  const auto image = image_of_finding(*connection, flags);
  if (!image) return fail_with(image.error());
  const auto row = connection->get(fmt::format("{}/{}", kFindingsPath, base::percent_encode(flags.id)), {{"imageId", *image}});
  if (!row) return fail_with(row.error());
  return print_detail(*formats, finding_text(*row), *row);
}

}  // namespace cli
