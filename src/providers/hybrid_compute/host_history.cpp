// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/host_history.hpp"

#include <utility>
#include <vector>

namespace providers::hybrid_compute {

namespace {

constexpr store::Millis kKeepHistory = 90LL * 24 * 3'600'000;
constexpr std::int64_t kRowsOfHost = 2'000;

}  // namespace

base::Result<void> add_history(store::Session& session, const std::string& machine_key, const HostChange& change, store::Millis at) {
  const auto text = [](const std::string& value) { return std::string_view(value); };
  return session.run("INSERT INTO host_history (machine_key, at, kind, title, before, after, detail, control) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                     {text(machine_key), at, change.kind, text(change.title), text(change.before), text(change.after), text(change.detail), text(change.control)});
}

base::Result<void> trim_history(store::Session& session, store::Millis now) {
  TRY(session.run("DELETE FROM host_history WHERE at < ?", {now - kKeepHistory}));
  std::vector<std::string> long_ones;
  TRY(session.query("SELECT machine_key FROM host_history GROUP BY machine_key HAVING count(*) > ?", {kRowsOfHost},
                    [&](const store::Row& row) { long_ones.emplace_back(row.text(0)); }));
  for (const std::string& key : long_ones)
    TRY(session.run("DELETE FROM host_history WHERE machine_key = ? AND id <= (SELECT id FROM host_history WHERE machine_key = ? ORDER BY id DESC "
                    "LIMIT 1 OFFSET ?)", {std::string_view(key), std::string_view(key), kRowsOfHost}));
  return {};
}

}  // namespace providers::hybrid_compute
