// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "security/score.hpp"
#include "security/sql_text.hpp"

namespace security {

namespace {

bool among(const std::vector<std::string>& values, std::string_view value) {
  if (values.empty()) return true;
  return std::any_of(values.begin(), values.end(),
                     [&](const std::string& given) { return base::equals_ignoring_case(given, value); });
}

// Adds one group (status, cause, owner) of a recommendation's resources to its row.
void add_group(const store::Row& row, RecommendationRow& out, std::set<std::string>& owners) {
  const std::int64_t resources = row.integer(3);
  if (row.text(0) == kHealthy) out.healthy += resources;
  if (row.text(0) == kNotApplicable) out.not_applicable += resources;
  if (row.text(1) == "Exempt") out.exempt += resources;
  if (row.text(0) == kUnhealthy) {
    out.unhealthy += resources;
    owners.insert(std::string(row.text(2)));
    out.overdue += row.integer(12);
    if (const auto due = row.integer(11); due > 0 && (out.due_at == 0 || due < out.due_at)) out.due_at = due;
  }
  out.counts += Counts{row.integer(4), row.integer(5), row.integer(6), row.integer(7),
                       row.integer(8), row.integer(9), row.integer(10)};
}

base::Result<RecommendationRow> read_recommendation_row(store::Session& session, const Recommendation& recommendation,
                                                        const std::vector<std::string>& scopes, store::Millis now) {
  SqlText sql;
  sql.add("SELECT status, cause, owner, count(*), sum(critical), sum(high), sum(medium), sum(low), sum(unrated), sum(fixable), "
          "sum(disabled), min(CASE WHEN due_at > 0 THEN due_at END), sum(CASE WHEN due_at > 0 AND due_at < ? THEN 1 ELSE 0 "
          "END) FROM assessments", now);
  sql.add(" WHERE resource_type = ?", recommendation.resource_type).add(" AND assessment_key = ?", recommendation.key);
  sql.add_scopes("resource_key", scopes).add(" GROUP BY status, cause, owner");
  RecommendationRow out;
  out.recommendation = &recommendation;
  std::set<std::string> owners;
  TRY(sql.query(session, [&](const store::Row& row) { add_group(row, out, owners); }));
  if (owners.size() == 1) out.owner = *owners.begin();
  return out;
}

struct RecommendationFilter {
  std::vector<std::string> severities, types, controls, owners;
  std::optional<bool> exempt;
  std::string status;

  bool passes(const RecommendationRow& row) const {
    const Recommendation& known = *row.recommendation;
    if (row.unhealthy + row.healthy + row.not_applicable == 0) return false;  // nothing was assessed
    if (status == "unhealthy" && row.unhealthy == 0) return false;
    if (status == "healthy" && (row.unhealthy > 0 || row.healthy == 0)) return false;
    if (exempt && *exempt != (row.exempt > 0)) return false;
    return among(severities, known.severity) && among(types, known.resource_type) && among(controls, known.control) &&
           among(owners, row.owner);
  }
};

base::Result<RecommendationFilter> read_recommendation_filter(const Query& query) {
  Filters filters(query);
  RecommendationFilter out;
  out.severities = filters.values("severity");
  out.types = filters.values("resourceType");
  out.controls = filters.values("control");
  out.owners = filters.values("owner");
  out.exempt = TRY(filters.flag("exempt"));
  out.status = base::to_lower(filters.one("status", "unhealthy"));
  if (out.status != "unhealthy" && out.status != "healthy" && out.status != "all")
    return base::fail(base::Kind::invalid_input, "filter status is none of unhealthy, healthy, all");
  TRY(filters.finish());
  return out;
}

bool has_words(const Recommendation& recommendation, std::string_view words) {
  const std::string text = base::to_lower(recommendation.title + " " + recommendation.description + " " + recommendation.key);
  const std::string lower = base::to_lower(words);
  for (const std::string_view word : base::split(lower, ' '))
    if (text.find(word) == std::string::npos) return false;
  return true;
}

int severity_rank(std::string_view severity) { return severity == "High" ? 3 : severity == "Medium" ? 2 : 1; }

void sort_recommendations(std::vector<RecommendationRow>& rows, const SortOrder& order) {
  const auto less = [&](const RecommendationRow& a, const RecommendationRow& b) {
    if (order.field == "title") return a.recommendation->title < b.recommendation->title;
    if (order.field == "unhealthy") return a.unhealthy < b.unhealthy;
    if (order.field == "scoreImpact") return a.score_impact < b.score_impact;
    if (order.field == "dueDate") return a.due_at < b.due_at;
    if (order.field == "owner") return a.owner < b.owner;
    const int left = severity_rank(a.recommendation->severity), right = severity_rank(b.recommendation->severity);
    return left != right ? left < right : a.unhealthy < b.unhealthy;
  };
  std::stable_sort(rows.begin(), rows.end(), less);
  if (order.descending) std::reverse(rows.begin(), rows.end());
}

}  // namespace

base::Result<Page<RecommendationRow>> list_recommendations(store::Session& session, const Recommendations& recommendations,
                                                           const Query& query, store::Millis now) {
  const RecommendationFilter filter = TRY(read_recommendation_filter(query));
  const SortOrder order = TRY(sort_order(query, "-severity", {"severity", "title", "unhealthy", "scoreImpact", "dueDate", "owner"}));
  const std::size_t offset = TRY(offset_of(query));
  const auto inputs = TRY(load_score_inputs(session, recommendations, query.scopes));
  std::vector<RecommendationRow> rows;
  for (const Recommendation& recommendation : recommendations.all()) {
    RecommendationRow row = TRY(read_recommendation_row(session, recommendation, query.scopes, now));
    if (!filter.passes(row) || !has_words(recommendation, query.q)) continue;
    row.score_impact = score_impact(recommendations, inputs, recommendation.key);
    rows.push_back(std::move(row));
  }
  sort_recommendations(rows, order);
  Page<RecommendationRow> page;
  page.total = static_cast<std::int64_t>(rows.size());
  for (std::size_t i = offset; i < rows.size() && page.rows.size() < page_size(query); ++i) page.rows.push_back(rows[i]);
  page.next = next_offset(offset, page.rows.size(), page.total);
  return page;
}

}  // namespace security
