// SPDX-License-Identifier: Apache-2.0
// The recursive-descent parser. Its functions stand in parser.cpp (statements, pipelines), parse_expressions.cpp,
// parse_names.cpp (names, declarations, parameters) and parse_*_operators.cpp.
//
// After an error the parser is quiet until it finds a '|' or ';' of the same nesting, and goes on behind it.
#pragma once

#include <functional>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "kql/syntax/lexer.hpp"
#include "kql/syntax/parser.hpp"

namespace kql {

class Parser {
 public:
  Parser(std::string_view query, Parsed& out);
  void parse_query();

  // An operator's keyword and the function that reads what stands behind it.
  struct Entry {
    std::string_view keyword;
    OperatorBody (Parser::*read)();
    bool may_begin;  // a query may begin with it
  };

 private:
  // --- tokens ---
  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(next_ + ahead, tokens_.size() - 1)]; }
  bool at_end() const { return peek().kind == TokenKind::end; }
  bool at_symbol(std::string_view symbol, std::size_t ahead = 0) const;
  bool at_word(std::string_view word, std::size_t ahead = 0) const;
  bool touches(std::size_t ahead) const;  // no blank stands between the token and the one before it
  const Token& advance();
  bool take_symbol(std::string_view symbol);
  bool take_word(std::string_view word);
  bool expect_symbol(std::string_view symbol, std::string_view where);
  bool expect_word(std::string_view word, std::string_view where);
  Span span_from(std::size_t first_token) const;

  // --- errors ---
  void report(Span span, std::string message, std::string suggestion = {});
  void report_here(std::string_view expected);  // "x is expected, not 'y'"
  struct Misread {
    Span span;
    std::string instead, advice;
  };
  Misread what_was_meant() const;
  void recover(bool at_pipe_too);               // skips to '|', ';' or a closing bracket of this nesting

  struct Nested {  // counts a level of nesting for as long as it lives
    explicit Nested(Parser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Nested() { --parser_.depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    Parser& parser_;
  };
  bool too_deep();

  // --- statements and pipelines ---
  std::vector<Statement> parse_statements(bool within_function);
  Statement parse_statement();
  Let parse_let();
  bool at_function() const;
  std::unique_ptr<FunctionBody> parse_function();
  void parse_function_body(FunctionBody& function);  // in { }
  std::unique_ptr<DeclaredPattern> parse_declared_pattern();
  Pipeline* parse_pipeline();                       // source | operators
  Pipeline* parse_operators();                      // operators alone: a subquery that takes the rows around it
  Pipeline* parse_subquery(bool with_source);       // in ( )
  void parse_operator_into(Pipeline& pipeline);
  const Entry* entry_at(std::size_t ahead = 0) const;
  std::string keyword_at(std::size_t ahead) const;  // "project-away" is several tokens
  bool begins_query() const;

  // --- expressions ---
  Expression* make(ExpressionKind kind, std::size_t first_token);
  Expression* error_expression();
  Expression* parse_expression() { return parse_logical("or"); }
  Expression* parse_logical(std::string_view word);
  Expression* parse_comparison();
  Expression* parse_comparison_tail(Expression* left, std::size_t first);
  Expression* parse_list_operator(Expression* left, std::size_t first);
  Expression* parse_between(Expression* left, std::size_t first);
  Expression* parse_sum();
  Expression* parse_product();
  Expression* parse_string_operation();
  Expression* parse_unary();
  Expression* make_signed(std::size_t first, const Token& sign, Expression* operand);
  Expression* parse_postfix();
  Expression* parse_primary();
  Expression* parse_parenthesized();
  Expression* parse_literal();
  Expression* parse_signed_literal();               // a value of datatable
  Expression* parse_type_of();
  Expression* parse_call(std::size_t first, Expression* receiver);
  Expression* parse_argument();
  Expression* parse_pipeline_expression();          // a pipeline, or the expression alone where no '|' follows
  Expression* binary(std::size_t first, Expression* left, std::size_t operator_token, Expression* right);
  bool at_table_pattern() const;                    // *, name*
  Expression* parse_table();                        // what join, union and their kin take

  // --- names and lists ---
  bool at_name(std::size_t ahead = 0) const;
  Name parse_name(std::string_view what);
  Name parse_new_name(std::string_view what);       // one that the query gives: no word of the language without brackets
  Name parse_name_pattern();
  std::optional<Type> parse_type_name();
  // In ( ); `star`, where one may stand first: whether it does.
  Declarations parse_declarations(bool* star = nullptr);
  Declaration parse_declaration();
  NamedExpression parse_named_expression();
  bool at_named() const;
  std::vector<NamedExpression> parse_named_expressions();
  SortKey parse_sort_key();
  std::vector<Parameter> parse_parameters(std::string_view keyword);  // in front of the operator's operands
  Parameter parse_parameter();
  Expression* parse_parameter_value();
  std::vector<Parameter> parse_with_parameters();   // with ( … ) or with …
  template <typename Read>
  void parse_list(Read read) {                      // one or more, with commas between
    do read();
    while (take_symbol(","));
  }

  // --- operators ---
  OperatorBody read_where();
  OperatorBody read_project();
  OperatorBody read_extend();
  OperatorBody read_distinct();
  OperatorBody read_serialize();
  OperatorBody read_print();
  OperatorBody read_project_away();
  OperatorBody read_project_keep();
  OperatorBody read_project_by_names();
  OperatorBody read_project_rename();
  OperatorBody read_project_reorder();
  OperatorBody read_summarize();
  OperatorBody read_count();
  OperatorBody read_take();
  OperatorBody read_sample();
  OperatorBody read_sample_distinct();
  OperatorBody read_sort();
  OperatorBody read_top();
  OperatorBody read_top_hitters();
  OperatorBody read_top_nested();
  OperatorBody read_join();
  OperatorBody read_lookup();
  OperatorBody read_union();
  OperatorBody read_mv_expand();
  OperatorBody read_mv_apply();
  OperatorBody read_parse();
  OperatorBody read_parse_where();
  OperatorBody read_parse_kv();
  OperatorBody read_make_series();
  OperatorBody read_range();
  OperatorBody read_datatable();
  OperatorBody read_externaldata();
  OperatorBody read_search();
  OperatorBody read_find();
  OperatorBody read_evaluate();
  OperatorBody read_invoke();
  OperatorBody read_as();
  OperatorBody read_scan();
  OperatorBody read_partition();
  OperatorBody read_fork();
  OperatorBody read_facet();
  OperatorBody read_render();
  OperatorBody read_reduce();
  OperatorBody read_getschema();
  OperatorBody read_consume();
  OperatorBody read_assert_schema();
  OperatorBody read_make_graph();
  OperatorBody read_graph_match();
  OperatorBody read_graph_shortest_paths();
  OperatorBody read_graph_to_table();
  OperatorBody read_graph_mark_components();
  OperatorBody read_graph_where_nodes();
  OperatorBody read_graph_where_edges();
  OperatorBody read_unsupported();

  GraphMatch read_matched(bool shortest);
  GraphPattern read_graph_pattern();
  std::optional<Name> read_graph_node();
  GraphPattern::Edge read_graph_edge();
  std::vector<Parameter> read_own_parameters();     // that stand in front of this operator's operands alone
  Join read_joined(bool lookup);
  Parse read_pieces(bool where);
  Parse::Piece read_piece();
  MvExpand::Item read_expanded_item();
  Expression* read_row_limit();
  TopNested::Level read_level();
  Scan::Step read_step();
  std::vector<Expression*> read_table_list();
  std::vector<Name> read_name_patterns();

  static const std::vector<Entry>& entries();

  std::string_view query_;
  Parsed& out_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  bool quiet_ = false;  // an error was reported and the parser has not found its feet again
};

}  // namespace kql
