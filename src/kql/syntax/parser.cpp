// SPDX-License-Identifier: Apache-2.0
// Tokens, errors, statements and pipelines.
#include "kql/syntax/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "kql/syntax/hints.hpp"
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
  if (!quiet_) out_.diagnostics.push_back({span, shortened(std::move(message)), shortened(std::move(suggestion))});
  quiet_ = true;
  if (out_.diagnostics.size() > kMostDiagnostics) next_ = tokens_.size() - 1;  // nobody is told of more
}

void Parser::report_here(std::string_view expected) {
  if (at_end()) return report(peek().span, fmt::format("{} is expected at the end of the query", expected));
  const Misread misread = what_was_meant();
  const std::string_view found = query_.substr(misread.span.begin, std::min<std::size_t>(misread.span.end - misread.span.begin, 60));
  report(misread.span, fmt::format("{} is expected, not '{}'{}{}", expected, found, misread.advice.empty() ? "" : "; ", misread.advice), misread.instead);
}

// Of the token that does not fit: what people mean by it who know other languages, with the tokens beside it that belong to it.
Parser::Misread Parser::what_was_meant() const {
  const Token& token = peek();
  const Token* before = next_ > 0 ? &tokens_[next_ - 1] : nullptr;
  const Token& behind = peek(1);
  const auto both = [](const Token& first, const Token& second) { return Span{first.span.begin, second.span.end}; };
  Misread out{token.span, {}, {}};
  if (token.kind == TokenKind::symbol) {
    if (token.text == "=") out.instead = "==";
    if (token.text == "=>") out.instead = ">=";
    if (token.text == "?") out.advice = at_symbol("?", 1) ? "write coalesce(a, b)" : "write iff(condition, then, otherwise)";
    return out;
  }
  if (token.kind != TokenKind::name) return out;
  if (before != nullptr && before->kind == TokenKind::literal && before->value.type == Type::string && touches(0)) {
    out.advice = "a quote within a text is written \\\" or \\'";
  } else if (before != nullptr && before->kind == TokenKind::literal && is_time_unit(token.text)) {
    out = {both(*before, token), fmt::format("{}{}", query_.substr(before->span.begin, before->span.end - before->span.begin), token.text), {}};
  } else if (before != nullptr && before->kind == TokenKind::name && before->text == "distinct") {
    out.advice = fmt::format("different values are counted by dcount({})", token.text);
  } else if (before != nullptr && before->kind == TokenKind::name && before->text == "not") {
    out.advice = "not() is a function: not(a == 1)";
  } else if (before != nullptr && before->kind == TokenKind::name && before->text == "kind") {
    out = {both(*before, token), "kind=" + token.text, {}};
  } else if (token.text == "not" && behind.kind == TokenKind::name) {
    out = {both(token, behind), "!" + behind.text, {}};
  } else if (token.text == "is") {
    out.advice = "write isnull(x) or isnotnull(x); of a text isempty(x) or isnotempty(x)";
  } else if (token.text == "as") {
    out.advice = "a new name stands before its value: x = …";
  } else if (token.text == "matches") {
    out.instead = "matches regex";
  } else if ((token.text == "group" || token.text == "order") && at_word("by", 1)) {
    out = {both(token, behind), "by", {}};
  } else if (token.text == "by" && before != nullptr && before->kind == TokenKind::name && before->text == "count") {
    out.advice = "groups are counted by 'summarize count() by …'";
  } else if (out.instead = word_in_lower_case(token.text); out.instead.empty() && entry_at() != nullptr) {
    out.instead = fmt::format("| {}", keyword_at(0));
  }
  return out;
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
    const std::size_t errors = out_.diagnostics.size();
    const auto at_last = [&] { return at_end() || at_symbol(";") || (within_function && at_symbol("}")); };
    statements.push_back(parse_statement());
    if (quiet_) recover(false);
    if (!at_last() && out_.diagnostics.size() == errors) {
      const bool is_close = at_symbol(")") || at_symbol("]") || at_symbol("}");
      if (is_close) report(peek().span, fmt::format("'{}' closes no bracket", peek().text));
      else if (at_symbol("=")) report(peek().span, "'|' or ';' is expected, not '='; a value gets a name by 'let x = …'");
      else report_here("'|' or ';'");
    }
    while (!at_last()) {  // what is left of a statement that is wrong
      advance();
      recover(false);
    }
    quiet_ = false;
    take_symbol(";");
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
  } else if (base::to_lower(peek().text) == "select" && peek().kind == TokenKind::name && (peek(1).kind != TokenKind::symbol || at_symbol("*", 1))) {
    report(peek().span, fmt::format("'{}' is SQL; a query begins with its table here: T | where a > 1 | project a, b", peek().text));
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
    std::vector<std::string> known;
    for (const Entry& one : entries()) known.emplace_back(one.keyword);
    const Hint hint = operator_hint(keyword);
    const std::string nearest = nearest_name(keyword, known);
    const bool is_case = base::to_lower(keyword) == nearest;
    return report({peek().span.begin, peek().span.begin + static_cast<std::uint32_t>(keyword.size())},
                  fmt::format("'{}' is not a query operator{}{}", keyword, hint.advice.empty() ? "" : "; ", hint.advice),
                  hint.instead.empty() ? (hint.advice.empty() ? nearest : "") : is_case ? nearest : std::string(hint.instead));
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
