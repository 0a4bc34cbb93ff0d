// SPDX-License-Identifier: Apache-2.0
// Rows that are deleted before their time. The engine does it in the background, writing anew what has such rows, and goes on
// after a restart of its own.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "workspace/ddl.hpp"

namespace workspace {

// One condition on the rows, as Azure's workspace purge has it; operators mean what they do in KQL.
struct PurgeFilter {
  std::string column;
  std::string comparison;  // ==, =~, in, in~, >, >=, <, <=, between
  base::Json value;        // of `in` and `in~` a list, of `between` a list of two
  std::string key;         // the member of a dynamic column; empty: the column itself
};

struct Purge {
  std::string id;                    // tells it from others: letters, digits and '-'
  std::vector<PurgeFilter> filters;  // rows go for which all of them hold
};

inline constexpr std::size_t kMostPurgeFilters = 50;
inline constexpr std::size_t kMostPurgeValues = 5'000;  // of one filter

// The SQL of what the rows to be deleted have. Kind::invalid_input names what is wrong: "filters[0].column: …".
base::Result<std::string> purge_condition_sql(const TableSpec& table, std::span<const PurgeFilter> filters);

struct PurgeState {
  bool begun = false;   // the engine has it
  bool done = false;    // the rows are gone
  std::string trouble;  // why the engine does not get on; it tries again by itself
};
base::Result<PurgeState> purge_state(SqlEngine& engine, std::string_view table, const TablePlace& place, std::string_view id);

// The table is made where it is missing.
base::Result<void> begin_purge(SqlEngine& engine, const TableSpec& table, const TablePlace& place, const Purge& purge);

// Waits for one that was begun; false where it takes longer. Kind::unavailable says what keeps the engine from it.
base::Result<bool> wait_for_purge(SqlEngine& engine, std::string_view table, const TablePlace& place, std::string_view id, std::chrono::milliseconds most);

}  // namespace workspace
