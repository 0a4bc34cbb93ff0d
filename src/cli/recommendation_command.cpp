// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/rows.hpp"

namespace cli {

namespace {

constexpr std::string_view kRecommendationsPath = "/api/v1/recommendations";
constexpr std::size_t kShownResources = 20;

std::string affected_lines(const client::Rows& resources) {
  if (resources.value.empty()) return {};
  std::string out = fmt::format("\nUnhealthy resources: {}\n", resources.total.value_or(static_cast<std::int64_t>(resources.value.size())));
  for (const auto& row : resources.value)
    out += fmt::format("  {} (critical {}, high {}, fixable {})\n", base::printable(cell(row, "name")), cell(row, "counts.critical"),
                       cell(row, "counts.high"), cell(row, "counts.fixable"));
  if (resources.more) out += "  …\n";
  return out;
}

base::Result<base::Json> recommendation(const client::Connection& connection, const std::string& key) {
  auto row = connection.get(fmt::format("{}/{}", kRecommendationsPath, base::percent_encode(key)));
  if (!row && row.error().kind == base::Kind::not_found)
    return base::fail(base::Kind::not_found,
                      fmt::format("there is no recommendation '{}'; bulwark recommendation list --status all names them", base::printable(key)));
  return row;
}

// The resource that an exemption is for, and all below it.
base::Result<std::string> exemption_scope(const client::Connection& connection, const RecommendationFlags& flags) {
  if (!flags.resource.empty()) return flags.resource;
  if (!flags.registry.empty()) return TRY(client::find_registry(connection, flags.registry)).id;
  if (!flags.image.empty()) {
    const auto name = TRY(parse_image_name(flags.image));
    return std::string(base::get_string(TRY(client::find_image(connection, name)), "id"));
  }
  return fmt::format("/subscriptions/{}", base::get_string(TRY(connection.get("/api/v1/session")), "subscriptionId"));
}

base::Result<base::Json> exemption_body(const RecommendationFlags& flags, const std::string& key) {
  base::JsonObject properties{{"assessmentKey", key},
                              {"category", flags.category == "mitigated" ? "Mitigated" : "Waiver"},
                              {"reason", flags.reason}};
  if (!flags.expires.empty()) properties["expires"] = base::format_time(TRY(base::parse_time(flags.expires)));
  if (!flags.findings.empty()) properties["findingIds"] = base::JsonArray(flags.findings.begin(), flags.findings.end());
  return base::Json{{"properties", std::move(properties)}};
}

base::Result<void> exempt(const GlobalOptions& global, const RecommendationFlags& flags) {
  const auto connection = TRY(connect(flags.target));
  const auto row = TRY(recommendation(connection, flags.key));
  const std::string scope = TRY(exemption_scope(connection, flags));
  const std::string name = flags.name.empty() ? base::uuid4() : flags.name;
  const std::string id = fmt::format("{}/providers/Bulwark.Security/exemptions/{}", scope, base::percent_encode(name));
  const auto body = TRY(exemption_body(flags, std::string(base::get_string(row, "key", flags.key))));
  TRY(connection.send("PUT", id, body));
  TRY(write_output(id + "\n", {}));
  print_hint(global, fmt::format("Exempt: {} below {}.", base::printable(base::get_string(row, "title")), scope));
  return {};
}

}  // namespace

int run_recommendation_list(const GlobalOptions& global, const RecommendationFlags& flags) {
  const auto formats = list_formats(flags.list);
  if (!formats) return usage_error(formats.error());
  const auto severities = hub_severities(flags.severities);
  if (!severities) return usage_error(severities.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  const auto rows = connection->list(
      kRecommendationsPath,
      {{"severity", *severities}, {"status", flags.status}, {"owner", flags.owner}, {"sort", flags.list.sort}}, row_limit(flags.list));
  if (!rows) return fail_with(rows.error());
  const ListView view{"recommendation", connection->url(),
                      {{"Severity", "severity"}, {"Recommendation", "title"}, {"Unhealthy", "unhealthy"}, {"Healthy", "healthy"},
                       {"Critical", "counts.critical"}, {"High", "counts.high"}, {"Score", "scoreImpact"}, {"Owner", "owner"}, {"Key", "key"}},
                      "key"};
  return print_rows(global, *formats, view, *rows);
}

int run_recommendation_show(const GlobalOptions&, const RecommendationFlags& flags) {
  const auto formats = detail_formats(flags.list.formats);
  if (!formats) return usage_error(formats.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  auto row = recommendation(*connection, flags.key);
  if (!row) return fail_with(row.error());
  const std::string path = fmt::format("{}/{}/resources", kRecommendationsPath, base::percent_encode(flags.key));
  const auto resources = connection->list(path, {{"status", "Unhealthy"}}, kShownResources);
  if (!resources) return fail_with(resources.error());
  const std::string text = base::printable(cell(*row, "title")) + "\n" +
                           detail_lines(*row, {{"Severity", "severity"}, {"Control", "control"}, {"Unhealthy", "counts.unhealthy"},
                                               {"Healthy", "counts.healthy"}, {"Score impact", "scoreImpact"},
                                               {"Effort", "implementationEffort"}, {"Threats", "threats"}, {"Key", "key"}}) +
                           advice_text(*row) + affected_lines(*resources);
  if (row->is_object()) row->get_object()["resources"] = resources->value;
  return print_detail(*formats, text, *row);
}

int run_recommendation_exempt(const GlobalOptions& global, const RecommendationFlags& flags) {
  const int scopes = (flags.registry.empty() ? 0 : 1) + (flags.image.empty() ? 0 : 1) + (flags.resource.empty() ? 0 : 1);
  if (scopes > 1) return usage_error({base::Kind::invalid_input, "choose one of --registry, --image and --resource"});
  if (!flags.resource.empty() && flags.resource[0] != '/')
    return usage_error({base::Kind::invalid_input, "--resource is a resource id, which begins with /subscriptions/"});
  if (!flags.expires.empty())
    if (const auto time = base::parse_time(flags.expires); !time) return usage_error(time.error());
  const auto done = exempt(global, flags);
  return done ? kDone : fail_with(done.error());
}

}  // namespace cli
