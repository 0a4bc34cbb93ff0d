// SPDX-License-Identifier: Apache-2.0
// The tokens of inserts that the embedded engine remembers, put right after a process was killed.
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/result.hpp"

namespace workspace {

// The engine writes a token into <table>/deduplication_logs before it gives the part its name: where a process is killed between the
// two, the rows are not there, and the engine would pass over them for ever when they are sent again. Takes such lines away: those of
// parts that neither stand in the table's folder nor were merged into one that does. For the folder of an engine that is not open.
// Answers how many lines were taken away.
base::Result<std::size_t> forget_lost_inserts(const std::filesystem::path& engine_folder);

}  // namespace workspace
