// SPDX-License-Identifier: Apache-2.0
// Workspaces whose rows are kept by the embedded engine, or by a ClickHouse server. Either way the hub's data directory has
// "workspace/spool", what is on its way to them, and "workspace/tables", the custom tables.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "hub/logs/workspace_parts.hpp"
#include "workspace/http_engine.hpp"

namespace hub {

// Rows in "workspace/engine". The engine itself is opened when the first row is written or the first query is asked: until
// then it takes no memory. Without the engine's library the parts of parts_without_engine. `specs` outlives them.
base::Result<std::shared_ptr<WorkspaceParts>> open_embedded_workspaces(const std::filesystem::path& data_dir, const workspace::TableSpecs& specs);

struct ClickhouseServer {
  workspace::HttpEngineOptions http;
  std::string ca_file;  // PEM added to the system's; empty: the system's alone
};

// Rows on a server or cluster. It may be away at the start and later: rows wait in the spool meanwhile.
base::Result<std::shared_ptr<WorkspaceParts>> open_clickhouse_workspaces(const std::filesystem::path& data_dir, const workspace::TableSpecs& specs,
                                                                         const ClickhouseServer& server);

}  // namespace hub
