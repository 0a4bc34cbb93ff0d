// SPDX-License-Identifier: Apache-2.0
// Workspaces kept by the embedded engine in the hub's data directory: "workspace/engine" has the rows, "workspace/spool" what
// is on its way to them, "workspace/tables" the custom tables.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "hub/logs/workspace_parts.hpp"

namespace hub {

// The engine itself is opened when the first row is written or the first query is asked: until then it takes no memory.
// Without the engine's library the parts of parts_without_engine. `specs` outlives them.
base::Result<std::shared_ptr<WorkspaceParts>> open_embedded_workspaces(const std::filesystem::path& data_dir, const workspace::TableSpecs& specs);

}  // namespace hub
