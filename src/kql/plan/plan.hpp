// SPDX-License-Identifier: Apache-2.0
// The bound plan of a query: names have become columns and functions, every expression has a type, and KQL's forty
// operators are a dozen kinds of relations. It knows no engine. Nodes are shared and never change.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kql/key_values.hpp"
#include "kql/syntax/source.hpp"
#include "kql/value.hpp"

namespace kql {

struct Function;   // functions/function.hpp
struct Aggregate;  // functions/aggregate.hpp
struct Plugin;     // functions/plugin.hpp

struct Scalar;
struct Relation;
using ScalarPtr = std::shared_ptr<const Scalar>;
using RelationPtr = std::shared_ptr<const Relation>;

struct Literally { Value value; };
struct ColumnOf { std::size_t index; };  // of the rows it is computed on
struct Call {
  const Function* function;
  std::vector<ScalarPtr> arguments;
};

struct Scalar {
  Type type = Type::string;
  std::variant<Literally, ColumnOf, Call> node;
  Span span;  // in the query's text
};

// --- Relations ---

struct TableRows { std::string table; };  // a stored table; the schema is its columns
struct ValueRows { std::shared_ptr<const std::vector<Row>> rows; };
struct RangeRows { Value from, to, step; };  // one column of the schema's type
struct OuterRows { int id; };                // within Apply and Partition: the rows they give their subplan
struct FilterRows { RelationPtr input; ScalarPtr predicate; };
struct ProjectRows { RelationPtr input; std::vector<ScalarPtr> columns; };
struct AggregateCall {
  const Aggregate* aggregate;
  std::vector<ScalarPtr> arguments;  // on the input's rows
  std::size_t columns = 1;           // that it adds to the schema
};
// One row for each different tuple of keys, and one for no row at all where there are no keys. Schema: keys, aggregates.
struct AggregateRows { RelationPtr input; std::vector<ScalarPtr> keys; std::vector<AggregateCall> calls; };
struct SortBy { ScalarPtr key; bool ascending; bool nulls_first; };
struct SortRows { RelationPtr input; std::vector<SortBy> keys; };  // stable
struct LimitRows { RelationPtr input; std::uint64_t count; };
struct SampleRows { RelationPtr input; std::uint64_t count; };
enum class JoinKind { inner, inner_unique, left_outer, right_outer, full_outer, left_semi, right_semi, left_anti, right_anti };
// Schema: the left columns, then the right ones that `right_columns` names; semi and anti joins have one side's alone.
struct JoinRows {
  RelationPtr left, right;
  JoinKind kind;
  std::vector<std::pair<ScalarPtr, ScalarPtr>> keys;  // of one type each; on the left and on the right rows
  std::vector<std::size_t> right_columns;
};
struct UnionRows { std::vector<RelationPtr> inputs; };  // of one schema
// mv-expand: a row for each element, columns side by side, padded with null. A null is one element, an empty array or
// bag none. Schema: the input's columns, with those named replaced or added behind, then the index of the element.
struct ExpandRows {
  struct Item {
    ScalarPtr source;     // dynamic
    std::size_t column;   // of the schema
    std::optional<Type> to;
  };
  RelationPtr input;
  std::vector<Item> items;
  std::optional<std::size_t> index_column;
  bool bags_as_arrays = false;  // kind=array: a bag's members are [key, value], else bags of one member
  std::uint64_t limit = 0;      // of elements of one row
};
// mv-apply: the subplan, which expands its outer rows first, runs on each row alone; the row's columns of `kept` stand
// before what it makes.
struct ApplyRows { RelationPtr input; RelationPtr subplan; int outer; std::vector<std::size_t> kept; };
// The subplan runs on the rows of each value of the key.
struct PartitionRows { RelationPtr input; ScalarPtr key; RelationPtr subplan; int outer; };
// parse: RE2 with a group for each column; the schema is the input's with those columns replaced or added behind.
struct ParseRows {
  struct Capture {
    std::size_t column;  // of the schema
    int group;
  };
  RelationPtr input;
  ScalarPtr source;      // string
  std::string pattern;
  std::vector<Capture> captures;
  bool drop_unmatched = false;  // parse-where
  bool relaxed = false;         // a column that does not convert is null; else nothing of the row is taken
};
// parse-kv: the values of the columns' names, of the first place where each stands (kql/key_values.hpp).
struct ParseKvRows {
  RelationPtr input;
  ScalarPtr source;                  // string
  std::vector<std::size_t> columns;  // of the schema; their names are the keys
  KeyValueRules rules;
};
// make-series, on a row for each group and bin: the keys, the bin, then the values. Schema: the keys, an array of each
// value, the array of the bins.
struct MakeSeriesRows {
  RelationPtr input;
  std::size_t keys = 0;          // columns of the key; the bin stands behind them
  std::vector<Value> otherwise;  // dynamic: an element of each array where the bin has no row
  Value from, to, step;          // null: from the group's rows. `from` begins the first bin; the last begins before `to`
  bool inclusive = false;        // in range(from, to, step): a bin may begin at `to`
  bool nonempty = false;         // without any row there is one of defaults
};
// Rows of the schema without the match's number. Expressions are on the row, then on the row that each step holds.
struct ScanRows {
  struct Step {
    bool optional = false;
    enum class Output { all, last, none } output = Output::all;
    ScalarPtr condition;
    std::vector<std::pair<std::size_t, ScalarPtr>> assigned;  // column of the row
  };
  RelationPtr input;
  std::vector<Value> defaults;  // of the declared columns, which stand behind the input's
  std::vector<Step> steps;
  bool with_match_id = false;   // the schema's last column
};
// A row for the best values of each level's key, within those of the level before it. Schema: each level's key and order.
struct TopNestedRows {
  struct Level {
    std::optional<std::uint64_t> count;  // nothing: all
    ScalarPtr key;
    std::vector<AggregateCall> calls;
    std::vector<Column> made;            // what the calls make
    ScalarPtr order;                     // on what the calls make
    bool ascending = false;
    std::optional<Value> others;         // the key of one more row for what is left
  };
  RelationPtr input;
  std::vector<Level> levels;
};
struct PluginArgument {
  std::string parameter;  // of the plugin that it is given for
  std::string name;       // of its own, where the query gives one
  ScalarPtr value;        // on the input's rows; a key's on those of the second table
};
struct PluginRows {
  RelationPtr input;
  const Plugin* plugin;
  std::vector<PluginArgument> arguments;
  RelationPtr second;  // null where the plugin takes one table
};
struct SharedRows { RelationPtr input; };  // materialize(): computed once

// A graph, which is no table: only graph operators take it. The schema is the columns of its edges; a node that no table
// has holds nothing but its id.
struct GraphRows {
  struct Nodes {
    RelationPtr rows;
    std::size_t key;                   // a column of them
    std::vector<std::size_t> columns;  // of the graph's nodes, for each of theirs
    std::optional<std::size_t> part;   // a column of them: those alone whose value is the edges'
  };
  struct Change {
    enum class Kind { keep_nodes, keep_edges, mark_weak_components, mark_strong_components } kind;
    ScalarPtr condition;  // of the first two: on a node's columns and its facts, or on an edge's columns
  };
  RelationPtr input;  // the edges
  std::size_t source = 0, target = 0;
  Type id_type = Type::string;
  std::optional<std::size_t> part;       // partitioned-by: a column of the edges, of one value in all of them
  std::vector<Nodes> nodes;
  std::optional<std::size_t> id_column;  // of the nodes where no table gives them
  Schema node_columns;                   // of the tables or the id, then those that marks add
  std::vector<Change> changes;           // one after the other
};
// graph-match and graph-shortest-paths. A match is a row: for each node of the pattern its columns and its facts (in-degree,
// out-degree, id as text); for each edge of one step its columns; then the values of the folds.
struct GraphMatchRows {
  struct Edge {
    enum class Direction { forward, backward, any } direction = Direction::any;
    std::size_t from = 0, to = 0;              // nodes of the pattern
    std::uint32_t least = 1, most = 1;
    bool is_path = false;                      // of variable length
    std::size_t first = 0;                     // where its columns stand in the row, if it is no path
  };
  // What is asked of each edge of a path, or of each node within it: on the columns of an edge, or of a node with its facts.
  struct Fold {
    enum class Kind { all, any, map } kind;
    std::size_t edge;
    bool inner_nodes;
    ScalarPtr value;
  };
  enum class Cycles { unique_edges, none, all };
  enum class Shortest { no, any, all };        // of the paths between the first and the last node
  RelationPtr input;                           // a graph
  std::vector<std::size_t> nodes;              // where the columns of each stand in the row
  std::vector<Edge> edges;
  std::vector<Fold> folds;
  std::size_t first_fold = 0;                  // where their values stand in the row
  std::vector<ScalarPtr> conditions;           // all of them hold
  std::vector<ScalarPtr> columns;
  Cycles cycles = Cycles::unique_edges;
  Shortest shortest = Shortest::no;
};
// graph-to-table: the nodes or the edges, behind the hashes that are asked for: of a node; of an edge's source and target.
struct GraphTableRows {
  RelationPtr input;  // a graph
  bool nodes = false;
  bool node_hash = false, source_hash = false, target_hash = false;
};

struct Relation {
  Schema schema;
  std::variant<TableRows, ValueRows, RangeRows, OuterRows, FilterRows, ProjectRows, AggregateRows, SortRows, LimitRows, SampleRows, JoinRows,
               UnionRows, ExpandRows, ApplyRows, PartitionRows, ParseRows, ParseKvRows, MakeSeriesRows, ScanRows, TopNestedRows, PluginRows,
               SharedRows, GraphRows, GraphMatchRows, GraphTableRows>
      node;
  bool serialized = false;   // its rows have an order that means something
};

// --- What a query asks for ---

// render: how a client may draw the rows.
struct Visualization {
  std::string kind;                                               // "timechart"
  std::vector<std::pair<std::string, std::string>> properties;    // "title", "xcolumn", "ycolumns" …
};

struct BoundQuery {
  struct Answer {
    std::string name;  // "PrimaryResult"; of fork and facet the branch's
    RelationPtr rows;
  };
  std::vector<Answer> answers;  // one, or several of fork, facet and a batch; none after an error
  std::optional<Visualization> visualization;
};

}  // namespace kql
