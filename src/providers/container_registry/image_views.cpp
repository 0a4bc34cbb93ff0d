// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/image_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "base/text.hpp"
#include "security/recommendations.hpp"

namespace providers {

namespace {

constexpr std::string_view kIsIndex = "(i.media_type LIKE '%image.index%' OR i.media_type LIKE '%manifest.list%')";

std::int64_t rank(const security::Counts& counts) {
  return ((counts.critical * 1'000 + std::min<std::int64_t>(counts.high, 999)) * 1'000 + std::min<std::int64_t>(counts.medium, 999)) * 1'000 +
         std::min<std::int64_t>(counts.low + counts.unrated, 999);
}

bool filter_is(const security::Query& query, const std::string& name, std::string_view value) {
  const auto at = query.filters.find(name);
  return at != query.filters.end() && std::find(at->second.begin(), at->second.end(), value) != at->second.end();
}

base::Result<std::size_t> offset_of(const std::string& cursor) {
  std::size_t offset = 0;
  if (cursor.empty()) return offset;
  const auto read = std::from_chars(cursor.data(), cursor.data() + cursor.size(), offset);
  if (read.ec != std::errc() || read.ptr != cursor.data() + cursor.size())
    return base::fail(base::Kind::invalid_input, "cursor is not one that this server gave; begin the list anew");
  return offset;
}

// Cuts the page out of all rows.
template <typename Row>
base::Result<security::Page<Row>> page_of(std::vector<Row> rows, const security::Query& query) {
  security::Page<Row> page;
  page.total = static_cast<std::int64_t>(rows.size());
  const std::size_t begin = std::min(TRY(offset_of(query.cursor)), rows.size());
  const std::size_t end = std::min(begin + query.top, rows.size());
  page.rows.assign(std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(begin)),
                   std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(end)));
  if (end < rows.size()) page.next = std::to_string(end);
  return page;
}

// Sorts by the field that `sort` names, '-' in front for descending; an unknown one is an error.
template <typename Row>
base::Result<void> sort_rows(std::vector<Row>& rows, std::string sort, const std::unordered_map<std::string, bool (*)(const Row&, const Row&)>& orders) {
  const bool descending = sort.front() == '-';
  if (descending) sort.erase(0, 1);
  const auto order = orders.find(sort);
  if (order == orders.end()) return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no field to sort by.", base::printable(sort)));
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return descending ? order->second(b, a) : order->second(a, b); });
  return {};
}

// With the verdict on each image. An index shows through its children, so it is no row of its own.
base::Result<std::vector<ImageView>> load_views(store::Session& session, const Registry& registry, const std::string& repository) {
  std::unordered_map<std::string, std::pair<std::string, security::Counts>> verdicts;
  TRY(session.query("SELECT i.digest, i.repository, a.status, a.critical, a.high, a.medium, a.low, a.unrated, a.fixable, a.disabled FROM images i "
                    "JOIN assessments a ON a.resource_key = i.resource_key AND a.assessment_key = ? WHERE i.registry_key = ? AND i.deleted_at = 0",
                    {security::kRegistryImages, registry.key()}, [&](const store::Row& row) {
                      verdicts[fmt::format("{}@{}", row.text(1), row.text(0))] = {
                          std::string(row.text(2)), {row.integer(3), row.integer(4), row.integer(5), row.integer(6), row.integer(7), row.integer(8), row.integer(9)}};
                    }));
  std::unordered_map<std::string, std::vector<std::string>> tags;
  for (auto& tag : TRY(tags_in(session, registry.key()))) tags[tag.repository + "@" + tag.digest].push_back(std::move(tag.tag));
  std::vector<ImageView> views;
  for (auto& image : TRY(live_images(session, registry.key()))) {
    if (image.is_index() || (!repository.empty() && image.repository != repository)) continue;
    ImageView view;
    const auto verdict = verdicts.find(image.repository + "@" + image.digest);
    if (verdict != verdicts.end()) {
      view.status = verdict->second.first;
      view.counts = verdict->second.second;
    }
    for (const auto& digest : {image.digest, image.parent_digest}) {
      const auto at = digest.empty() ? tags.end() : tags.find(image.repository + "@" + digest);
      if (at != tags.end()) view.tags.insert(view.tags.end(), at->second.begin(), at->second.end());
    }
    view.current = !view.tags.empty();
    view.image = std::move(image);
    views.push_back(std::move(view));
  }
  return views;
}

bool has_severity(const ImageView& view, const std::vector<std::string>& wanted) {
  const auto& counts = view.counts;
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& label) {
    const auto severity = security::parse_severity_label(label);
    if (!severity) return false;
    switch (*severity) {
      case model::Severity::critical: return counts.critical > 0;
      case model::Severity::high: return counts.high > 0;
      case model::Severity::medium: return counts.medium > 0;
      case model::Severity::low:
      case model::Severity::negligible: return counts.low > 0;
      case model::Severity::unknown: return counts.unrated > 0;
    }
    return false;
  });
}

bool passes(const ImageView& view, const security::Query& query) {
  if (const auto at = query.filters.find("severity"); at != query.filters.end() && !has_severity(view, at->second)) return false;
  if (query.filters.count("scanState") != 0 && !filter_is(query, "scanState", view.image.scan_state)) return false;
  if (filter_is(query, "unhealthy", "true") && view.status != "Unhealthy") return false;
  if (filter_is(query, "unhealthy", "false") && view.status == "Unhealthy") return false;
  if (const auto at = query.filters.find("tag"); at != query.filters.end()) {
    const bool tagged = std::any_of(view.tags.begin(), view.tags.end(), [&](const std::string& tag) { return filter_is(query, "tag", tag); });
    if (!tagged) return false;
  }
  const std::string words = base::to_lower(query.q);
  return words.empty() || base::to_lower(view.image.repository + " " + view.image.digest + " " + base::join(view.tags, " ")).find(words) != std::string::npos;
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
  TRY(sort_rows<RepositoryView>(rows, query.sort.empty() ? "-severity" : query.sort,
                                {{"repository", [](const RepositoryView& a, const RepositoryView& b) { return a.repository < b.repository; }},
                                 {"images", [](const RepositoryView& a, const RepositoryView& b) { return a.images < b.images; }},
                                 {"severity", [](const RepositoryView& a, const RepositoryView& b) { return rank(a.counts) < rank(b.counts); }},
                                 {"unhealthyImages", [](const RepositoryView& a, const RepositoryView& b) { return a.unhealthy < b.unhealthy; }},
                                 {"fixable", [](const RepositoryView& a, const RepositoryView& b) { return a.counts.fixable < b.counts.fixable; }},
                                 {"lastPushed", [](const RepositoryView& a, const RepositoryView& b) { return a.pushed_at < b.pushed_at; }}}));
  return page_of(std::move(rows), query);
}

base::Result<security::Page<ImageView>> list_image_views(store::Session& session, const Registry& registry, const std::string& repository,
                                                         const security::Query& query) {
  auto views = TRY(load_views(session, registry, repository));
  std::erase_if(views, [&](const ImageView& view) { return !passes(view, query); });
  TRY(sort_rows<ImageView>(views, query.sort.empty() ? "-severity" : query.sort,
                           {{"pushed", [](const ImageView& a, const ImageView& b) { return a.image.pushed_at < b.image.pushed_at; }},
                            {"severity", [](const ImageView& a, const ImageView& b) { return rank(a.counts) < rank(b.counts); }},
                            {"digest", [](const ImageView& a, const ImageView& b) { return a.image.digest < b.image.digest; }},
                            {"fixable", [](const ImageView& a, const ImageView& b) { return a.counts.fixable < b.counts.fixable; }},
                            {"size", [](const ImageView& a, const ImageView& b) { return a.image.size < b.image.size; }},
                            {"repository", [](const ImageView& a, const ImageView& b) { return a.image.repository < b.image.repository; }},
                            {"tags", [](const ImageView& a, const ImageView& b) { return a.tags < b.tags; }},
                            {"scanned", [](const ImageView& a, const ImageView& b) { return a.image.scanned_at < b.image.scanned_at; }},
                            {"scanState", [](const ImageView& a, const ImageView& b) { return a.image.scan_state < b.image.scan_state; }}}));
  return page_of(std::move(views), query);
}

base::Result<std::optional<ImageView>> find_image_view(store::Session& session, const Registry& registry, const std::string& repository,
                                                       const std::string& digest) {
  for (auto& view : TRY(load_views(session, registry, repository)))
    if (view.image.digest == digest) return std::optional<ImageView>(std::move(view));
  return std::optional<ImageView>();
}

}  // namespace providers
