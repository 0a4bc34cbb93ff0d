// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/streams.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::int64_t kStreamsKept = 16;  // of a machine, those heard last

}  // namespace

base::Result<StreamMark> load_mark(store::Session& session, const std::string& machine_key, const std::string& stream) {
  StreamMark out;
  TRY(session.query("SELECT last_sequence, gaps, lost FROM machine_streams WHERE machine_key = ? AND stream = ?", {std::string_view(machine_key), std::string_view(stream)},
                    [&](const store::Row& row) { out = {true, row.integer(0), row.integer(1), row.integer(2)}; }));
  return out;
}

base::Result<void> save_mark(store::Session& session, const std::string& machine_key, const std::string& stream, const StreamMark& mark, store::Millis now) {
  TRY(session.run("INSERT INTO machine_streams (machine_key, stream, last_sequence, gaps, lost, heard_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (machine_key, stream) DO UPDATE "
                  "SET last_sequence = excluded.last_sequence, gaps = excluded.gaps, lost = excluded.lost, heard_at = excluded.heard_at",
                  {std::string_view(machine_key), std::string_view(stream), mark.last, mark.gaps, mark.lost, now}));
  if (mark.known) return {};
  return session.run("DELETE FROM machine_streams WHERE machine_key = ? AND stream IN (SELECT stream FROM machine_streams WHERE machine_key = ? ORDER BY heard_at DESC, stream "
                     "LIMIT 1000 OFFSET ?)", {std::string_view(machine_key), std::string_view(machine_key), kStreamsKept});
}

}  // namespace providers::hybrid_compute
