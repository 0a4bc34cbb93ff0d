// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_schema.hpp"

#include <fmt/format.h>

#include "store/jobs.hpp"

namespace store {

namespace {

// The version as a session sees it.
base::Result<int> version_in(Session& session, const std::filesystem::path& file) {
  const auto tables = TRY(query_integer(session, "SELECT count(*) FROM sqlite_master WHERE type = 'table'"));
  const auto ours =
      TRY(query_integer(session, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_versions'"));
  if (tables.value_or(0) == 0) return 0;
  if (ours.value_or(0) == 0)
    return base::fail(base::Kind::invalid_input,
                      fmt::format("{} is a database, but none of Bulwark's: name another file", file.string()));
  const auto version = TRY(query_integer(session, "SELECT max(version) FROM schema_versions"));
  return static_cast<int>(version.value_or(0));
}

base::Result<void> apply_step(SqliteConnection& connection, const Migration& step, const std::filesystem::path& file) {
  std::vector<std::function<void()>> none;
  return connection.transaction(
      [&](Session& session) -> base::Result<void> {
        if (TRY(version_in(session, file)) >= step.version) return {};  // another process was quicker
        TRY(session.run("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                        "applied_at INTEGER NOT NULL)"));
        TRY(connection.script(std::string(step.sql).c_str()));
        return session.run("INSERT INTO schema_versions (version, name, applied_at) VALUES (?, ?, ?)",
                           {std::int64_t{step.version}, step.name, now_ms()});
      },
      none);
}

}  // namespace

base::Result<int> schema_version(SqliteConnection& connection, const std::filesystem::path& file) {
  return version_in(connection, file);
}

base::Result<void> check_known_schema(int version, std::span<const Migration> steps, const std::filesystem::path& file) {
  const int known = steps.empty() ? 0 : steps.back().version;
  if (version <= known) return {};
  return base::fail(base::Kind::unsupported,
                    fmt::format("database {} has schema version {}, written by a newer Bulwark; this one knows versions up to "
                                "{}: start the newer Bulwark again, or restore the backup taken before the upgrade",
                                file.string(), version, known));
}

base::Result<void> migrate(SqliteConnection& connection, std::span<const Migration> steps, const std::filesystem::path& file) {
  const int version = TRY(schema_version(connection, file));
  TRY(check_known_schema(version, steps, file));
  for (const Migration& step : steps)
    if (step.version > version)
      TRY_CONTEXT(apply_step(connection, step, file), fmt::format("bringing the schema to version {} ({})", step.version, step.name));
  return {};
}

}  // namespace store
