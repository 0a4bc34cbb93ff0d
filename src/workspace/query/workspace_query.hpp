// SPDX-License-Identifier: Apache-2.0
// Queries of workspaces: bound against their tables, answered by the engine where it has the exact answer and by the
// evaluator where it has not.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "workspace/ingest/table_catalog.hpp"
#include "workspace/query_service.hpp"

namespace workspace {

class WorkspaceQuery final : public QueryService {
 public:
  // Both outlive it.
  WorkspaceQuery(SqlEngine& engine, const TableCatalog& catalog) : engine_(engine), catalog_(catalog) {}

  tl::expected<QueryOutcome, QueryFailure> run(const QueryRequest& request) override;
  base::Result<std::vector<QueryDiagnostic>> check(const QueryRequest& request) override;
  base::Result<void> cancel(std::string_view query_id) override;
  base::Result<std::vector<model::TableSchema>> schema(const WorkspaceRef& workspace) override;

 private:
  class Running;  // a query under its id, for as long as it runs

  SqlEngine& engine_;
  const TableCatalog& catalog_;
  std::mutex mutex_;  // guards the one below
  std::multimap<std::string, std::shared_ptr<std::atomic<bool>>, std::less<>> running_;
};

}  // namespace workspace
