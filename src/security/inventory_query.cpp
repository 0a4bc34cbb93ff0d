// SPDX-License-Identifier: Apache-2.0
// Everything that is or could be assessed: images, and the resources of the recommendations' types.
#include <fmt/format.h>

#include "base/text.hpp"
#include "security/sql_text.hpp"

namespace security {

namespace {

// One row a resource, with what its assessments say. A parent's counts are the sum of its children's.
constexpr std::string_view kInventoryItems =
    "WITH items AS ("
    "SELECT r.resource_key, r.resource_id, r.type, '' AS registry_key, '' AS repository, '' AS digest, '' AS scan_state "
    "FROM resources r WHERE r.type IN ('microsoft.containerregistry/registries', 'microsoft.hybridcompute/machines', "
    "'microsoft.kubernetes/connectedclusters', 'microsoft.containerservice/managedclusters', "
    "'microsoft.containerinstance/containergroups') "
    "UNION ALL SELECT i.resource_key, i.resource_id, 'Microsoft.ContainerRegistry/registries/repositories/images', "
    "i.registry_key, i.repository, i.digest, i.scan_state FROM images i WHERE i.deleted_at = 0), "
    "verdicts AS (SELECT resource_key, sum(CASE WHEN status = 'Unhealthy' THEN 1 ELSE 0 END) AS unhealthy, "
    "sum(CASE WHEN status = 'Healthy' THEN 1 ELSE 0 END) AS healthy, sum(CASE WHEN cause = 'OffByPolicy' THEN 1 ELSE 0 END) "
    "AS off, sum(CASE WHEN cause = 'Exempt' THEN 1 ELSE 0 END) AS exempt, count(*) AS verdicts, sum(critical) AS critical, "
    "sum(high) AS high, sum(medium) AS medium, sum(low) AS low, sum(unrated) AS unrated, sum(fixable) AS fixable, "
    "sum(disabled) AS disabled FROM assessments GROUP BY resource_key), "
    "rows AS (SELECT t.*, v.critical, v.high, v.medium, v.low, v.unrated, v.fixable, v.disabled, "
    "coalesce(v.unhealthy, 0) AS recommendations, CASE WHEN v.unhealthy > 0 THEN 'Unhealthy' WHEN v.healthy > 0 THEN "
    "'Healthy' WHEN v.verdicts > 0 THEN 'NotApplicable' ELSE '' END AS status, CASE WHEN v.unhealthy + v.healthy + v.exempt "
    "> 0 THEN '' WHEN v.off > 0 OR t.scan_state = 'off' THEN 'Unregistered' ELSE 'Unmonitored' END AS gap "
    "FROM items t LEFT JOIN verdicts v ON v.resource_key = t.resource_key) ";

base::Result<void> add_status(const std::vector<std::string>& statuses, SqlText& where) {
  std::vector<std::string> plain, gaps;
  for (const std::string& status : statuses) {
    if (status == kHealthy || status == kUnhealthy || status == kNotApplicable) plain.push_back(status);
    else if (status == "Unmonitored" || status == "Unregistered") gaps.push_back(status);
    else
      return base::fail(base::Kind::invalid_input,
                        "filter status is none of Unhealthy, Healthy, NotApplicable, Unmonitored, Unregistered");
  }
  if (statuses.empty()) return {};
  where.add(" AND (1=0");
  for (const std::string& status : plain) where.add(" OR t.status = ?", status);
  for (const std::string& gap : gaps) where.add(" OR t.gap = ?", gap);
  where.add(")");
  return {};
}

// Resources with an open finding whose id, vulnerability or title has the text.
void add_contains(const std::string& text, SqlText& where) {
  if (text.empty()) return;
  where.add(
      " AND t.resource_key IN (SELECT a.resource_key FROM findings f CROSS JOIN assessments a LEFT JOIN vulnerabilities v ON "
      "v.id = f.vulnerability LEFT JOIN suppressions s ON s.assessment_id = a.id AND s.finding_id = f.finding_id WHERE "
      "a.set_id = f.set_id AND s.finding_id IS NULL");
  where.add_words(text, {"f.vulnerability", "f.finding_id", "coalesce(v.title, '')"}).add(")");
}

void add_types(const std::vector<std::string>& types, SqlText& where) {
  if (types.empty()) return;
  std::vector<std::string> lower;
  for (const std::string& type : types) lower.push_back(base::to_lower(type));
  where.add_in("lower(t.type)", lower);
}

base::Result<void> add_inventory_filters(const Query& query, SqlText& where, std::vector<std::string>& statuses) {
  Filters filters(query);
  statuses = filters.values("status");
  where.add_scopes("t.resource_key", query.scopes);
  add_types(filters.values("type"), where);
  const auto& tags = filters.values("tag");
  if (!tags.empty())
    where.add(" AND EXISTS (SELECT 1 FROM tags g WHERE g.registry_key = t.registry_key AND g.repository = t.repository AND "
              "g.digest = t.digest").add_in("g.tag", tags).add(")");
  const auto& states = filters.values("scanState");
  if (!states.empty()) where.add_in("t.scan_state", states);
  add_contains(filters.one("contains"), where);
  where.add_words(query.q, {"t.resource_id", "t.repository"});
  return filters.finish();
}

std::string inventory_order(const SortOrder& sort) {
  const std::string_view direction = sort.descending ? " DESC" : "";
  if (sort.field == "name") return fmt::format("t.resource_key{}", direction);
  if (sort.field == "status") return fmt::format("t.status{}, t.resource_key", direction);
  if (sort.field == "scanState") return fmt::format("t.scan_state{}, t.resource_key", direction);
  if (sort.field == "type") return fmt::format("t.type{}, t.resource_key", direction);
  const std::string severities = fmt::format("t.critical{0}, t.high{0}, t.medium{0}, t.low{0}, t.resource_key", direction);
  if (sort.field == "severity") return severities;
  return fmt::format("t.recommendations{}, {}", direction, severities);
}

InventoryRow inventory_row(const store::Row& row) {
  InventoryRow out;
  out.resource = resource_name(row, 0);
  out.status = row.text(5);
  out.scan_state = row.text(6);
  out.recommendations = row.integer(7);
  out.counts = {row.integer(8),  row.integer(9),  row.integer(10), row.integer(11),
                row.integer(12), row.integer(13), row.integer(14)};
  return out;
}

base::Result<InventoryCounters> count_inventory(store::Session& session, const SqlText& where) {
  SqlText sql{std::string(kInventoryItems)};
  sql.add("SELECT count(*), sum(CASE WHEN status = 'Unhealthy' THEN 1 ELSE 0 END), sum(CASE WHEN gap = 'Unmonitored' THEN 1 "
          "ELSE 0 END), sum(CASE WHEN gap = 'Unregistered' THEN 1 ELSE 0 END) FROM rows t WHERE 1=1").add(where);
  InventoryCounters out;
  TRY(sql.query(session, [&](const store::Row& row) {
    out = {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
  }));
  return out;
}

}  // namespace

base::Result<Inventory> read_inventory(store::Session& session, const Query& query) {
  SqlText where;
  std::vector<std::string> statuses;
  TRY(add_inventory_filters(query, where, statuses));
  const SortOrder sort = TRY(sort_order(query, "-recommendations",
                                        {"recommendations", "name", "type", "severity", "status", "scanState"}));
  const std::size_t offset = TRY(offset_of(query));
  Inventory out;
  out.counters = TRY(count_inventory(session, where));
  TRY(add_status(statuses, where));
  out.page.total = statuses.empty() ? out.counters.total : TRY(count_inventory(session, where)).total;

  SqlText sql{std::string(kInventoryItems)};
  sql.add("SELECT t.resource_id, t.type, t.registry_key, t.repository, t.digest, t.status, t.scan_state, t.recommendations, "
          "t.critical, t.high, t.medium, t.low, t.unrated, t.fixable, t.disabled FROM rows t WHERE 1=1").add(where);
  sql.add(fmt::format(" ORDER BY {} LIMIT ?", inventory_order(sort)), static_cast<std::int64_t>(page_size(query)));
  sql.add(" OFFSET ?", static_cast<std::int64_t>(offset));
  TRY(sql.query(session, [&](const store::Row& row) { out.page.rows.push_back(inventory_row(row)); }));
  for (InventoryRow& row : out.page.rows) TRY(add_tags(session, row.resource));
  out.page.next = next_offset(offset, out.page.rows.size(), out.page.total);
  return out;
}

}  // namespace security
