// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "security/findings_query.hpp"
#include "security/sql_text.hpp"

namespace security {

namespace {

constexpr std::int64_t kElsewhere = 100;
constexpr std::int64_t kPackagesShown = 200;

base::Json stored_json(std::string_view text) {
  auto json = base::parse_json(text, "detail");
  return json ? std::move(*json) : base::Json(base::JsonObject{});
}

base::Result<void> read_details(store::Session& session, const std::string& resource_key, FindingDetails& out) {
  return session.query(
      "SELECT f.detail, coalesce(v.detail, '{}'), coalesce(v.published, '') FROM assessments a CROSS JOIN findings f LEFT JOIN "
      "vulnerabilities v ON v.id = f.vulnerability WHERE a.set_id = f.set_id AND a.resource_key = ? AND f.finding_id = ?",
      {std::string_view(resource_key), std::string_view(out.finding.id)}, [&](const store::Row& row) {
        out.detail = stored_json(row.text(0));
        out.vulnerability = stored_json(row.text(1));
        out.published = row.text(2);
      });
}

base::Result<void> read_history(store::Session& session, const std::string& resource_key, FindingDetails& out) {
  TRY(session.query("SELECT cause, first_seen_at, resolved_at FROM resolved_findings WHERE resource_key = ? AND finding_id = ? "
                    "ORDER BY id LIMIT 100",
                    {std::string_view(resource_key), std::string_view(out.finding.id)}, [&](const store::Row& row) {
                      out.history.push_back({row.integer(1), "Found", ""});
                      out.history.push_back({row.integer(2), "Resolved", std::string(row.text(0))});
                    }));
  out.history.push_back({out.finding.first_seen_at, "Found", ""});
  std::stable_sort(out.history.begin(), out.history.end(),
                   [](const FindingEvent& a, const FindingEvent& b) { return a.at < b.at; });
  const auto same = [](const FindingEvent& a, const FindingEvent& b) { return a.at == b.at && a.event == b.event; };
  out.history.erase(std::unique(out.history.begin(), out.history.end(), same), out.history.end());
  return {};
}

base::Result<void> read_elsewhere(store::Session& session, const std::string& resource_key,
                                  const std::vector<std::string>& scopes, FindingDetails& out) {
  SqlText sql(
      "SELECT a.resource_id, a.resource_type, coalesce(i.registry_key, ''), coalesce(i.repository, ''), "
      "coalesce(i.digest, '') FROM findings f CROSS JOIN assessments a LEFT JOIN images i ON i.resource_key = a.resource_key "
      "WHERE a.set_id = f.set_id");
  sql.add(" AND f.finding_id = ?", out.finding.id).add(" AND a.resource_key <> ?", resource_key);
  sql.add_scopes("a.resource_key", scopes).add(" ORDER BY a.resource_key LIMIT ?", kElsewhere);
  TRY(sql.query(session, [&](const store::Row& row) { out.elsewhere.push_back(resource_name(row, 0)); }));
  for (ResourceName& resource : out.elsewhere) TRY(add_tags(session, resource));
  return {};
}

constexpr std::string_view kOpenFindings =
    " FROM findings f CROSS JOIN assessments a LEFT JOIN suppressions s ON s.assessment_id = a.id AND s.finding_id = "
    "f.finding_id WHERE a.set_id = f.set_id AND s.finding_id IS NULL";

// How many resources have the vulnerability open.
base::Result<std::int64_t> images_with(store::Session& session, const std::string& vulnerability, const std::vector<std::string>& scopes) {
  SqlText sql("SELECT count(DISTINCT a.resource_key)");
  sql.add(kOpenFindings).add(" AND f.vulnerability = ?", vulnerability).add_scopes("a.resource_key", scopes);
  return sql.integer(session);
}

}  // namespace

base::Result<std::optional<FindingDetails>> find_finding(store::Session& session, const std::string& finding_id,
                                                         const std::string& resource_key,
                                                         const std::vector<std::string>& scopes) {
  auto row = TRY(find_finding_row(session, finding_id, resource_key, scopes));
  if (!row) return std::nullopt;
  FindingDetails out;
  out.finding = std::move(*row);
  TRY(read_details(session, resource_key, out));
  TRY(read_history(session, resource_key, out));
  TRY(read_elsewhere(session, resource_key, scopes, out));
  return out;
}

base::Result<std::optional<VulnerabilityDetails>> find_vulnerability(store::Session& session, const std::string& id,
                                                                     const std::vector<std::string>& scopes) {
  std::optional<VulnerabilityDetails> out;
  std::string upper = id;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  TRY(session.query("SELECT id, title, published, severity, score, kev, epss, detail FROM vulnerabilities WHERE id IN (?, ?)",
                    {std::string_view(id), std::string_view(upper)}, [&](const store::Row& row) {
                      if (out && out->id == id) return;
                      out = VulnerabilityDetails{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                                                 static_cast<model::Severity>(row.integer(3)), row.real(4),
                                                 row.integer(5) != 0, row.real(6), stored_json(row.text(7)), 0, {}};
                    }));
  if (!out) return out;
  out->images = TRY(images_with(session, out->id, scopes));
  SqlText packages("SELECT f.package, f.package_type, f.fixed_version, count(DISTINCT a.resource_key)");
  packages.add(kOpenFindings).add(" AND f.vulnerability = ?", out->id).add_scopes("a.resource_key", scopes);
  packages.add(" GROUP BY f.package, f.package_type, f.fixed_version ORDER BY 4 DESC, 1, 3 LIMIT ?", kPackagesShown);
  TRY(packages.query(session, [&](const store::Row& row) {
    out->packages.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), row.integer(3)});
  }));
  return out;
}

base::Result<std::vector<TopVulnerability>> top_vulnerabilities(store::Session& session, const std::vector<std::string>& scopes,
                                                                std::size_t count) {
  std::vector<TopVulnerability> out;
  // From the most severe down: the lower classes, which hold most findings, are seldom reached.
  for (int severity = static_cast<int>(model::Severity::critical); severity >= 0 && out.size() < count; --severity) {
    SqlText sql("SELECT f.vulnerability, count(DISTINCT a.id)");
    sql.add(kOpenFindings).add_scopes("a.resource_key", scopes).add(" AND f.severity = ?", std::int64_t{severity});
    sql.add(" AND f.category = 'Vulnerability' GROUP BY f.vulnerability ORDER BY 2 DESC, 1 LIMIT ?", static_cast<std::int64_t>(2 * count));
    TRY(sql.query(session, [&](const store::Row& row) {
      const auto known = [id = row.text(0)](const TopVulnerability& top) { return top.id == id; };
      if (out.size() < count && std::none_of(out.begin(), out.end(), known))
        out.push_back({std::string(row.text(0)), "", static_cast<model::Severity>(severity), 0});
    }));
  }
  for (TopVulnerability& top : out) {
    const auto title = TRY(store::query_text(session, "SELECT title FROM vulnerabilities WHERE id = ?", {std::string_view(top.id)}));
    top.title = title.value_or("");
    top.images = TRY(images_with(session, top.id, scopes));
  }
  return out;
}

base::Result<std::vector<TopImage>> top_images(store::Session& session, const std::vector<std::string>& scopes,
                                               std::size_t count) {
  SqlText sql(
      "SELECT a.resource_id, a.resource_type, i.registry_key, i.repository, i.digest, a.critical, a.high, a.medium, a.low, "
      "a.unrated, a.fixable, a.disabled FROM assessments a JOIN images i ON i.resource_key = a.resource_key "
      "WHERE a.status = 'Unhealthy' AND a.set_id IS NOT NULL");
  sql.add_scopes("a.resource_key", scopes);
  sql.add(" ORDER BY a.critical DESC, a.high DESC, a.medium DESC, a.low DESC, a.resource_key LIMIT ?",
          static_cast<std::int64_t>(count));
  std::vector<TopImage> out;
  TRY(sql.query(session, [&](const store::Row& row) {
    out.push_back({resource_name(row, 0), Counts{row.integer(5), row.integer(6), row.integer(7), row.integer(8), row.integer(9),
                                                 row.integer(10), row.integer(11)}});
  }));
  for (TopImage& top : out) TRY(add_tags(session, top.image));
  return out;
}

}  // namespace security
