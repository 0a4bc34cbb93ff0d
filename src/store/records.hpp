// SPDX-License-Identifier: Apache-2.0
// Records of what changed, on their way to the workspace: queued in the transaction of the change itself, so that there is
// one for each change that is committed and for no other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace store {

struct QueuedRecord {
  std::int64_t id = 0;  // grows
  std::string table;    // "SecurityRecommendation"
  std::string row;      // a JSON object whose members are named after the table's columns
};

base::Result<void> queue_record(Session& session, std::string_view table, const base::JsonObject& row);
base::Result<std::vector<QueuedRecord>> queued_records(Session& session, std::size_t most);  // the oldest ones, by id
base::Result<void> drop_records(Session& session, std::int64_t up_to_id);

// How far a source whose rows stay (activity, resolved findings) has been recorded: the id of the last row.
base::Result<std::int64_t> record_mark(Session& session, std::string_view source);  // 0 where nothing was
base::Result<void> set_record_mark(Session& session, std::string_view source, std::int64_t id);

std::string record_time(Millis time);  // "2026-01-02T03:04:05.678Z"

}  // namespace store
