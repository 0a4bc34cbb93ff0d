// SPDX-License-Identifier: Apache-2.0
// The binder. Its functions stand in bind_statements.cpp, bind_expressions.cpp, bind_calls.cpp, bind_columns.cpp and, by
// operator, bind_*_operators.cpp.
//
// After an error in an expression its value is `broken_`, which fits everywhere and reports nothing more.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "kql/bind/binder.hpp"
#include "kql/functions/aggregate.hpp"
#include "kql/functions/function.hpp"

namespace kql {

struct Environment;
struct PluginParameter;  // functions/plugin.hpp

struct BoundFunction {
  const FunctionBody* body;
  std::shared_ptr<const Environment> environment;  // where it was declared
};

struct BoundPattern {
  const DeclaredPattern* pattern;
  std::shared_ptr<const Environment> environment;  // where it was declared
};

// Whether an expression is a table of another place: workspace("…").Table.
bool is_elsewhere(const Expression& expression);

// What a name of `let`, of a parameter or of `as` stands for. A scalar is a literal, or an expression on the rows of
// `scope`: a parameter of a function that is called on columns.
struct Meaning {
  std::variant<ScalarPtr, RelationPtr, BoundFunction, BoundPattern> what;
  const void* scope = nullptr;
};

struct Environment {
  std::map<std::string, Meaning, std::less<>> names;
  std::shared_ptr<const Environment> outer;
  // restrict access: patterns of the tables, functions and patterns outside that are still seen.
  std::optional<std::vector<std::string>> visible;
  std::shared_ptr<const Environment> before;  // the one it was made of: others refer to what is in it
  bool of_function = false;  // the parameters of one: the names of its body stay apart from them

  // One more name within `outer`, which others may go on to use as it is. Names that are declared one after the other come
  // to stand together, twice as many in each environment further out, so that few are looked through for a name.
  static std::shared_ptr<Environment> with(std::shared_ptr<const Environment> outer, const std::string& name, Meaning meaning);

  const Meaning* find(std::string_view name) const;
  bool hides(std::string_view name) const;  // a table or a function of the workspace
};

// The pattern of graph-match whose match an expression is computed on; or a node of a path, where `match` is null.
struct GraphScope {
  struct Variable {
    bool is_node;
    std::size_t index;  // of the match's nodes or edges
  };
  const Schema* nodes = nullptr;
  const Schema* edges = nullptr;
  std::map<std::string, Variable, std::less<>> variables;
  GraphMatchRows* match = nullptr;  // takes the folds that are found
};

// Where the columns of a schema stand, by name: the first where several have one. The schema may grow meanwhile.
class ColumnPlaces {
 public:
  explicit ColumnPlaces(const Schema& schema) : schema_(schema) {}
  std::optional<std::size_t> find(std::string_view name);
  std::string unused(const std::string& name);  // the first of "x", "x1", "x2" … that no column has

 private:
  const Schema& schema_;
  std::size_t asked_ = 0;
  std::unordered_map<std::string, std::size_t> places_;  // of the first `known_` columns, once it was asked for many names
  std::size_t known_ = 0;
  std::unordered_map<std::string, int> numbered_;        // behind which numbers a name was taken
};

// The rows that an expression is computed on.
struct Scope {
  const Schema* columns = nullptr;
  const Schema* right = nullptr;  // of join: behind the left ones; $left and $right tell them apart
  // Of scan: where the columns of each step's state begin.
  std::map<std::string, std::size_t, std::less<>> steps;
  const Schema* step_columns = nullptr;
  bool serialized = false;
  bool open = false;    // more columns may come than are known
  bool hidden = false;  // within a function's body: its names alone are seen
  // Of search and find: the columns of all their tables, dynamic where these differ in its type. One that the rows do not
  // have is missing.
  const Schema* elsewhere = nullptr;
  const GraphScope* graph = nullptr;  // null elsewhere than in graph operators
  mutable std::shared_ptr<ColumnPlaces> places = nullptr;  // of `columns`, once a name was looked for

  std::optional<std::size_t> column(std::string_view name) const;  // of `columns`
};

// A column of what `find` gives: of the tables that have it with this type. With no name in them: a bag of the others.
struct FoundColumn {
  std::string name, source;
  Type type = Type::dynamic;
  bool converts = false;  // whatever type the table's column has
};

class Binder {
 public:
  Binder(std::string_view query, const BindOptions& options, Bound& out) : query_(query), options_(options), out_(out) {}
  void bind_query(const Tree& tree);

 private:
  // --- errors ---
  void report(Span span, std::string message, std::string suggestion = {});
  ScalarPtr broken() const { return broken_; }
  bool is_broken(const ScalarPtr& scalar) const { return scalar == broken_; }
  RelationPtr broken_rows() { return broken_rows_; }
  bool is_broken(const RelationPtr& rows) const { return rows == broken_rows_; }
  std::string text_of(Span span) const { return std::string(query_.substr(span.begin, span.end - span.begin)); }

  // --- statements ---
  void bind_statement(const Statement& statement);
  void bind_let(const Let& let);
  void bind_parameters(const QueryParameters& parameters);
  void bind_restriction(const Restrict& restrict);
  void bind_answers(const Pipeline& pipeline);
  void add_plugin_answers(const PluginRows& rows);  // of a plugin that gives several tables
  std::int64_t query_time();
  void limit_answers(std::size_t first);  // as `set query_take_max_records` says
  bool is_tabular(const Pipeline& pipeline);
  bool is_tabular(const Expression& expression);
  bool too_many_expressions();  // counts one more, and reports the first that is too many
  void declare(const Name& name, Meaning meaning);

  // --- tables and pipelines ---
  RelationPtr bind_pipeline(const Pipeline& pipeline, RelationPtr input = nullptr);
  RelationPtr bind_table(const Expression& expression);       // a name, a call, a subquery
  RelationPtr bind_table_name(std::string_view name, Span span);
  RelationPtr bind_table_call(const Expression& call);
  const BoundPattern* pattern_called(const Expression& expression) const;  // by P("x"), P("x").p or P("x").["p"]; null else
  RelationPtr bind_pattern(const BoundPattern& pattern, const Expression& expression);
  RelationPtr bind_fuzzy(const Expression& table);            // of union isfuzzy=true
  RelationPtr bind_table_elsewhere(const Expression& member, bool must_exist = true);
  RelationPtr stored_table(const model::TableSchema& schema);
  RelationPtr bind_operator(const Operator& op, RelationPtr input);
  bool is_called_by_name(const Expression& table) const;  // a stored table or a view
  std::string source_name(const Expression& table, std::string otherwise) const;  // in `withsource` and its like
  std::vector<std::string> tables_like(std::string_view pattern) const;
  std::variant<std::monostate, ScalarPtr, RelationPtr> call_function(const BoundFunction& function, const Expression& call, RelationPtr invoked);
  bool has_columns(const RelationPtr& rows, const Declaration& parameter, std::string_view function, Span span);
  const BoundFunction* stored_function(std::string_view name);
  bool gives_up() const;
  RelationPtr relation(Schema schema, decltype(Relation::node) node, bool serialized = false);
  std::optional<Table> run_now(const RelationPtr& rows, Span span);

  // --- operators: each takes the rows in front of it, and gives those behind it ---
  RelationPtr bind(const Where& where, const Operator& op, RelationPtr input);
  RelationPtr bind(const Project& project, const Operator& op, RelationPtr input);
  RelationPtr bind(const ProjectNames& project, const Operator& op, RelationPtr input);
  RelationPtr bind(const ProjectByNames& project, const Operator& op, RelationPtr input);
  RelationPtr bind(const ProjectRename& project, const Operator& op, RelationPtr input);
  RelationPtr bind(const ProjectReorder& project, const Operator& op, RelationPtr input);
  RelationPtr bind(const Summarize& summarize, const Operator& op, RelationPtr input);
  RelationPtr bind(const Count& count, const Operator& op, RelationPtr input);
  RelationPtr bind(const Take& take, const Operator& op, RelationPtr input);
  RelationPtr bind(const Sample& sample, const Operator& op, RelationPtr input);
  RelationPtr bind(const SampleDistinct& sample, const Operator& op, RelationPtr input);
  RelationPtr bind(const Sort& sort, const Operator& op, RelationPtr input);
  RelationPtr bind(const Top& top, const Operator& op, RelationPtr input);
  RelationPtr bind(const TopHitters& top, const Operator& op, RelationPtr input);
  RelationPtr bind(const TopNested& top, const Operator& op, RelationPtr input);
  RelationPtr bind(const Join& join, const Operator& op, RelationPtr input);
  RelationPtr bind(const Union& tables, const Operator& op, RelationPtr input);
  RelationPtr bind(const MvExpand& expand, const Operator& op, RelationPtr input);
  RelationPtr bind(const MvApply& apply, const Operator& op, RelationPtr input);
  RelationPtr bind(const Parse& parse, const Operator& op, RelationPtr input);
  RelationPtr bind(const ParseKv& parse, const Operator& op, RelationPtr input);
  RelationPtr bind(const MakeSeries& series, const Operator& op, RelationPtr input);
  RelationPtr bind(const Range& range, const Operator& op, RelationPtr input);
  RelationPtr bind(const Datatable& table, const Operator& op, RelationPtr input);
  RelationPtr bind(const ExternalData& data, const Operator& op, RelationPtr input);
  RelationPtr bind(const Search& search, const Operator& op, RelationPtr input);
  RelationPtr bind(const Find& find, const Operator& op, RelationPtr input);
  RelationPtr bind(const Evaluate& evaluate, const Operator& op, RelationPtr input);
  RelationPtr bind(const Invoke& invoke, const Operator& op, RelationPtr input);
  RelationPtr bind(const As& as, const Operator& op, RelationPtr input);
  RelationPtr bind(const Scan& scan, const Operator& op, RelationPtr input);
  RelationPtr bind(const Partition& partition, const Operator& op, RelationPtr input);
  RelationPtr bind(const Fork& fork, const Operator& op, RelationPtr input);
  RelationPtr bind(const Facet& facet, const Operator& op, RelationPtr input);
  RelationPtr bind(const Render& render, const Operator& op, RelationPtr input);
  RelationPtr bind(const Reduce& reduce, const Operator& op, RelationPtr input);
  RelationPtr bind(const GetSchema& schema, const Operator& op, RelationPtr input);
  RelationPtr bind(const Consume& consume, const Operator& op, RelationPtr input);
  RelationPtr bind(const AssertSchema& schema, const Operator& op, RelationPtr input);
  RelationPtr bind(const MakeGraph& make, const Operator& op, RelationPtr input);
  RelationPtr bind(const GraphMatch& match, const Operator& op, RelationPtr input);
  RelationPtr bind(const GraphToTable& tables, const Operator& op, RelationPtr input);
  RelationPtr bind(const GraphMarkComponents& mark, const Operator& op, RelationPtr input);
  RelationPtr bind(const GraphWhere& where, const Operator& op, RelationPtr input);
  RelationPtr bind(const Unsupported& unsupported, const Operator& op, RelationPtr input);

  // --- parts of operators ---
  struct NewColumn {
    std::string name;    // empty: the place's own ("Column1")
    Span span;
    ScalarPtr value;
    bool named = false;  // by the query, not by its expression
    bool made = false;   // an aggregate's: a name that is taken gets a number
    bool part = false;   // of a function that makes several columns
  };
  std::vector<NewColumn> bind_columns(const std::vector<NamedExpression>& columns);
  std::vector<NewColumn> bind_printed_columns(const std::vector<NamedExpression>& columns);
  const Function* function_with_columns(const Expression& expression) const;
  void add_sorted_columns(const NamedExpression& column, const ScalarPtr& value, std::vector<NewColumn>& out);
  void add_made_columns(const Function& function, const NamedExpression& column, const ScalarPtr& value, std::vector<NewColumn>& out);
  void declare_column(const NewColumn& column, std::set<std::string>& declared);
  Schema name_columns(const std::vector<NewColumn>& columns, std::string_view unnamed);
  ScalarPtr kept_column(std::size_t index, Type type);
  // `columns` become those behind the input's, or take the place of those of their name.
  RelationPtr extend(RelationPtr input, const std::vector<NamedExpression>& columns, bool serialized);
  RelationPtr project(RelationPtr input, const std::vector<NamedExpression>& columns);
  RelationPtr filtered_before_unique(const RelationPtr& rows, const ScalarPtr& condition);
  RelationPtr keep_columns(RelationPtr input, const std::vector<std::size_t>& columns);
  std::optional<std::size_t> column_of(const RelationPtr& input, const Name& name);  // reports where there is none
  std::vector<std::size_t> columns_like(const RelationPtr& input, const Name& pattern);
  std::vector<SortBy> bind_sort_keys(const std::vector<SortKey>& keys, const RelationPtr& input);
  std::optional<std::uint64_t> bind_count(const Expression* expression, std::string_view what, bool takes_reals = false);
  const Expression* parameter(const Operator& op, std::string_view name) const;  // its first value; null where there is none
  Span place_of_parameter(const Operator& op, std::string_view name) const;      // of its value; of the operator where there is none
  std::string word_parameter(const Operator& op, std::string_view name, std::string_view otherwise = {}) const;
  // Calls of aggregates while they are bound: each becomes a column of the aggregated rows, behind the keys.
  struct AggregateList {
    RelationPtr input;
    std::vector<ScalarPtr> keys;      // on the input's rows
    std::vector<AggregateCall> calls;
    Schema columns;                   // that the calls make, without names
  };
  RelationPtr aggregate(RelationPtr input, const std::vector<NamedExpression>& by, const std::vector<NamedExpression>& aggregates);
  std::vector<NewColumn> bind_aggregate_columns(const std::vector<NamedExpression>& aggregates);
  void bind_row_aggregate(const NamedExpression& column, std::vector<NewColumn>& out);
  void bind_percentiles(const NamedExpression& column, std::vector<NewColumn>& out);
  std::vector<ScalarPtr> bind_aggregate_arguments(const Expression& call);
  std::optional<AggregateCall> bind_aggregate(std::string_view name, std::vector<ScalarPtr> arguments, Span span, Type& result);
  ScalarPtr bind_aggregate_column(const Expression& call);
  std::string row_aggregate_name(const Expression& call, const ScalarPtr& argument, std::size_t number);
  ScalarPtr add_aggregate(AggregateCall call, Type result, Span span);
  bool is_aggregate_call(const Expression& expression) const;
  std::optional<std::vector<PluginArgument>> bind_plugin_arguments(const Plugin& plugin, const Expression& call, const RelationPtr& input, RelationPtr& second);
  std::optional<PluginArgument> bind_plugin_argument(const PluginParameter& parameter, const Expression& argument, const RelationPtr& input, const RelationPtr& second);
  RelationPtr bind_plugin(const Plugin& plugin, std::vector<PluginArgument> arguments, const RelationPtr& input, const RelationPtr& second, Span span);
  RelationPtr bind_pivot(const Expression& call, const RelationPtr& input);
  ScalarPtr bind_pivot_value(const Expression& call, AggregateList& list);
  RelationPtr as_declared(const RelationPtr& rows, const Evaluate& evaluate, const RelationPtr& input);
  void report_join_kind(const Operator& op, const std::string& word, bool lookup, bool joins);
  void bind_join_condition(const Expression& condition, const RelationPtr& left, const RelationPtr& right, JoinRows& join);
  RelationPtr union_of(const std::vector<std::pair<std::string, RelationPtr>>& inputs, std::string_view source_column, bool only_common);
  RelationPtr expand(const std::vector<MvExpand::Item>& items, const Operator& op, const Expression* limit, RelationPtr input);
  RelationPtr bind_partition(const Partition& partition, const ScalarPtr& key, RelationPtr input);
  RelationPtr bind_series_bins(const MakeSeries& make, RelationPtr input, MakeSeriesRows& out);
  std::optional<Value> bind_series_bound(const Expression* bound, Type type, std::string_view what);
  std::vector<Value> bind_series_defaults(const MakeSeries& make, std::span<const Column> columns);
  std::optional<ScanRows::Step> bind_scan_step(const Scan::Step& step, const Schema& schema, const Scope& scope);
  std::optional<TopNestedRows::Level> bind_top_nested_level(const TopNested::Level& level, RelationPtr input, Schema& schema);
  // search and find, over tables with their names.
  using NamedTables = std::vector<std::pair<std::string, RelationPtr>>;
  NamedTables searched_tables(const std::vector<Expression*>& tables, RelationPtr input, std::string_view unnamed);
  ScalarPtr bind_search(const Expression& predicate, bool case_sensitive);
  ScalarPtr bind_search_comparison(const Expression& expression, bool case_sensitive);
  ScalarPtr term_in(ScalarPtr column, std::string_view term, bool case_sensitive, Span span);
  ScalarPtr term_in_any_column(const Expression& term, bool case_sensitive);
  RelationPtr find_in(const std::pair<std::string, RelationPtr>& table, const Find& find, const Schema& all, const std::vector<FoundColumn>& columns);
  std::vector<FoundColumn> found_columns(const Find& find, const NamedTables& tables, const Schema& all);

  // Graphs.
  bool takes_input(const Operator& op, const RelationPtr& input);  // a graph where the operator takes one, else none
  bool bind_graph_nodes(const MakeGraph& make, GraphRows& out);
  RelationPtr bind_parted_graph(const MakeGraph& make, GraphRows graph);
  bool bind_graph_patterns(const GraphMatch& match, const Operator& op, GraphScope& scope);
  std::optional<std::size_t> bind_pattern_node(const std::optional<Name>& name, GraphScope& scope);
  bool bind_pattern_edge(const GraphPattern::Edge& edge, std::size_t from, std::size_t to, GraphScope& scope);
  std::optional<std::uint32_t> bind_path_bound(const Expression& bound);
  bool bind_match_options(const GraphMatch& match, const Operator& op, GraphMatchRows& out);
  ScalarPtr bind_graph_member(const Expression& member, const GraphScope& graph);  // null where it is no member of the pattern
  ScalarPtr bind_graph_call(const Expression& call, const GraphScope& graph);      // null where it is no graph function
  ScalarPtr bind_fold(const Expression& call, const GraphScope& graph);
  ScalarPtr bind_node_fact(const Expression& call, const GraphScope& graph);
  ScalarPtr bind_graph_variable(const Expression& name, const GraphScope& graph);
  ScalarPtr bind_labels(const Expression& call, const GraphScope& graph);
  ScalarPtr add_fold(GraphMatchRows::Fold fold, const GraphScope& graph, Span span);

  bool bind_pieces(const Parse& parse, const Operator& op, bool regex, ParseRows& out, Schema& schema);
  bool bind_key_value_rule(const Parameter& parameter, KeyValueRules& rules);

  // --- expressions ---
  ScalarPtr bind_scalar(const Expression& expression);
  ScalarPtr bind_predicate(const Expression& expression, std::string_view name = {});  // a bool; `name =` stands before it
  ScalarPtr bind_name(const Expression& expression);
  ScalarPtr bind_member(const Expression& expression);
  ScalarPtr bind_element(const Expression& expression);
  ScalarPtr bind_binary(const Expression& expression);
  ScalarPtr bind_on_every_column(const Expression& expression);
  ScalarPtr bind_in_list(const Expression& expression);
  ScalarPtr bind_between(const Expression& expression);
  ScalarPtr bind_call(const Expression& expression);
  ScalarPtr bind_case(const Expression& call);
  ScalarPtr bind_to_scalar(const Expression& call);
  ScalarPtr bind_once(const Expression& expression);
  ScalarPtr bind_column_if_exists(const Expression& call);
  ScalarPtr bind_is_column_there(const Expression& call);
  ScalarPtr bind_pack_all(const Expression& call);
  ScalarPtr checked_window_call(const Expression& expression, ScalarPtr call);
  ScalarPtr bind_now(const Expression& call);
  ScalarPtr bind_ago(const Expression& call);
  ScalarPtr bind_choice(const Expression& call);
  ScalarPtr bind_assert(const Expression& call);
  ScalarPtr bind_column_names_of(const Expression& call);
  ScalarPtr bind_cases(const Expression& call, const Function& function);
  ScalarPtr bind_call_on_columns(const Expression& call);
  ScalarPtr bind_bag_pack_columns(const Expression& call);
  ScalarPtr bind_bin_auto(const Expression& call);
  ScalarPtr bind_ingestion_time(const Expression& call);
  ScalarPtr bind_cursor_test(const Expression& call);
  ScalarPtr bind_circumstance(const Expression& call);
  ScalarPtr bind_plain_call(const Expression& call);
  ScalarPtr unknown_function(const Expression& call);
  void report_unknown_function(const Expression& call, std::vector<std::string> names);
  ScalarPtr call(std::string_view name, std::vector<ScalarPtr> arguments, Span span);  // of the entry that fits
  void report_mismatch(std::string_view name, const std::vector<ScalarPtr>& arguments, Span span);
  std::string conversion_meant(std::string_view name, const std::vector<ScalarPtr>& arguments) const;
  ScalarPtr call(const Function& function, const Match& match, std::vector<ScalarPtr> arguments, Span span);
  bool check_constants(const Function& function, const Match& match, const std::vector<ScalarPtr>& arguments, Span span);
  ScalarPtr converted(ScalarPtr scalar, Type type);
  ScalarPtr literal(Value value, Type type, Span span) const;
  ScalarPtr folded(std::shared_ptr<Scalar> scalar) const;
  std::optional<Value> constant(const Expression& expression, Type type, std::string_view what);  // reports what is none
  std::optional<std::vector<Value>> values_of(const Expression& expression, Type type);           // of an array or a table of one column

  // --- names of result columns ---
  std::string aggregate_name(const Expression& call) const;
  std::string name_of(const Expression& expression) const;  // empty: the place's own ("Column1")

  class InScope {  // expressions are bound on these rows for as long as it lives
   public:
    InScope(Binder& binder, Scope scope) : binder_(binder), before_(binder.scope_), own_(std::move(scope)) { binder.scope_ = &own_; }
    ~InScope() { binder_.scope_ = before_; }
    InScope(const InScope&) = delete;
    InScope& operator=(const InScope&) = delete;

   private:
    Binder& binder_;
    const Scope* before_;
    Scope own_;
  };
  Scope scope_of(const RelationPtr& rows) const { return {&rows->schema, nullptr, {}, nullptr, rows->serialized, open_.count(rows.get()) > 0}; }

  std::string_view query_;
  const BindOptions& options_;
  Bound& out_;
  std::shared_ptr<Environment> environment_ = std::make_shared<Environment>();
  const Scope* scope_ = nullptr;
  std::string_view input_name_;  // of the rows in front of the operator that is bound: a table's, or that which `as` gives
  std::map<std::string, ScalarPtr, std::less<>> set_options_;  // of `set` statements
  AggregateList* aggregates_ = nullptr;  // null where no aggregate may stand
  std::deque<Parsed> stored_texts_;                                      // of stored functions: their trees live on
  std::map<std::string, BoundFunction, std::less<>> stored_functions_;
  std::set<const Relation*> open_;                                       // relations that may have more columns than are known
  std::map<const Expression*, ScalarPtr> once_;                          // what toscalar() has computed
  std::vector<std::map<Type, ScalarPtr>> kept_columns_;  // by place
  std::size_t relations_ = 0;
  std::size_t columns_ = 0;      // of all relations together
  std::size_t unresolved_ = 0;   // tables and functions that are not there
  std::size_t expressions_ = 0;  // bound, or looked into
  int depth_ = 0;      // of functions
  int unnamed_columns_ = 0;  // so far, in the query or the function's body: Column1, Column2 …
  int next_outer_ = 0;
  const ScalarPtr broken_ = std::make_shared<const Scalar>(Scalar{Type::dynamic, Literally{}, {}});
  const RelationPtr broken_rows_ = std::make_shared<const Relation>(Relation{{}, ValueRows{std::make_shared<const std::vector<Row>>()}, false});
};

// "strlen() takes 1 argument, not 2": of what no signature takes; empty where one takes as many.
std::string fault_of_count(std::string_view name, std::span<const std::string_view> signatures, std::size_t given);

inline bool is_graph(const RelationPtr& rows) { return rows != nullptr && std::holds_alternative<GraphRows>(rows->node); }

// The first of "x", "x1", "x2" … that no column of the schema has.
std::string unused_name(const Schema& schema, const std::string& name);
std::optional<std::size_t> find_column(const Schema& schema, std::string_view name);

}  // namespace kql
