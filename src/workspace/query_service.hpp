// SPDX-License-Identifier: Apache-2.0
// The seam between those who ask a workspace (query APIs, alert rules, pages) and the engine that answers KQL.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "model/value_table.hpp"
#include "workspace/sql_engine.hpp"

namespace workspace {

// A workspace as a query needs it. Who may read it was asked before one of these was made.
struct WorkspaceRef {
  std::string id;           // customerId: a GUID in lower case; names the workspace's database
  std::string resource_id;  // ARM id as written
  std::string name;

  friend bool operator==(const WorkspaceRef& left, const WorkspaceRef& right) { return left.id == right.id; }
};

// Of TimeGenerated, in ticks of a datetime (model/value_table.hpp): begin <= TimeGenerated <= end.
struct TimeRange {
  std::int64_t begin = 0, end = 0;
};

// A function that a user saved in a workspace: a name that queries use like a table or call.
struct StoredFunction {
  std::string name;
  std::string parameters;  // as they stand between the parentheses of a let statement: "limit:long=10"; may be empty
  std::string text;        // the query that is its body
};

struct QueryRequest {
  std::string text;
  std::optional<TimeRange> timespan;     // nothing: no limit but the query's own
  std::vector<WorkspaceRef> workspaces;  // at least one; a table is the union of those of all of them
  std::string id;                        // to cancel it by; 1 to 64 letters, digits, '-', '_'
  QueryLimits limits;
  std::string resource_key;               // rows of this resource and those below alone (_ResourceId); empty: all
  std::vector<StoredFunction> functions;  // of the workspaces

  // Whether the asker may read a table of a workspace; empty: every table. A table that may not be read is as if it was
  // not there.
  std::function<bool(const WorkspaceRef&, std::string_view table)> may_read;
  // What `workspace("…")` names: a name, a customerId or an ARM id. Nothing where there is none that the asker may query.
  std::function<std::optional<WorkspaceRef>(std::string_view name)> find_workspace;
};

// Counted from 1; columns in Unicode code points.
struct TextPosition {
  int line = 1;
  int column = 1;
};

struct QueryDiagnostic {
  enum class Kind { syntax, semantic };
  Kind kind = Kind::semantic;
  TextPosition start, end;
  std::string message;     // one sentence, safe to show
  std::string suggestion;  // what to write instead; may be empty
  std::string token;       // the offending text; may be empty
};

// Why a query gave nothing. `diagnostics` has at least one where the text of the query is at fault; error.kind is then
// invalid_input. Limits are Kind::too_large, a timeout is Kind::unavailable, somebody's cancelling Kind::cancelled.
struct QueryFailure {
  base::Error error;
  std::vector<QueryDiagnostic> diagnostics;
};

// `| render timechart with (title="x")`: a wish, which the rows do not know of.
struct Render {
  std::string visualization;    // "timechart"
  base::JsonObject properties;  // of `with`, and what the hub adds: names as Kusto writes them ("xcolumn", "title")
};

struct QueryOutcome {
  struct Table {
    std::string name;  // "PrimaryResult"; further ones of `fork` and `facet` have the names given there
    model::ValueTable rows;
  };
  struct Source {
    WorkspaceRef workspace;
    std::vector<std::string> tables;  // by name
  };
  std::vector<Table> tables;
  std::vector<Source> sources;  // what the query names of each workspace
  std::optional<Render> render;
  QueryStatistics statistics;
  std::optional<base::Error> partial;  // the rows are good and not all: a limit of rows or bytes was reached
};

// Thread-safe; calls run beside one another.
class QueryService {
 public:
  virtual ~QueryService() = default;

  virtual tl::expected<QueryOutcome, QueryFailure> run(const QueryRequest& request) = 0;

  // What is wrong with the text, nothing being run; empty: it can be run. Takes milliseconds.
  virtual base::Result<std::vector<QueryDiagnostic>> check(const QueryRequest& request) = 0;

  // Ends the query of this id, soon; success where there is none.
  virtual base::Result<void> cancel(std::string_view query_id) = 0;

  // The tables of a workspace, custom ones too, by name.
  virtual base::Result<std::vector<model::TableSchema>> schema(const WorkspaceRef& workspace) = 0;
};

}  // namespace workspace
