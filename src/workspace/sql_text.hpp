// SPDX-License-Identifier: Apache-2.0
// ClickHouse SQL that both engines send: settings, inserts, and what is checked before it is sent.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "workspace/sql_engine.hpp"

namespace workspace {

using EngineSettings = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view kQueryIdSetting = "log_comment";

// The settings of a query's session, readonly=1 the last of them; kQueryIdSetting carries its id. Kind::invalid_input where
// the id or the name of a setting has letters that may not stand in one.
base::Result<EngineSettings> query_settings(const SqlQuery& query);

// "INSERT INTO … FORMAT JSONEachRow", behind which the rows stand. Kind::invalid_input where the token has letters that
// may not stand in one, or where the rows hold an empty line: behind one the embedded engine takes the rest for a statement.
base::Result<std::string> insert_statement(const RowBatch& batch);

// KILL QUERY for the queries of an id. ASYNC, since SYNC never returns from the embedded engine.
base::Result<std::string> kill_statement(std::string_view query_id, std::string_view cluster = {});

}  // namespace workspace
