// SPDX-License-Identifier: Apache-2.0
// Queries of the records in a hub's data directory, with no hub running.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <tl/expected.hpp>

#include "base/result.hpp"
#include "workspace/query_service.hpp"

namespace hub {

// Keeps the directory locked against a hub until its end. Standard input is empty from its beginning on, unless it is a terminal.
class OfflineWorkspace {
 public:
  // `name`: of a workspace, its customerId or ARM id; empty where there is one alone. Records that a hub took in and had not yet
  // brought into their tables are brought there first. Kind::conflict: a hub runs there; Kind::denied: the directory is
  // somebody else's; Kind::not_found: no such directory or workspace, or no engine.
  static base::Result<std::unique_ptr<OfflineWorkspace>> open(const std::filesystem::path& data_dir, std::string_view name);
  virtual ~OfflineWorkspace() = default;

  // As whoever may read everything. `timespan` in ISO 8601, or empty.
  virtual tl::expected<workspace::QueryOutcome, workspace::QueryFailure> query(std::string_view text, std::string_view timespan) = 0;
  virtual void cancel() = 0;  // ends the query that runs, soon; on any thread
};

}  // namespace hub
