// SPDX-License-Identifier: Apache-2.0
// The syntax tree of a query: what stands in the text, before names have a meaning.
//
// All nodes belong to their Tree and live as long as it; pointers between them are never null unless a comment says so.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kql/syntax/literal.hpp"
#include "kql/syntax/source.hpp"

namespace kql {

struct Pipeline;
struct Statement;

struct Name {
  std::string text;  // without quotes and brackets; with '*' where the place takes a pattern
  Span span;
};

enum class ExpressionKind {
  error,     // could not be read; a diagnostic says so
  literal,   // value
  name,      // text; "$left", "$right" among them
  star,      // *, as in `* has "x"` and count(*)
  member,    // arguments[0] . text
  element,   // arguments[0] [ arguments[1] ]
  call,      // text(arguments…); for cluster("c").database("d") the receiver is in `receiver`
  named,     // text = arguments[0]: an argument with its name
  unary,     // text is "-" or "+"
  binary,    // arguments[0] text arguments[1]: arithmetic, comparisons and string operators
  logical,   // text is "and" or "or"; two or more arguments
  in_list,   // arguments[0] text (the others): in, !in, in~, !in~, has_any, has_all
  between,   // arguments[0] text ("between" or "!between") (arguments[1] .. arguments[2])
  type_of,   // typeof(type); `value.type`
  subquery   // a pipeline where a value or a table is expected
};

struct Expression {
  ExpressionKind kind = ExpressionKind::error;
  Span span;
  Span text_span;  // of the name or operator in `text`
  std::string text;
  Literal value;
  std::vector<Expression*> arguments;
  Expression* receiver = nullptr;  // null but for a call on another expression
  Pipeline* pipeline = nullptr;    // of a subquery; null else
};

// `a = x`, `(a, b) = x` or x alone, which has no names.
struct NamedExpression {
  std::vector<Name> names;
  Expression* value = nullptr;
};

// `kind=inner`, `hint.strategy=shuffle`, `ycolumns=a, b`. A bare word is an Expression of kind `name`.
struct Parameter {
  Name name;
  std::vector<Expression*> values;  // one, or more where the place takes a list
};

struct SortKey {
  NamedExpression key;
  bool ascending = false;
  std::optional<bool> nulls_first;  // nothing: as the order says
};

// A name with its type, or with columns where it is a table: (a:long, T:(b:string, *)).
struct Declaration {
  Name name;
  std::optional<Type> type;              // nothing for a table
  std::vector<Declaration> columns;      // of a table
  bool other_columns = false;            // `*`
  Expression* otherwise = nullptr;       // the default; null where there is none
};

using Declarations = std::vector<Declaration>;

// --- Operators. A field's comment gives the clause it holds. ---

struct Where {
  Expression* predicate;
  std::string name = {};  // before it, which means nothing
};
struct Project {
  enum class Mode { project, extend, distinct, serialize, print };
  Mode mode;
  std::vector<NamedExpression> columns;  // distinct * is one star
};
struct ProjectNames {  // project-away, project-keep: names may be patterns. project-by-names takes expressions
  enum class Mode { away, keep };
  Mode mode;
  std::vector<Name> names;
};
struct ProjectByNames { std::vector<Expression*> names; };
struct ProjectRename { std::vector<std::pair<Name, Name>> renames; };  // new name, old name
struct ProjectReorder {
  struct Item {
    Name name;
    enum class Order { as_is, ascending, descending, granny_ascending, granny_descending } order = Order::as_is;
  };
  std::vector<Item> items;
};
struct Summarize {
  std::vector<NamedExpression> aggregates;
  std::vector<NamedExpression> by;
};
struct Count { std::optional<Name> as; };
struct Take { Expression* rows; };
struct Sample { Expression* rows; };
struct SampleDistinct { Expression* rows; Expression* of; };
struct Sort { std::vector<SortKey> keys; };
struct Top { Expression* rows; SortKey by; };
struct TopHitters { Expression* rows; Expression* of; Expression* by; };  // by: null where it counts
struct TopNested {
  struct Level {
    Expression* rows;    // null: all
    NamedExpression of;
    Expression* others;  // with others = x; null where there is none
    NamedExpression by;
    bool ascending;
  };
  std::vector<Level> levels;
};
struct Join { bool lookup; Expression* right; std::vector<Expression*> on; };
struct Union { std::vector<Expression*> tables; };  // names may be patterns
struct MvExpand {
  struct Item {
    NamedExpression column;
    std::optional<Type> to;
  };
  std::vector<Item> items;
  Expression* limit;  // null where there is none
};
struct MvApply {
  std::vector<MvExpand::Item> items;
  Expression* limit;  // null where there is none
  Pipeline* on;
};
struct Parse {
  struct Piece {
    enum class Kind { text, column, skip } kind;
    Expression* text;                // of kind text; null else
    Name name;                       // of kind column
    std::optional<Type> type;
  };
  bool where;  // parse-where
  Expression* source;
  std::vector<Piece> pieces;
};
struct ParseKv { Expression* source; Declarations columns; std::vector<Parameter> with; };
struct MakeSeries {
  struct Series {
    NamedExpression aggregate;
    Expression* otherwise;  // default = x; null where there is none
  };
  std::vector<Series> series;
  NamedExpression on;
  Expression* from;  // null where there is none; so are `to` and `step`
  Expression* to;
  Expression* step;
  std::vector<NamedExpression> by;
  bool in_range = false;  // in range(from, to, step)
};
struct Range { Name column; Expression* from; Expression* to; Expression* step; };
struct Datatable { Declarations columns; std::vector<Expression*> values; };
struct ExternalData { Declarations columns; std::vector<Expression*> addresses; std::vector<Parameter> with; };
struct Search { std::vector<Expression*> tables; Expression* predicate; };
struct Find {
  struct Column {
    Expression* value;  // a column, or pack(*)
    std::optional<Type> type;
  };
  std::vector<Expression*> tables;
  Expression* predicate;
  bool smart = false;             // project-smart
  std::vector<Column> columns;    // project …
  std::vector<Name> away;         // project-away …
};
struct Evaluate {
  Expression* call;
  std::optional<Declarations> schema;  // : (a:long, …)
  bool keeps_columns = false;          // : (*, a:long, …)
};
struct Invoke { Expression* call; };
struct As { Name name; };
struct Scan {
  struct Step {
    Name name;
    bool optional = false;
    std::string output;  // "all", "last", "none"; empty where nothing is said
    Expression* condition;
    std::vector<std::pair<Name, Expression*>> assignments;
  };
  std::vector<SortKey> order;       // order by …
  std::vector<NamedExpression> partition;
  Declarations declare;
  std::vector<Step> steps;
};
struct Partition { Expression* by; Pipeline* query; bool braces; };  // by x { T | … }: the subquery has a source of its own
struct Fork {
  struct Branch {
    std::optional<Name> name;
    Pipeline* query;
  };
  std::vector<Branch> branches;
};
struct Facet { std::vector<Expression*> by; Pipeline* with; };  // with: null where there is none
struct Render { std::string visualization; std::vector<Parameter> with; };
struct Reduce { Expression* by; std::vector<Parameter> with; };
// make-graph source --> target with T on id, U on id; or with_node_id=name. Then: partitioned-by column ( … )
struct MakeGraph {
  struct Nodes {
    Expression* table;
    Name key;
  };
  Name source, target;  // columns of the edges
  std::vector<Nodes> nodes;
  std::optional<Name> node_id;
  std::optional<Name> part;       // partitioned-by: a column that edges and nodes have
  Pipeline* of_part = nullptr;    // what is asked of the graph of each of its values; null without `part`
};
// (a)-[e]->(b)-[f*1..3]-(c)
struct GraphPattern {
  struct Edge {
    enum class Direction { forward, backward, any } direction = Direction::any;
    std::optional<Name> name;
    Expression* least = nullptr;  // of an edge of variable length; null else, and so is `most`
    Expression* most = nullptr;
  };
  std::vector<std::optional<Name>> nodes;
  std::vector<Edge> edges;  // each between two nodes that stand side by side
};
struct GraphMatch {
  bool shortest;  // graph-shortest-paths
  std::vector<Parameter> parameters;
  std::vector<GraphPattern> patterns;
  Expression* predicate = nullptr;  // where …; null where there is none
  std::vector<NamedExpression> columns;
};
struct GraphToTable {
  struct Part {
    bool nodes;
    std::optional<Name> as;
    std::vector<Parameter> ids;  // with_node_id, with_source_id, with_target_id
  };
  std::vector<Part> parts;
};
struct GraphMarkComponents { std::vector<Parameter> parameters; };
struct GraphWhere { bool nodes; Expression* predicate; };
struct GetSchema {};
struct Consume {};
struct AssertSchema { Declarations columns; };
// Read as far as its end and no further: the binder refuses it by name.
struct Unsupported { std::string name; };

using OperatorBody =
    std::variant<Where, Project, ProjectNames, ProjectByNames, ProjectRename, ProjectReorder, Summarize, Count, Take, Sample,
                 SampleDistinct, Sort, Top, TopHitters, TopNested, Join, Union, MvExpand, MvApply, Parse, ParseKv, MakeSeries, Range,
                 Datatable, ExternalData, Search, Find, Evaluate, Invoke, As, Scan, Partition, Fork, Facet, Render, Reduce, GetSchema,
                 Consume, AssertSchema, MakeGraph, GraphMatch, GraphToTable, GraphMarkComponents, GraphWhere, Unsupported>;

struct Operator {
  Span span;       // of the whole operator
  Span keyword;    // of its name
  std::vector<Parameter> parameters;
  OperatorBody body;
};

// source | operator | operator … A subquery of mv-apply, partition and fork may begin with an operator; and so does
// a query of `print`, `range`, `union` … Then there is no source.
struct Pipeline {
  Span span;
  Expression* source = nullptr;  // null: the first operator makes the rows, or takes those of the query around it
  std::vector<Operator> operators;
};

struct FunctionBody {
  bool view = false;
  Declarations parameters;
  std::vector<Statement> statements;
  Pipeline* result = nullptr;  // null where the body has statements alone, which has been reported
};

struct Let {
  Name name;
  Pipeline* value = nullptr;               // a value or a table; null for a function
  std::unique_ptr<FunctionBody> function;  // null for a value
};
struct SetOption { Name name; Expression* value; };  // value: null where there is none
struct QueryParameters { Declarations parameters; };
struct Alias { Name name; Expression* value; };
// restrict access to (T, V*, F())
struct Restrict { std::vector<Expression*> entities; };
// declare pattern P = (a:string, b:string)[path:string] { ("x", "y").["p"] = { … }; …}; without a case where nothing is
// defined.
struct DeclaredPattern {
  struct Case {
    std::vector<Expression*> values;
    Expression* path = nullptr;  // null where there is none
    std::unique_ptr<FunctionBody> body;
  };
  Name name;
  Declarations arguments;
  std::optional<Declaration> path;
  std::vector<Case> cases;
};

struct Statement {
  Span span;
  std::variant<Let, SetOption, QueryParameters, Alias, Restrict, std::unique_ptr<DeclaredPattern>, Pipeline*> body;
};

struct Tree {
  std::vector<Statement> statements;
  std::deque<Expression> expressions;
  std::deque<Pipeline> pipelines;
};

}  // namespace kql
