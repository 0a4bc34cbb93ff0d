// SPDX-License-Identifier: Apache-2.0
// Expressions, from the loosest binding to the tightest: or, and, comparison, sum, product, string operators, sign, path.
// Comparisons and string operators do not chain (Kql.g4 of the language's own grammar).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kql/syntax/parser_state.hpp"

namespace kql {

namespace {

constexpr std::size_t kLongestChain = 2'000;  // of a + b + …, a.b.c …: the tree grows to the left with each

constexpr std::string_view kBehindLargestLong = "9223372036854775808";  // a long with a minus before it, and none without

// Words that are no value unless they stand in brackets; new columns may be called so.
constexpr std::array<std::string_view, 2> kNoValues{"where", "by"};

constexpr std::array<std::string_view, 7> kComparisons{"==", "!=", "<>", "<=", ">=", "<", ">"};
constexpr std::array<std::string_view, 6> kListOperators{"in", "in~", "!in", "!in~", "has_any", "has_all"};
constexpr std::array<std::string_view, 31> kStringOperators{
    "has",         "has_cs",         "hasprefix",     "hasprefix_cs",     "hassuffix",   "hassuffix_cs",   "contains",   "contains_cs",
    "startswith",  "startswith_cs",  "endswith",      "endswith_cs",      "like",        "likecs",         "!has",       "!has_cs",
    "!hasprefix",  "!hasprefix_cs",  "!hassuffix",    "!hassuffix_cs",    "!contains",   "!contains_cs",   "!startswith", "!startswith_cs",
    "!endswith",   "!endswith_cs",   "!like",         "!likecs",          "=~",          "!~",             ":"};

// What operators were called before.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kOldOperators{
    {{"containscs", "contains_cs"}, {"notcontains", "!contains"}, {"notcontainscs", "!contains_cs"}, {"notlike", "!like"}, {"notlikecs", "!likecs"}}};

template <std::size_t Size>
bool is_one_of(const Token& token, const std::array<std::string_view, Size>& known) {
  if (token.kind != TokenKind::name && token.kind != TokenKind::symbol) return false;
  return std::find(known.begin(), known.end(), token.text) != known.end();
}

// The name in use of an operator that an old name stands for; empty for others.
std::string_view new_operator(const Token& token) {
  const auto known = std::find_if(kOldOperators.begin(), kOldOperators.end(), [&](const auto& names) { return token.kind == TokenKind::name && names.first == token.text; });
  return known == kOldOperators.end() ? std::string_view() : known->second;
}

}  // namespace

Expression* Parser::make(ExpressionKind kind, std::size_t first_token) {
  Expression& expression = out_.tree.expressions.emplace_back();
  expression.kind = kind;
  expression.span = span_from(first_token);
  return &expression;
}

Expression* Parser::error_expression() {
  report_here("an expression");
  return make(ExpressionKind::error, next_);
}

Expression* Parser::binary(std::size_t first, Expression* left, std::size_t operator_token, Expression* right) {
  Expression* expression = make(ExpressionKind::binary, first);
  expression->text = tokens_[operator_token].text == "<>" ? "!=" : tokens_[operator_token].text;
  expression->text_span = tokens_[operator_token].span;
  expression->arguments = {left, right};
  return expression;
}

Expression* Parser::parse_logical(std::string_view word) {
  const bool is_or = word == "or";
  const Nested level(*this);
  if (too_deep()) return make(ExpressionKind::error, next_);
  const std::size_t first = next_;
  Expression* left = is_or ? parse_logical("and") : parse_comparison();
  if (!at_word(word)) return left;
  std::vector<Expression*> arguments{left};
  const Span word_span = peek().span;
  while (take_word(word)) arguments.push_back(is_or ? parse_logical("and") : parse_comparison());
  Expression* expression = make(ExpressionKind::logical, first);
  expression->text = word;
  expression->text_span = word_span;
  expression->arguments = std::move(arguments);
  return expression;
}

Expression* Parser::parse_comparison() {
  const std::size_t first = next_;
  return parse_comparison_tail(parse_sum(), first);
}

Expression* Parser::parse_comparison_tail(Expression* left, std::size_t first) {
  if (is_one_of(peek(), kListOperators)) return parse_list_operator(left, first);
  if (at_word("between") || at_symbol("!between")) return parse_between(left, first);
  if (!is_one_of(peek(), kComparisons)) return left;
  const std::size_t operator_token = next_;
  advance();
  return binary(first, left, operator_token, parse_sum());
}

Expression* Parser::parse_list_operator(Expression* left, std::size_t first) {
  const Token& word = advance();
  std::vector<Expression*> arguments{left};
  expect_symbol("(", fmt::format("behind '{}'", word.text));
  parse_list([&] { arguments.push_back(parse_pipeline_expression()); });
  expect_symbol(")", fmt::format("behind the values of '{}'", word.text));
  Expression* expression = make(ExpressionKind::in_list, first);
  expression->text = word.text;
  expression->text_span = word.span;
  expression->arguments = std::move(arguments);
  return expression;
}

Expression* Parser::parse_between(Expression* left, std::size_t first) {
  const Token& word = advance();
  expect_symbol("(", "behind 'between'");
  Expression* from = parse_expression();
  expect_symbol("..", "between the two bounds");
  Expression* to = parse_expression();
  expect_symbol(")", "behind the bounds of 'between'");
  Expression* expression = make(ExpressionKind::between, first);
  expression->text = word.text;
  expression->text_span = word.span;
  expression->arguments = {left, from, to};
  return expression;
}

Expression* Parser::parse_sum() {
  const std::size_t first = next_;
  Expression* left = parse_product();
  for (std::size_t links = 0; at_symbol("+") || at_symbol("-"); ++links) {
    if (links == kLongestChain) {
      report_here("a shorter sum");
      break;
    }
    const std::size_t operator_token = next_;
    advance();
    left = binary(first, left, operator_token, parse_product());
  }
  return left;
}

Expression* Parser::parse_product() {
  const std::size_t first = next_;
  Expression* left = parse_string_operation();
  for (std::size_t links = 0; at_symbol("*") || at_symbol("/") || at_symbol("%"); ++links) {
    if (links == kLongestChain) {
      report_here("a shorter product");
      break;
    }
    const std::size_t operator_token = next_;
    advance();
    left = binary(first, left, operator_token, parse_string_operation());
  }
  return left;
}

Expression* Parser::parse_string_operation() {
  const std::size_t first = next_;
  Expression* left = parse_unary();
  const std::size_t operator_token = next_;
  if (at_word("matches") && at_word("regex", 1)) {
    next_ += 2;
    Expression* expression = binary(first, left, operator_token, parse_unary());
    expression->text = "matches regex";
    return expression;
  }
  const std::string_view renamed = new_operator(peek());
  if (renamed.empty() && !is_one_of(peek(), kStringOperators)) return left;
  advance();
  Expression* expression = binary(first, left, operator_token, parse_unary());
  if (!renamed.empty()) expression->text = renamed;
  return expression;
}

Expression* Parser::make_signed(std::size_t first, const Token& sign, Expression* operand) {
  Expression* expression = make(ExpressionKind::unary, first);
  expression->text = sign.text;
  expression->text_span = sign.span;
  expression->arguments = {operand};
  return expression;
}

Expression* Parser::parse_unary() {
  if (!at_symbol("-") && !at_symbol("+")) return parse_postfix();
  const Nested level(*this);
  if (too_deep()) return make(ExpressionKind::error, next_);
  const std::size_t first = next_;
  const Token& sign = advance();
  return make_signed(first, sign, parse_unary());
}

// a.b, a['b'], a[0], a.['b c'], cluster('c').database('d').T
Expression* Parser::parse_postfix() {
  const std::size_t first = next_;
  Expression* left = parse_primary();
  for (std::size_t links = 0; (at_symbol(".") || at_symbol("[")) && left->kind != ExpressionKind::error; ++links) {
    if (links == kLongestChain) {
      report_here("a shorter path");
      break;
    }
    const bool member = take_symbol(".");
    if (member && at_name() && at_symbol("(", 1)) {
      left = parse_call(first, left);
    } else if (member && !at_symbol("[")) {
      const Name name = parse_name("a property's name");
      Expression* expression = make(ExpressionKind::member, first);
      expression->text = name.text;
      expression->text_span = name.span;
      expression->arguments = {left};
      left = expression;
    } else {
      advance();
      Expression* index = parse_expression();
      expect_symbol("]", "behind the index");
      Expression* expression = make(ExpressionKind::element, first);
      expression->arguments = {left, index};
      left = expression;
    }
  }
  return left;
}

Expression* Parser::parse_primary() {
  const std::size_t first = next_;
  if (peek().kind == TokenKind::literal) {
    // The sign is an operator here, and its operand is read first.
    const Span span = peek().span;
    if (query_.substr(span.begin, span.end - span.begin) == kBehindLargestLong)
      report(span, fmt::format("{} is too large for a long", kBehindLargestLong), fmt::format("long(-{})", kBehindLargestLong));
    return parse_literal();
  }
  if (at_symbol("(")) return parse_parenthesized();
  if (at_word("typeof") && at_symbol("(", 1)) return parse_type_of();
  if ((at_word("datatable") || at_word("externaldata")) && at_symbol("(", 1)) {
    Pipeline& pipeline = out_.tree.pipelines.emplace_back();
    parse_operator_into(pipeline);
    pipeline.span = span_from(first);
    Expression* expression = make(ExpressionKind::subquery, first);
    expression->pipeline = &pipeline;
    return expression;
  }
  if (at_symbol("*")) {
    advance();
    return make(ExpressionKind::star, first);
  }
  if (!at_name()) return error_expression();
  if (at_symbol("(", 1) && peek().kind == TokenKind::name) return parse_call(first, nullptr);
  const bool bare = peek().kind == TokenKind::name;
  const Name name = parse_name("an expression");
  if (bare && std::find(kNoValues.begin(), kNoValues.end(), name.text) != kNoValues.end())
    report(name.span, fmt::format("'{}' is a word of the language; as a name it stands in brackets", name.text), fmt::format("['{}']", name.text));
  Expression* expression = make(ExpressionKind::name, first);
  expression->text = name.text;
  expression->text_span = name.span;
  return expression;
}

Expression* Parser::parse_parenthesized() {
  const std::size_t first = next_;
  advance();
  Expression* inner = parse_pipeline_expression();
  expect_symbol(")", "behind the expression in brackets");
  inner->span = span_from(first);
  return inner;
}

// Strings that stand side by side are one: "a" 'b'.
Expression* Parser::parse_literal() {
  const std::size_t first = next_;
  Literal value = advance().value;
  while (value.type == Type::string && peek().kind == TokenKind::literal && peek().value.type == Type::string) value.text += advance().value.text;
  Expression* expression = make(ExpressionKind::literal, first);
  expression->value = std::move(value);
  return expression;
}

Expression* Parser::parse_signed_literal() {
  const bool has_sign = at_symbol("-") || at_symbol("+");
  if (peek(has_sign ? 1 : 0).kind != TokenKind::literal) {
    report_here("a literal");
    return make(ExpressionKind::error, next_);
  }
  const std::size_t first = next_;
  if (!has_sign) return parse_literal();
  const Token& sign = advance();
  return make_signed(first, sign, parse_literal());
}

Expression* Parser::parse_type_of() {
  const std::size_t first = next_;
  next_ += 1;
  std::optional<Type> type;
  bool star = false;
  if (at_symbol("*", 1) || at_symbol(":", 2)) {  // of the tables that plugins make: read, and no type
    parse_declarations(&star);
  } else {
    advance();
    type = parse_type_name();
    expect_symbol(")", "behind the type");
  }
  Expression* expression = make(ExpressionKind::type_of, first);
  if (type) expression->value.type = *type;
  return expression;
}

Expression* Parser::parse_call(std::size_t first, Expression* receiver) {
  const Token& name = advance();
  advance();
  std::vector<Expression*> arguments;
  if (!at_symbol(")")) parse_list([&] { arguments.push_back(parse_argument()); });
  expect_symbol(")", fmt::format("behind the arguments of {}", name.text));
  Expression* expression = make(ExpressionKind::call, first);
  expression->text = name.text;
  expression->text_span = name.span;
  expression->arguments = std::move(arguments);
  expression->receiver = receiver;
  return expression;
}

Expression* Parser::parse_argument() {
  if (!at_named() || at_symbol("(")) return parse_pipeline_expression();
  const std::size_t first = next_;
  const Name name = parse_name("an argument's name");
  advance();
  Expression* value = parse_expression();
  Expression* expression = make(ExpressionKind::named, first);
  expression->text = name.text;
  expression->text_span = name.span;
  expression->arguments = {value};
  return expression;
}

Expression* Parser::parse_pipeline_expression() {
  const Nested level(*this);
  if (too_deep()) return make(ExpressionKind::error, next_);
  const std::size_t first = next_;
  Pipeline* pipeline = parse_pipeline();
  if (pipeline->source != nullptr && pipeline->operators.empty()) return pipeline->source;
  Expression* expression = make(ExpressionKind::subquery, first);
  expression->pipeline = pipeline;
  return expression;
}

}  // namespace kql
