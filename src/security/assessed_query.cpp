// SPDX-License-Identifier: Apache-2.0
// Resources of one recommendation, and assessments of one resource.
#include <fmt/format.h>

#include "base/text.hpp"
#include "security/sql_text.hpp"

namespace security {

namespace {

constexpr std::string_view kAssessedColumns =
    "a.resource_id, a.resource_type, coalesce(i.registry_key, ''), coalesce(i.repository, ''), coalesce(i.digest, ''), "
    "a.assessment_key, a.status, a.cause, a.description, a.owner, a.first_evaluated_at, a.status_changed_at, a.evaluated_at, "
    "a.due_at, a.critical, a.high, a.medium, a.low, a.unrated, a.fixable, a.disabled";
constexpr std::string_view kAssessedTables = " FROM assessments a LEFT JOIN images i ON i.resource_key = a.resource_key";

AssessedResource assessed_of(const store::Row& row) {
  AssessedResource out;
  out.resource = resource_name(row, 0);
  out.assessment_key = row.text(5);
  out.status = row.text(6);
  out.cause = row.text(7);
  out.description = row.text(8);
  out.owner = row.text(9);
  out.first_evaluated_at = row.integer(10);
  out.status_changed_at = row.integer(11);
  out.evaluated_at = row.integer(12);
  out.due_at = row.integer(13);
  out.counts = {row.integer(14), row.integer(15), row.integer(16), row.integer(17),
                row.integer(18), row.integer(19), row.integer(20)};
  return out;
}

base::Result<std::vector<AssessedResource>> read_assessed(store::Session& session, const SqlText& sql) {
  std::vector<AssessedResource> out;
  TRY(sql.query(session, [&](const store::Row& row) { out.push_back(assessed_of(row)); }));
  for (AssessedResource& row : out) TRY(add_tags(session, row.resource));
  return out;
}

// Resources with an open finding of one of the severities.
base::Result<void> add_open_severities(const std::vector<std::string>& labels, SqlText& where) {
  if (labels.empty()) return {};
  std::string any;
  for (const std::int64_t number : TRY(severity_numbers(labels))) {
    static constexpr std::string_view kColumns[] = {"unrated", "low", "low", "medium", "high", "critical"};
    any += fmt::format("{}a.{} > 0", any.empty() ? "" : " OR ", kColumns[number]);
  }
  where.add(fmt::format(" AND ({})", any));
  return {};
}

base::Result<std::string> type_of_level(const Recommendation& recommendation, const std::string& level) {
  if (level.empty() || level == "registry" || level == "resource") return recommendation.resource_type;
  if (level == "image" && !recommendation.child_type.empty()) return recommendation.child_type;
  return base::fail(base::Kind::invalid_input, "filter level is none of registry, resource, image");
}

std::string assessed_order(const SortOrder& sort) {
  const std::string_view direction = sort.descending ? " DESC" : "";
  if (sort.field == "name") return fmt::format("a.resource_key{}", direction);
  if (sort.field == "status") return fmt::format("a.status{}, a.resource_key", direction);
  if (sort.field == "statusChanged") return fmt::format("a.status_changed_at{}, a.resource_key", direction);
  return fmt::format("a.critical{0}, a.high{0}, a.medium{0}, a.low{0}, a.unrated{0}, a.resource_key", direction);
}

}  // namespace

base::Result<Page<AssessedResource>> list_assessed(store::Session& session, const Recommendation& recommendation,
                                                   const Query& query) {
  Filters filters(query);
  const auto statuses = filters.values("status"), severities = filters.values("severity");
  const std::string type = TRY(type_of_level(recommendation, filters.one("level")));
  TRY(filters.finish());
  const SortOrder sort = TRY(sort_order(query, "-severity", {"severity", "name", "status", "statusChanged"}));
  const std::size_t offset = TRY(offset_of(query));

  SqlText where(" WHERE a.resource_type = ");
  where.add("?", type).add(" AND a.assessment_key = ?", recommendation.key).add_scopes("a.resource_key", query.scopes);
  if (!statuses.empty()) where.add_in("a.status", statuses);
  TRY(add_open_severities(severities, where));
  where.add_words(query.q, {"a.resource_id", "coalesce(i.repository, '')"});

  SqlText count("SELECT count(*)");
  count.add(kAssessedTables).add(where);
  Page<AssessedResource> page;
  page.total = TRY(count.integer(session));
  SqlText rows(fmt::format("SELECT {}{}", kAssessedColumns, kAssessedTables));
  rows.add(where).add(fmt::format(" ORDER BY {} LIMIT ?", assessed_order(sort)), static_cast<std::int64_t>(page_size(query)));
  rows.add(" OFFSET ?", static_cast<std::int64_t>(offset));
  page.rows = TRY(read_assessed(session, rows));
  page.next = next_offset(offset, page.rows.size(), page.total);
  return page;
}

base::Result<std::vector<AssessedResource>> assessments_of(store::Session& session, const std::string& resource_key) {
  SqlText sql(fmt::format("SELECT {}{}", kAssessedColumns, kAssessedTables));
  sql.add(" WHERE a.resource_key = ? ORDER BY a.assessment_key", resource_key);
  return read_assessed(session, sql);
}

base::Result<std::int64_t> set_ownership(store::Session& session, const std::string& assessment_key,
                                         const std::vector<std::string>& resource_keys, const Ownership& ownership) {
  std::int64_t changed = 0;
  for (const std::string& resource_key : resource_keys) {
    SqlText sql("UPDATE assessments SET owner = ");
    if (ownership.owner) sql.add("?", *ownership.owner);
    else sql.add("owner");
    if (ownership.due_at) sql.add(", due_at = ?", *ownership.due_at);
    sql.add(" WHERE resource_key = ?", resource_key).add(" AND assessment_key = ?", assessment_key);
    TRY(sql.run(session));
    changed += session.changes();
  }
  return changed;
}

}  // namespace security
