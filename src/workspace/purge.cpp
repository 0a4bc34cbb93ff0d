// SPDX-License-Identifier: Apache-2.0
#include "workspace/purge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/text.hpp"
#include "kql/sql/check_sql.hpp"
#include "workspace/purge_filter.hpp"
#include "workspace/sql_text.hpp"

namespace workspace {

namespace {

constexpr std::size_t kLongestCondition = 200'000;  // bytes: the engine reads statements of 256 KiB
constexpr std::chrono::milliseconds kFirstLook{20}, kLongestLook{500};

base::Result<std::string> all_filters_sql(const TableSpec& table, std::span<const PurgeFilter> filters, std::string_view rows) {
  std::vector<std::string> conditions;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    conditions.push_back(TRY(filter_sql(table, filters[i], fmt::format("filters[{}]", i), rows)));
    bytes += conditions.back().size();
    if (bytes > kLongestCondition)
      return base::fail(base::Kind::invalid_input, "filters: they have more values than one purge takes; send the values in several purges");
  }
  return base::join(conditions, " AND ");
}

}  // namespace

base::Result<std::string> purge_condition_sql(const TableSpec& table, std::span<const PurgeFilter> filters) {
  if (filters.empty() || filters.size() > kMostPurgeFilters)
    return base::fail(base::Kind::invalid_input, fmt::format("filters must be a list of 1 to {} filters", kMostPurgeFilters));
  // What only deletes rows passes the wall of what only reads them.
  const std::string read = fmt::format("SELECT count() FROM `w`.`T` AS t1 WHERE {}", TRY(all_filters_sql(table, filters, "t1.")));
  TRY(kql::check_sql(read, {{"w", "T"}}));
  return all_filters_sql(table, filters, {});
}

base::Result<PurgeState> purge_state(SqlEngine& engine, std::string_view table, const TablePlace& place, std::string_view id) {
  const std::string mutations = place.cluster.empty() ? "system.mutations" : fmt::format("clusterAllReplicas({}, 'system', 'mutations')", quote_text(place.cluster));
  SqlQuery query;
  query.sql = fmt::format("SELECT toInt64(count()), toInt64(countIf(NOT is_done)), maxIf(latest_fail_reason, NOT is_done) FROM {} "
                          "WHERE database = {} AND table = {} AND position(command, {}) > 0",
                          mutations, quote_text(place.database), quote_text(stored_table_name(table, place)), quote_text(id));
  const QueryAnswer answer = TRY(engine.query(query));
  const auto& columns = answer.table.columns;
  PurgeState out;
  out.begun = columns[0].integer(0) > 0;
  out.done = out.begun && columns[1].integer(0) == 0;
  out.trouble = columns[2].text(0);
  return out;
}

base::Result<void> begin_purge(SqlEngine& engine, const TableSpec& table, const TablePlace& place, const Purge& purge) {
  const std::string condition = TRY(purge_condition_sql(table, purge.filters));
  // A request may have said more of its retention than this specification does.
  TRY(set_up_table(engine, table, place, Retention::of_table));
  // The id is found again in what the engine keeps of the statement.
  return engine.execute(delete_rows_sql(table.schema.name, place, fmt::format("{} AND {} != ''", condition, quote_text(purge.id))));
}

base::Result<bool> wait_for_purge(SqlEngine& engine, std::string_view table, const TablePlace& place, std::string_view id, std::chrono::milliseconds most) {
  const auto until = std::chrono::steady_clock::now() + most;
  for (auto pause = kFirstLook;; pause = std::min(2 * pause, kLongestLook)) {
    const PurgeState state = TRY(purge_state(engine, table, place, id));
    if (state.done) return true;
    if (std::chrono::steady_clock::now() + pause < until) {
      std::this_thread::sleep_for(pause);
      continue;
    }
    if (state.trouble.empty()) return false;
    return base::fail(base::Kind::unavailable, fmt::format("the engine does not get on with the purge of {}: {}", table, base::printable(state.trouble)));
  }
}

}  // namespace workspace
