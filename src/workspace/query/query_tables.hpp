// SPDX-License-Identifier: Apache-2.0
// The tables that one request sees.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "kql/bind/binder.hpp"
#include "kql/sql/check_sql.hpp"
#include "kql/sql/sql_writer.hpp"
#include "workspace/query/workspace_query.hpp"

namespace workspace {

// A table is the union of those of its name in the workspaces that the asker may read; its columns are those of all. Tables of
// other workspaces come in as a query names them. Used by one thread; the request and the options outlive it.
class QueryTables {
 public:
  QueryTables(const QueryRequest& request, const WorkspaceQueryOptions& options);

  // Names, and stored functions of the request. Lives no longer than this.
  kql::Names names();
  kql::SqlNames sql_names() const;
  std::vector<kql::SqlTableName> allowed() const;
  // What stands behind names of a plan.
  std::vector<QueryOutcome::Source> sources(const std::set<std::string>& names) const;

 private:
  struct Entry {
    model::TableSchema schema;
    kql::StoredTable stored;
    std::vector<WorkspaceRef> workspaces;  // of each part
    std::string table;                     // as these call it
  };
  bool may_read(const WorkspaceRef& workspace, std::string_view table) const { return !request_.may_read || request_.may_read(workspace, table); }
  void add(const std::string& name, const TableSpec& table, const WorkspaceRef& workspace);
  void complete(Entry& entry) const;
  base::Result<const model::TableSchema*> find_elsewhere(std::string_view workspace, std::string_view name);

  const QueryRequest& request_;
  const WorkspaceQueryOptions& options_;
  std::map<std::string, Entry, std::less<>> tables_;
  std::map<std::string, std::vector<std::vector<std::string>>, std::less<>> columns_;  // of each part of a table
};

}  // namespace workspace
