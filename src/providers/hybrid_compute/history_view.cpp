// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/time.hpp"
#include "providers/hybrid_compute/host_views.hpp"
#include "security/sql_text.hpp"

namespace providers::hybrid_compute {

namespace {

base::Result<store::Millis> time_of(const std::string& text, store::Millis otherwise) {
  return text.empty() ? otherwise : TRY(base::parse_time(text)).time_since_epoch().count() * 1'000;
}

base::Result<void> add_history_filters(const security::Query& query, security::SqlText& where) {
  security::Filters filters(query);
  if (const auto kinds = filters.values("kind"); !kinds.empty()) where.add_in("kind", kinds);
  if (const auto controls = filters.values("control"); !controls.empty()) where.add_in("control", controls);
  where.add(" AND at >= ?", TRY(time_of(filters.one("from"), 0))).add(" AND at <= ?", TRY(time_of(filters.one("to"), INT64_MAX)));
  where.add_words(query.q, {"title", "detail"});
  return filters.finish();
}

}  // namespace

base::Result<HistoryPage> history_page(store::Session& session, const MachineRow& machine, const security::Query& query) {
  security::SqlText where(" WHERE machine_key = ?");
  where.add("", machine.key);
  TRY(add_history_filters(query, where));
  const std::size_t offset = TRY(security::offset_of(query));
  HistoryPage page;
  security::SqlText count("SELECT count(*) FROM host_history");
  page.total = TRY(count.add(where).integer(session));
  security::SqlText sql("SELECT at, kind, title, before, after, detail, control FROM host_history");
  sql.add(where).add(" ORDER BY id DESC LIMIT ?", static_cast<std::int64_t>(security::page_size(query)));
  sql.add(" OFFSET ?", static_cast<std::int64_t>(offset));
  TRY(sql.query(session, [&](const store::Row& row) {
    base::JsonObject out{{"at", time_or_nothing(row.integer(0))}, {"kind", row.text(1)}, {"title", row.text(2)}, {"before", row.text(3)}, {"after", row.text(4)}, {"detail", row.text(5)}};
    if (!row.text(6).empty()) out["control"] = row.text(6);
    page.rows.emplace_back(std::move(out));
  }));
  page.next = security::next_offset(offset, page.rows.size(), page.total);
  return page;
}

}  // namespace providers::hybrid_compute
