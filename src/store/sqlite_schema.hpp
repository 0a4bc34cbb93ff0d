// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "store/migrations.hpp"
#include "store/sqlite_connection.hpp"

namespace store {

// The version of the last migration that was applied, 0 of an empty file. Kind::invalid_input where the file is somebody
// else's database. Changes nothing.
base::Result<int> schema_version(SqliteConnection& connection, const std::filesystem::path& file);

// Kind::unsupported where `version` is newer than the last of `steps`; the message names both and the mend.
base::Result<void> check_known_schema(int version, std::span<const Migration> steps, const std::filesystem::path& file);

// Applies what is missing, each step in one transaction, and writes it down in schema_versions. Safe where two processes
// start at once.
base::Result<void> migrate(SqliteConnection& connection, std::span<const Migration> steps, const std::filesystem::path& file);

}  // namespace store
