// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/sqlite_connection.hpp"

namespace store {

// Copies what `source` (a connection to `file`, in no transaction) sees now to `target`: into a file beside it, synced,
// then renamed over it. Writers go on meanwhile. Kind::invalid_input where the target is the database itself.
base::Result<void> backup_sqlite(SqliteConnection& source, const std::filesystem::path& file,
                                 const std::filesystem::path& target);

}  // namespace store
