// SPDX-License-Identifier: Apache-2.0
// The tables that a query sees: those of its workspaces that may be read, one of a name for all of them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kql/bind/binder.hpp"
#include "kql/sql/check_sql.hpp"
#include "kql/sql/sql_writer.hpp"
#include "workspace/ingest/table_catalog.hpp"
#include "workspace/query_service.hpp"

namespace workspace {

class QueryTables {
 public:
  QueryTables(const QueryRequest& request, const TableCatalog& catalog);

  kql::Names names(const QueryRequest& request) const;  // both outlive it
  kql::SqlNames sql_names() const;
  std::vector<kql::SqlTableName> readable() const;

 private:
  struct Table {
    model::TableSchema schema;
    kql::StoredTable stored;
  };
  void add(const WorkspaceRef& workspace, const TableSpec& spec);
  std::map<std::string, Table, std::less<>> tables_;
};

}  // namespace workspace
