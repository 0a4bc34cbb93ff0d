// SPDX-License-Identifier: Apache-2.0
// Tokens, errors, statements and pipelines.
#include "kql/syntax/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "kql/syntax/parser_state.hpp"

namespace kql {

Parsed parse(std::string_view query) {
  Parsed parsed;
  if (query.size() > kLongestQuery) {
    parsed.diagnostics.push_back({{0, 0}, fmt::format("the query has {} bytes; at most {} are read", query.size(), kLongestQuery), {}});
    return parsed;
  }
  Parser(query, parsed).parse_query();
  auto& diagnostics = parsed.diagnostics;
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
  if (diagnostics.size() > kMostDiagnostics) diagnostics.resize(kMostDiagnostics);
  return parsed;
}

Parser::Parser(std::string_view query, Parsed& out) : query_(query), out_(out), tokens_(tokenize(query, out.diagnostics)) {}

// --- tokens ---

bool Parser::at_symbol(std::string_view symbol, std::size_t ahead) const {
  const Token& token = peek(ahead);
  return token.kind == TokenKind::symbol && token.text[0] == symbol[0] && token.text == symbol;
}

bool Parser::at_word(std::string_view word, std::size_t ahead) const {
  const Token& token = peek(ahead);
  return token.kind == TokenKind::name && token.text[0] == word[0] && token.text == word;
}

bool Parser::touches(std::size_t ahead) const { return next_ + ahead > 0 && tokens_[next_ + ahead - 1].span.end == peek(ahead).span.begin; }

const Token& Parser::advance() {
  const Token& token = peek();
  if (!at_end()) ++next_;
  return token;
}

bool Parser::take_symbol(std::string_view symbol) {
  if (!at_symbol(symbol)) return false;
  advance();
  return true;
}

bool Parser::take_word(std::string_view word) {
  if (!at_word(word)) return false;
  advance();
  return true;
}

bool Parser::expect_symbol(std::string_view symbol, std::string_view where) {
  if (take_symbol(symbol)) return true;
  report_here(fmt::format("'{}' {}", symbol, where));
  return false;
}

bool Parser::expect_word(std::string_view word, std::string_view where) {
  if (take_word(word)) return true;
  report_here(fmt::format("'{}' {}", word, where));
  return false;
}

Span Parser::span_from(std::size_t first_token) const {
  const std::uint32_t begin = tokens_[std::min(first_token, tokens_.size() - 1)].span.begin;
  const std::uint32_t end = next_ > first_token ? tokens_[next_ - 1].span.end : begin;
  return {begin, end};
}

// --- errors ---

void Parser::report(Span span, std::string message, std::string suggestion) {
  if (!quiet_) out_.diagnostics.push_back({span, std::move(message), std::move(suggestion)});
  quiet_ = true;
  if (out_.diagnostics.size() > kMostDiagnostics) next_ = tokens_.size() - 1;  // nobody is told of more
}

void Parser::report_here(std::string_view expected) {
  const Token& token = peek();
  const std::string_view found = query_.substr(token.span.begin, std::min<std::size_t>(token.span.end - token.span.begin, 60));
  report(token.span, at_end() ? fmt::format("{} is expected at the end of the query", expected) : fmt::format("{} is expected, not '{}'", expected, found));
}

void Parser::recover(bool at_pipe_too) {
  int open = 0;
  for (; !at_end(); advance()) {
    if (at_symbol("(") || at_symbol("[") || at_symbol("{")) ++open;
    if ((at_symbol(")") || at_symbol("]") || at_symbol("}")) && open-- == 0) break;
    if (open == 0 && (at_symbol(";") || (at_pipe_too && at_symbol("|")))) break;
  }
  quiet_ = false;
}

void Parser::keep_moving(std::size_t before) {
  if (next_ == before && !at_end()) advance();
}

bool Parser::too_deep() {
  if (depth_ < kDeepestNesting) return false;
  report(peek().span, fmt::format("the query is nested more than {} levels deep", kDeepestNesting));
  next_ = tokens_.size() - 1;
  return true;
}

// --- statements ---

void Parser::parse_query() {
  if (tokens_.size() > kMostTokens) return;  // which is said already
  if (at_symbol(".")) return report(peek().span, "commands such as .show are not run here, only queries; getschema tells a table's columns");
  out_.tree.statements = parse_statements(false);
  if (!at_end()) {
    quiet_ = false;
    report_here("the end of the query");
  }
  if (out_.tree.statements.empty() && out_.diagnostics.empty()) report(peek().span, "the query is empty");
}

std::vector<Statement> Parser::parse_statements(bool within_function) {
  std::vector<Statement> statements;
  while (!at_end() && !(within_function && at_symbol("}"))) {
    const std::size_t before = next_;
    statements.push_back(parse_statement());
    if (quiet_) recover(false);
    if (at_symbol(";")) {
      advance();
    } else if (!at_end() && !(within_function && at_symbol("}"))) {
      report_here("';'");
      keep_moving(before);
      recover(false);
      take_symbol(";");
    }
  }
  return statements;
}

Statement Parser::parse_statement() {
  const std::size_t first = next_;
  Statement statement{{}, static_cast<Pipeline*>(nullptr)};
  if (at_word("let") && at_name(1)) {
    statement.body = parse_let();
  } else if (at_word("set") && at_name(1)) {
    advance();
    SetOption option{parse_name("an option's name"), nullptr};
    if (take_symbol("=")) option.value = parse_expression();
    statement.body = std::move(option);
  } else if (at_word("declare") && at_word("query_parameters", 1)) {
    next_ += 2;
    statement.body = QueryParameters{parse_declarations()};
  } else if (at_word("alias") && at_word("database", 1)) {
    next_ += 2;
    Alias alias{parse_name("the alias"), nullptr};
    expect_symbol("=", "behind the alias");
    alias.value = parse_expression();
    statement.body = std::move(alias);
  } else if (at_word("declare") && at_word("pattern", 1)) {
    next_ += 2;
    statement.body = parse_declared_pattern();
  } else if (at_word("restrict") && at_word("access", 1) && at_word("to", 2)) {
    next_ += 3;
    Restrict restrict;
    expect_symbol("(", "before the tables");
    parse_list([&] { restrict.entities.push_back(parse_table()); });
    expect_symbol(")", "behind the tables");
    statement.body = std::move(restrict);
  } else {
    statement.body = parse_pipeline();
  }
  statement.span = span_from(first);
  return statement;
}

Let Parser::parse_let() {
  advance();
  Let let;
  let.name = parse_new_name("a name");
  if (!expect_symbol("=", "behind the name")) return let;
  if (at_function()) let.function = parse_function();
  else let.value = parse_pipeline();
  return let;
}

std::unique_ptr<DeclaredPattern> Parser::parse_declared_pattern() {
  auto pattern = std::make_unique<DeclaredPattern>();
  pattern->name = parse_new_name("the pattern's name");
  if (!take_symbol("=")) return pattern;
  pattern->arguments = parse_declarations();
  if (take_symbol("[")) {
    pattern->path = parse_declaration();
    expect_symbol("]", "behind the path");
  }
  expect_symbol("{", "before the cases");
  while (!at_symbol("}") && !at_end() && !quiet_) {
    DeclaredPattern::Case& one = pattern->cases.emplace_back();
    expect_symbol("(", "before the values of a case");
    parse_list([&] { one.values.push_back(parse_expression()); });
    expect_symbol(")", "behind the values");
    if (take_symbol(".")) {
      expect_symbol("[", "before the path's value");
      one.path = parse_expression();
      expect_symbol("]", "behind the path's value");
    }
    expect_symbol("=", "between the values and what they stand for");
    one.body = std::make_unique<FunctionBody>();
    parse_function_body(*one.body);
    take_symbol(";");
  }
  expect_symbol("}", "behind the cases");
  return pattern;
}

// `(a:long) {` or `view () {`: what is in brackets looks like declarations, and a brace follows.
bool Parser::at_function() const {
  std::size_t ahead = at_word("view") && at_symbol("(", 1) ? 1 : 0;
  if (!at_symbol("(", ahead)) return false;
  int open = 0;
  for (; next_ + ahead < tokens_.size(); ++ahead) {
    if (at_symbol("(", ahead)) ++open;
    if (at_symbol(")", ahead) && --open == 0) return at_symbol("{", ahead + 1);
  }
  return false;
}

std::unique_ptr<FunctionBody> Parser::parse_function() {
  auto function = std::make_unique<FunctionBody>();
  function->view = take_word("view");
  function->parameters = parse_declarations();
  parse_function_body(*function);
  return function;
}

void Parser::parse_function_body(FunctionBody& function) {
  const Nested level(*this);
  if (too_deep()) return;
  expect_symbol("{", "before the function's body");
  const std::size_t first = next_;
  function.statements = parse_statements(true);
  if (!function.statements.empty() && std::holds_alternative<Pipeline*>(function.statements.back().body)) {
    function.result = std::get<Pipeline*>(function.statements.back().body);
    function.statements.pop_back();
  } else {
    report(span_from(first), "the function's body gives no value: an expression is expected before '}'");
  }
  expect_symbol("}", "behind the function's body");
}

// --- pipelines ---

Pipeline* Parser::parse_pipeline() {
  const std::size_t first = next_;
  Pipeline& pipeline = out_.tree.pipelines.emplace_back();
  if (begins_query()) parse_operator_into(pipeline);
  else pipeline.source = parse_expression();
  while (at_symbol("|") || quiet_) {
    if (quiet_) recover(true);
    if (!take_symbol("|")) break;
    parse_operator_into(pipeline);
  }
  pipeline.span = span_from(first);
  return &pipeline;
}

Pipeline* Parser::parse_operators() {
  const std::size_t first = next_;
  Pipeline& pipeline = out_.tree.pipelines.emplace_back();
  do {
    parse_operator_into(pipeline);
    if (quiet_) recover(true);
  } while (take_symbol("|"));
  pipeline.span = span_from(first);
  return &pipeline;
}

Pipeline* Parser::parse_subquery(bool with_source) {
  const std::string_view close = at_symbol("{") ? "}" : ")";
  if (!take_symbol("{")) expect_symbol("(", "before the subquery");
  const Nested level(*this);
  Pipeline* pipeline = nullptr;
  if (too_deep()) pipeline = &out_.tree.pipelines.emplace_back();
  else pipeline = with_source && entry_at() == nullptr ? parse_pipeline() : parse_operators();
  expect_symbol(close, "behind the subquery");
  return pipeline;
}

std::string Parser::keyword_at(std::size_t ahead) const {
  if (peek(ahead).kind != TokenKind::name) return {};
  std::string keyword = peek(ahead).text;
  for (; at_symbol("-", ahead + 1) && touches(ahead + 1) && peek(ahead + 2).kind == TokenKind::name && touches(ahead + 2); ahead += 2)
    keyword += "-" + peek(ahead + 2).text;
  return keyword;
}

const Parser::Entry* Parser::entry_at(std::size_t ahead) const {
  const std::string keyword = keyword_at(ahead);
  const auto& known = entries();
  const auto at = std::find_if(known.begin(), known.end(), [&](const Entry& entry) { return entry.keyword == keyword; });
  return at == known.end() ? nullptr : &*at;
}

// `print x`, `range x from`, `datatable (`; and not a column that is called so: `search == 1`, `range(1, 2)`.
bool Parser::begins_query() const {
  const Entry* entry = entry_at();
  if (entry == nullptr || !entry->may_begin) return false;
  if (entry->keyword == "range") return at_name(1) && at_word("from", at_symbol("[", 1) ? 4 : 2);
  if (entry->keyword == "datatable" || entry->keyword == "externaldata") return at_symbol("(", 1);
  const Token& next = peek(1);
  if (at_word("in", 1)) return (entry->keyword == "search" || entry->keyword == "find") && at_symbol("(", 2);
  if (next.kind == TokenKind::symbol) return next.text == "(" || next.text == "[" || next.text == "*" || next.text == "-" || next.text == "+";
  return next.kind == TokenKind::literal || (next.kind == TokenKind::name && at_name(1));
}

void Parser::parse_operator_into(Pipeline& pipeline) {
  const std::size_t first = next_;
  const std::string keyword = keyword_at(0);
  const Entry* entry = entry_at();
  if (entry == nullptr) {
    if (keyword.empty()) return report_here("a query operator");
    std::string nearest;
    std::size_t distance = 3;
    for (const Entry& known : entries())
      if (const std::size_t d = base::edit_distance(keyword, known.keyword); d < distance) {
        distance = d;
        nearest = known.keyword;
      }
    return report(peek().span, fmt::format("'{}' is not a query operator", keyword), nearest);
  }
  next_ += 1 + 2 * static_cast<std::size_t>(std::count(keyword.begin(), keyword.end(), '-'));
  Operator op{{}, span_from(first), {}, Unsupported{keyword}};
  op.parameters = parse_parameters(keyword);
  op.body = (this->*entry->read)();
  if (Unsupported* unsupported = std::get_if<Unsupported>(&op.body)) unsupported->name = keyword;
  op.span = span_from(first);
  pipeline.operators.push_back(std::move(op));
  if (!quiet_ && !at_end() && !at_symbol("|") && !at_symbol(";") && !at_symbol(")") && !at_symbol("}") && !at_symbol(","))
    report_here(fmt::format("'|' or the end of {}", keyword));
}

}  // namespace kql
