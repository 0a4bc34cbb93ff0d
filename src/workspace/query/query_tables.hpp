// SPDX-License-Identifier: Apache-2.0
// The tables that one request sees.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kql/bind/binder.hpp"
#include "kql/sql/check_sql.hpp"
#include "kql/sql/sql_writer.hpp"
#include "workspace/query/workspace_query.hpp"

namespace workspace {

// A table is the union of those of its name in the workspaces that the asker may read; its columns are those of all.
class QueryTables {
 public:
  QueryTables(const QueryRequest& request, const WorkspaceQueryOptions& options);

  // Names, and stored functions of the request. Lives no longer than this.
  kql::Names names(const QueryRequest& request) const;
  kql::SqlNames sql_names() const;
  std::vector<kql::SqlTableName> allowed() const;

 private:
  struct Entry {
    model::TableSchema schema;
    kql::StoredTable stored;
  };
  void add(const TableSpec& table, const TablePlace& place);
  void complete(Entry& entry) const;

  std::map<std::string, Entry, std::less<>> tables_;
  std::map<std::string, std::vector<std::vector<std::string>>, std::less<>> columns_;  // of each part of a table
};

}  // namespace workspace
