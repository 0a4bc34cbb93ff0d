// SPDX-License-Identifier: Apache-2.0
#include "store/records.hpp"

#include <fmt/format.h>

#include "base/time.hpp"

namespace store {

base::Result<void> queue_record(Session& session, std::string_view table, const base::JsonObject& row) {
  const std::string text = base::to_text(row);
  return session.run("INSERT INTO records (table_name, row) VALUES (?, ?)", {table, std::string_view(text)});
}

base::Result<std::vector<QueuedRecord>> queued_records(Session& session, std::size_t most) {
  std::vector<QueuedRecord> out;
  TRY(session.query("SELECT id, table_name, row FROM records ORDER BY id LIMIT ?", {static_cast<std::int64_t>(most)},
                    [&](const Row& row) { out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))}); }));
  return out;
}

base::Result<void> drop_records(Session& session, std::int64_t up_to_id) {
  return session.run("DELETE FROM records WHERE id <= ?", {up_to_id});
}

base::Result<std::int64_t> record_mark(Session& session, std::string_view source) {
  return TRY(query_integer(session, "SELECT last_id FROM record_marks WHERE source = ?", {source})).value_or(0);
}

base::Result<void> set_record_mark(Session& session, std::string_view source, std::int64_t id) {
  return session.run("INSERT INTO record_marks (source, last_id) VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET last_id = excluded.last_id",
                     {source, id});
}

std::string record_time(Millis time) {
  std::string text = base::format_time(base::Seconds(std::chrono::seconds(time / 1000)));  // "…:05Z"
  text.pop_back();
  return fmt::format("{}.{:03}Z", text, time % 1000);
}

}  // namespace store
