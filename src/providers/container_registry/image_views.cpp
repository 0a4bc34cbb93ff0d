// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/image_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "security/recommendations.hpp"
#include "security/sql_text.hpp"

namespace providers {

namespace {

constexpr std::string_view kIsIndex = "(i.media_type LIKE '%image.index%' OR i.media_type LIKE '%manifest.list%')";

// The tags that lead to image i, directly or through an index that it is in.
constexpr std::string_view kTagsOfImage =
    "FROM tags g WHERE g.registry_key = i.registry_key AND g.repository = i.repository AND (g.digest = i.digest OR g.digest IN "
    "(SELECT p.parent_digest FROM image_parents p WHERE p.registry_key = i.registry_key AND p.repository = i.repository AND "
    "p.digest = i.digest))";

std::int64_t rank(const security::Counts& counts) {
  return ((counts.critical * 1'000 + std::min<std::int64_t>(counts.high, 999)) * 1'000 + std::min<std::int64_t>(counts.medium, 999)) * 1'000 +
         std::min<std::int64_t>(counts.low + counts.unrated, 999);
}

bool filter_is(const security::Query& query, const std::string& name, std::string_view value) {
  const auto at = query.filters.find(name);
  return at != query.filters.end() && std::find(at->second.begin(), at->second.end(), value) != at->second.end();
}

// Cuts the page out of all rows.
base::Result<security::Page<RepositoryView>> page_of(std::vector<RepositoryView> rows, const security::Query& query) {
  security::Page<RepositoryView> page;
  page.total = static_cast<std::int64_t>(rows.size());
  const std::size_t begin = std::min(TRY(security::offset_of(query)), rows.size());
  const std::size_t end = std::min(begin + query.top, rows.size());
  page.rows.assign(std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(begin)),
                   std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(end)));
  page.next = security::next_offset(begin, page.rows.size(), page.total);
  return page;
}

using RepositoryOrder = bool (*)(const RepositoryView&, const RepositoryView&);

// Of the field that the query sorts by.
base::Result<void> sort_rows(std::vector<RepositoryView>& rows, const security::Query& query) {
  using View = RepositoryView;
  static const std::unordered_map<std::string_view, RepositoryOrder> kOrders{
      {"repository", [](const View& a, const View& b) { return a.repository < b.repository; }},
      {"images", [](const View& a, const View& b) { return a.images < b.images; }},
      {"severity", [](const View& a, const View& b) { return rank(a.counts) < rank(b.counts); }},
      {"unhealthyImages", [](const View& a, const View& b) { return a.unhealthy < b.unhealthy; }},
      {"fixable", [](const View& a, const View& b) { return a.counts.fixable < b.counts.fixable; }},
      {"lastPushed", [](const View& a, const View& b) { return a.pushed_at < b.pushed_at; }}};
  const auto sort = TRY(security::sort_order(query, "-severity", {"severity", "repository", "images", "unhealthyImages", "fixable", "lastPushed"}));
  const RepositoryOrder before = kOrders.at(sort.field);
  std::stable_sort(rows.begin(), rows.end(), [&](const View& a, const View& b) { return sort.descending ? before(b, a) : before(a, b); });
  return {};
}

// An index shows through the images in it, so it is no row of its own.
void add_images(security::SqlText& sql, const Registry& registry, const std::string& repository) {
  sql.add(" FROM images i LEFT JOIN assessments a ON a.resource_key = i.resource_key AND a.assessment_key = ?", std::string(security::kRegistryImages));
  sql.add(" WHERE i.registry_key = ? AND i.deleted_at = 0", registry.key()).add(fmt::format(" AND NOT {}", kIsIndex));
  if (!repository.empty()) sql.add(" AND i.repository = ?", repository);
}

// The column that counts findings of a severity.
std::string_view counter_of(model::Severity severity) {
  switch (severity) {
    case model::Severity::critical: return "a.critical";
    case model::Severity::high: return "a.high";
    case model::Severity::medium: return "a.medium";
    case model::Severity::low:
    case model::Severity::negligible: return "a.low";
    case model::Severity::unknown: break;
  }
  return "a.unrated";
}

base::Result<void> add_severities(const std::vector<std::string>& labels, security::SqlText& where) {
  if (labels.empty()) return {};
  where.add(" AND (1 = 0");
  for (const std::string& label : labels) {
    const auto severity = security::parse_severity_label(label);
    if (!severity) return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no severity: Critical, High, Medium, Low, Unknown.", base::printable(label)));
    where.add(fmt::format(" OR {} > 0", counter_of(*severity)));
  }
  where.add(")");
  return {};
}

base::Result<void> add_filters(const security::Query& query, security::SqlText& where) {
  security::Filters filters(query);
  filters.values("repository");  // given apart
  TRY(add_severities(filters.values("severity"), where));
  if (const auto& states = filters.values("scanState"); !states.empty()) where.add_in("i.scan_state", states);
  if (const auto unhealthy = TRY(filters.flag("unhealthy")))
    where.add(*unhealthy ? " AND a.status = 'Unhealthy'" : " AND coalesce(a.status, '') <> 'Unhealthy'");
  if (const auto& tags = filters.values("tag"); !tags.empty()) where.add(fmt::format(" AND EXISTS (SELECT 1 {}", kTagsOfImage)).add_in("g.tag", tags).add(")");
  where.add_words(query.q, {"i.repository", "i.digest", fmt::format("coalesce((SELECT group_concat(g.tag, ' ') {}), '')", kTagsOfImage)});
  return filters.finish();
}

base::Result<std::string> image_order(const security::Query& query) {
  const auto sort = TRY(security::sort_order(query, "-severity", {"severity", "pushed", "digest", "fixable", "size", "repository", "tags", "scanned", "scanState"}));
  const std::string_view direction = sort.descending ? " DESC" : "";
  const auto by = [&](std::string_view column) { return fmt::format("{}{}, i.resource_key", column, direction); };
  if (sort.field == "pushed") return by("i.pushed_at");
  if (sort.field == "digest") return by("i.digest");
  if (sort.field == "fixable") return by("coalesce(a.fixable, 0)");
  if (sort.field == "size") return by("i.size");
  if (sort.field == "repository") return by("i.repository");
  if (sort.field == "tags") return by(fmt::format("(SELECT min(g.tag) {})", kTagsOfImage));
  if (sort.field == "scanned") return by("i.scanned_at");
  if (sort.field == "scanState") return by("i.scan_state");
  return fmt::format("coalesce(a.critical, 0){0}, coalesce(a.high, 0){0}, coalesce(a.medium, 0){0}, coalesce(a.low, 0){0}, coalesce(a.unrated, 0){0}, i.resource_key", direction);
}

// The verdict on an image, which is read apart.
struct VerdictRow {
  std::string resource_key, status;
  security::Counts counts;
};

constexpr std::string_view kVerdictColumns =
    "SELECT i.resource_key, coalesce(a.status, ''), coalesce(a.critical, 0), coalesce(a.high, 0), coalesce(a.medium, 0), coalesce(a.low, 0), "
    "coalesce(a.unrated, 0), coalesce(a.fixable, 0), coalesce(a.disabled, 0)";

base::Result<std::vector<ImageView>> read_views(store::Session& session, const security::SqlText& sql) {
  std::vector<VerdictRow> rows;
  TRY(sql.query(session, [&](const store::Row& row) {
    rows.push_back({std::string(row.text(0)), std::string(row.text(1)),
                    {row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6), row.integer(7), row.integer(8)}});
  }));
  std::vector<ImageView> views;
  views.reserve(rows.size());
  for (auto& row : rows) {
    auto image = TRY(find_image(session, row.resource_key));
    if (!image) continue;
    ImageView view{std::move(*image), std::move(row.status), row.counts, {}, false};
    view.tags = TRY(tags_of(session, view.image));
    view.current = !view.tags.empty();
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace

base::Result<security::Page<RepositoryView>> list_repository_views(store::Session& session, const Registry& registry, const security::Query& query) {
  std::vector<RepositoryView> rows;
  TRY(session.query(fmt::format("SELECT i.repository, COUNT(*), SUM(CASE WHEN a.status = 'Unhealthy' THEN 1 ELSE 0 END), SUM(COALESCE(a.critical, 0)), SUM(COALESCE(a.high, 0)), "
                                "SUM(COALESCE(a.medium, 0)), SUM(COALESCE(a.low, 0)), SUM(COALESCE(a.unrated, 0)), SUM(COALESCE(a.fixable, 0)), SUM(COALESCE(a.disabled, 0)), "
                                "MAX(i.pushed_at) FROM images i LEFT JOIN assessments a ON a.resource_key = i.resource_key AND a.assessment_key = ? "
                                "WHERE i.registry_key = ? AND i.deleted_at = 0 AND NOT {} GROUP BY i.repository", kIsIndex),
                    {security::kRegistryImages, registry.key()}, [&](const store::Row& row) {
                      RepositoryView view{std::string(row.text(0)), row.integer(1), row.integer(2),
                                          {row.integer(3), row.integer(4), row.integer(5), row.integer(6), row.integer(7), row.integer(8), row.integer(9)}, row.integer(10)};
                      if (!query.q.empty() && base::to_lower(view.repository).find(base::to_lower(query.q)) == std::string::npos) return;
                      if (filter_is(query, "unhealthy", "true") && view.unhealthy == 0) return;
                      rows.push_back(std::move(view));
                    }));
  TRY(sort_rows(rows, query));
  return page_of(std::move(rows), query);
}

base::Result<security::Page<ImageView>> list_image_views(store::Session& session, const Registry& registry, const std::string& repository,
                                                         const security::Query& query) {
  const std::string order = TRY(image_order(query));
  const std::size_t offset = TRY(security::offset_of(query));
  security::SqlText images;
  add_images(images, registry, repository);
  TRY(add_filters(query, images));
  security::Page<ImageView> page;
  security::SqlText count("SELECT count(*)");
  page.total = TRY(count.add(images).integer(session));
  security::SqlText sql{std::string(kVerdictColumns)};
  sql.add(images).add(fmt::format(" ORDER BY {} LIMIT ?", order), static_cast<std::int64_t>(query.top)).add(" OFFSET ?", static_cast<std::int64_t>(offset));
  page.rows = TRY(read_views(session, sql));
  page.next = security::next_offset(offset, page.rows.size(), page.total);
  return page;
}

base::Result<std::optional<ImageView>> find_image_view(store::Session& session, const Registry& registry, const std::string& repository,
                                                       const std::string& digest) {
  security::SqlText sql{std::string(kVerdictColumns)};
  add_images(sql, registry, repository);
  sql.add(" AND i.repository = ?", repository).add(" AND i.digest = ?", digest);
  auto views = TRY(read_views(session, sql));
  return views.empty() ? std::optional<ImageView>() : std::optional<ImageView>(std::move(views.front()));
}

}  // namespace providers
