// SPDX-License-Identifier: Apache-2.0
// The embedded engine: libchdb.so in this process, its data in a folder of the hub's.
#pragma once

#include <filesystem>
#include <memory>

#include "workspace/sql_engine.hpp"

namespace workspace {

struct ChdbOptions {
  std::filesystem::path library;  // empty: find_chdb_library()
  std::filesystem::path folder;   // of the data; made where missing, 0700
  std::uint64_t memory_bytes = std::uint64_t{2} << 30;  // of all queries and merges together
};

// Opens the data: about 0.2 s and 180 MB of memory. A process has one such engine at a time, and always of the same folder:
// Kind::conflict otherwise. Standard input is empty from then on, unless it is a terminal: the engine would take what comes
// there for rows. The data of a process that was killed opens as it was after the last insert that returned.
base::Result<std::unique_ptr<SqlEngine>> open_chdb(const ChdbOptions& options);

}  // namespace workspace
