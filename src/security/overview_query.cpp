// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "base/text.hpp"
#include "security/sql_text.hpp"

namespace security {

namespace {

constexpr std::int64_t kHitsOfAKind = 6;

base::Result<void> count_images(store::Session& session, const std::vector<std::string>& scopes, Overview& out) {
  SqlText sql("SELECT scan_state, count(*) FROM images WHERE deleted_at = 0");
  sql.add_scopes("resource_key", scopes).add(" GROUP BY scan_state");
  TRY(sql.query(session, [&](const store::Row& row) {
    out.images += row.integer(1);
    if (row.text(0) == "complete") out.scanned = row.integer(1);
    if (row.text(0) == "queued") out.queued = row.integer(1);
    if (row.text(0) == "scanning") out.scanning = row.integer(1);
    if (row.text(0) == "failed") out.failed = row.integer(1);
  }));
  SqlText repositories("SELECT count(*) FROM (SELECT DISTINCT registry_key, repository FROM images WHERE deleted_at = 0");
  repositories.add_scopes("resource_key", scopes).add(") AS r");
  out.repositories = TRY(repositories.integer(session));
  SqlText registries("SELECT count(*) FROM resources WHERE type = 'microsoft.containerregistry/registries'");
  registries.add_scopes("resource_key", scopes);
  out.registries = TRY(registries.integer(session));
  SqlText hosts("SELECT count(*) FROM resources WHERE type = 'microsoft.hybridcompute/machines'");
  hosts.add_scopes("resource_key", scopes);
  out.hosts = TRY(hosts.integer(session));
  return {};
}

// Assessments with a set carry the counts of their own findings; a parent's are those of its children again.
base::Result<void> count_verdicts(store::Session& session, const std::vector<std::string>& scopes, Overview& out) {
  SqlText sums(
      "SELECT sum(critical), sum(high), sum(medium), sum(low), sum(unrated), sum(fixable), sum(disabled), sum(CASE WHEN "
      "status = 'Unhealthy' AND resource_type = 'Microsoft.ContainerRegistry/registries/repositories/images' THEN 1 ELSE 0 "
      "END) FROM assessments WHERE set_id IS NOT NULL");
  sums.add_scopes("resource_key", scopes);
  TRY(sums.query(session, [&](const store::Row& row) {
    out.findings = {row.integer(0), row.integer(1), row.integer(2), row.integer(3),
                    row.integer(4), row.integer(5), row.integer(6)};
    out.unhealthy_images = row.integer(7);
  }));
  SqlText resources(
      "SELECT status, count(*) FROM (SELECT resource_key, CASE WHEN sum(CASE WHEN status = 'Unhealthy' THEN 1 ELSE 0 END) > 0 "
      "THEN 'Unhealthy' WHEN sum(CASE WHEN status = 'Healthy' THEN 1 ELSE 0 END) > 0 THEN 'Healthy' ELSE 'NotApplicable' END "
      "AS status FROM assessments WHERE resource_type NOT IN ('Microsoft.ContainerRegistry/registries/repositories/images', "
      "'Microsoft.HybridCompute/machines/images')");
  resources.add_scopes("resource_key", scopes).add(" GROUP BY resource_key) AS r GROUP BY status");
  return resources.query(session, [&](const store::Row& row) {
    out.resources += row.integer(1);
    if (row.text(0) == kUnhealthy) out.unhealthy = row.integer(1);
    if (row.text(0) == kHealthy) out.healthy = row.integer(1);
    if (row.text(0) == kNotApplicable) out.not_applicable = row.integer(1);
  });
}

base::Result<void> count_exploited(store::Session& session, const std::vector<std::string>& scopes, Overview& out) {
  SqlText sql(
      "SELECT count(*) FROM vulnerabilities v WHERE v.kev <> 0 AND EXISTS (SELECT 1 FROM findings f CROSS JOIN assessments a LEFT "
      "JOIN suppressions s ON s.assessment_id = a.id AND s.finding_id = f.finding_id WHERE f.vulnerability = v.id AND "
      "a.set_id = f.set_id AND s.finding_id IS NULL");
  sql.add_scopes("a.resource_key", scopes).add(")");
  out.kev = TRY(sql.integer(session));
  return {};
}

// ---- Search

struct SearchInput {
  store::Session& session;
  const std::string& words;
  const std::vector<std::string>& scopes;
  std::vector<SearchHit>& hits;
};

std::string name_in(std::string_view key) { return base::percent_decode(key.substr(key.rfind('/') + 1)); }

base::Result<void> search_registries(const SearchInput& input) {
  SqlText sql("SELECT name, resource_id FROM resources WHERE type = 'microsoft.containerregistry/registries'");
  sql.add_scopes("resource_key", input.scopes).add_words(input.words, {"name"}).add(" ORDER BY name LIMIT ?", kHitsOfAKind);
  return sql.query(input.session, [&](const store::Row& row) {
    const std::string name(row.text(0));
    input.hits.push_back({"registry", name, "Registry", name, "", "", std::string(row.text(1))});
  });
}

base::Result<void> search_repositories(const SearchInput& input) {
  SqlText sql("SELECT registry_key, repository, count(*) FROM images WHERE deleted_at = 0");
  sql.add_scopes("resource_key", input.scopes).add_words(input.words, {"repository"});
  sql.add(" GROUP BY registry_key, repository ORDER BY length(repository), repository LIMIT ?", kHitsOfAKind);
  return sql.query(input.session, [&](const store::Row& row) {
    const std::string registry = name_in(row.text(0)), repository(row.text(1));
    input.hits.push_back({"repository", repository, registry + " · " + std::to_string(row.integer(2)) + (row.integer(2) == 1 ? " image" : " images"), registry,
                          repository, "", ""});
  });
}

// Images by tag or digest: "nginx 1.25", "sha256:9f".
base::Result<void> search_images(const SearchInput& input) {
  SqlText sql(
      "SELECT i.registry_key, i.repository, i.digest, min(coalesce(t.tag, '')), i.resource_id FROM images i LEFT JOIN tags t ON "
      "t.registry_key = i.registry_key AND t.repository = i.repository AND t.digest = i.digest WHERE i.deleted_at = 0");
  sql.add_scopes("i.resource_key", input.scopes).add_words(input.words, {"i.repository", "i.digest", "coalesce(t.tag, '')"});
  sql.add(" GROUP BY i.id ORDER BY i.repository, i.digest LIMIT ?", kHitsOfAKind);
  return sql.query(input.session, [&](const store::Row& row) {
    const std::string registry = name_in(row.text(0)), repository(row.text(1)), digest(row.text(2)), tag(row.text(3));
    input.hits.push_back({"image", tag.empty() ? repository + "@" + digest : repository + ":" + tag, registry, registry,
                          repository, digest, std::string(row.text(4))});
  });
}

base::Result<void> search_hosts(const SearchInput& input) {
  SqlText sql("SELECT name, resource_id FROM resources WHERE type = 'microsoft.hybridcompute/machines'");
  sql.add_scopes("resource_key", input.scopes).add_words(input.words, {"name"}).add(" ORDER BY length(name), name LIMIT ?", kHitsOfAKind);
  return sql.query(input.session, [&](const store::Row& row) {
    input.hits.push_back({"host", std::string(row.text(0)), "Container host", "", "", "", std::string(row.text(1))});
  });
}

constexpr std::string_view kSeenBelow =
    " AND EXISTS (SELECT 1 FROM assessments a WHERE a.set_id = f.set_id";

base::Result<void> search_vulnerabilities(const SearchInput& input) {
  SqlText sql("SELECT v.id, v.title FROM vulnerabilities v WHERE 1=1");
  sql.add_words(input.words, {"v.id", "v.title"});
  sql.add(" AND EXISTS (SELECT 1 FROM findings f WHERE f.vulnerability = v.id").add(kSeenBelow);
  sql.add_scopes("a.resource_key", input.scopes).add(")) ORDER BY v.severity DESC, v.id LIMIT ?", kHitsOfAKind);
  return sql.query(input.session, [&](const store::Row& row) {
    input.hits.push_back({"vulnerability", std::string(row.text(0)), std::string(row.text(1)), "", "", "", std::string(row.text(0))});
  });
}

base::Result<void> search_packages(const SearchInput& input) {
  SqlText sql("SELECT f.package, count(DISTINCT f.vulnerability) FROM findings f WHERE f.package <> ''");
  sql.add_words(input.words, {"f.package"}).add(kSeenBelow);
  sql.add_scopes("a.resource_key", input.scopes).add(") GROUP BY f.package ORDER BY length(f.package), f.package LIMIT ?", kHitsOfAKind);
  return sql.query(input.session, [&](const store::Row& row) {
    const std::string package(row.text(0));
    input.hits.push_back({"package", package, std::to_string(row.integer(1)) + " vulnerabilities", "", "", "", package});
  });
}

void search_recommendations(const Recommendations& recommendations, const SearchInput& input) {
  for (const Recommendation& known : recommendations.all())
    if (base::to_lower(known.title).find(base::to_lower(base::trim(input.words))) != std::string::npos)
      input.hits.push_back({"recommendation", known.title, known.severity, "", "", "", known.key});
}

}  // namespace

base::Result<Overview> read_overview(store::Session& session, const std::vector<std::string>& scopes) {
  Overview out;
  TRY(count_images(session, scopes, out));
  TRY(count_verdicts(session, scopes, out));
  TRY(count_exploited(session, scopes, out));
  return out;
}

base::Result<std::vector<SearchHit>> search(store::Session& session, const Recommendations& recommendations,
                                            const std::string& words, const std::vector<std::string>& scopes) {
  std::vector<SearchHit> hits;
  if (base::trim(words).empty()) return hits;
  const SearchInput input{session, words, scopes, hits};
  TRY(search_registries(input));
  TRY(search_repositories(input));
  TRY(search_images(input));
  TRY(search_hosts(input));
  TRY(search_vulnerabilities(input));
  TRY(search_packages(input));
  search_recommendations(recommendations, input);
  return hits;
}

}  // namespace security
