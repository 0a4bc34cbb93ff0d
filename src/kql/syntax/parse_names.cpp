// SPDX-License-Identifier: Apache-2.0
// Names, declarations, named expressions, parameters.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "kql/syntax/parser_state.hpp"

namespace kql {

namespace {

// Words that stand between expressions: no name without brackets.
constexpr std::array<std::string_view, 10> kInfixWords{"and", "or", "in", "in~", "between", "has", "has_any", "has_all", "contains", "matches"};

// What may be set in front of an operator's operands; hint.… too.
constexpr std::array<std::string_view, 11> kParameters{"kind",   "flags",   "withsource", "with_source", "with_itemindex", "isfuzzy", "bagexpansion",
                                                       "decodeblocks", "datascope", "with_match_id", "with_step_name"};

// Words that name nothing new unless they stand in brackets.
constexpr std::array<std::string_view, 37> kReservedWords{
    "asc",     "bagexpansion", "boolean", "date",  "datetime", "decimal", "desc",     "double",   "dynamic", "endswith", "first",    "flags",  "hasprefix",
    "hassuffix", "int",        "isfuzzy", "kind",  "last",     "like",    "long",     "nooptimization", "others", "project", "real",  "relaxed", "simple",
    "startswith", "string",    "time",    "timespan", "union", "withsource", "has_any", "has_all", "and", "or", "between"};

bool is_infix_word(const Token& token) { return std::find(kInfixWords.begin(), kInfixWords.end(), token.text) != kInfixWords.end(); }

// Operands such as `id = x` look like parameters: where they may stand, an operator takes its own parameters alone.
bool is_parameter_of(std::string_view keyword, std::string_view word) {
  static const std::map<std::string_view, std::vector<std::string_view>> kOwn{
      {"print", {}},      {"project", {}},   {"extend", {}},         {"summarize", {}},
      {"serialize", {}},  {"distinct", {}},  {"project-rename", {}}, {"make-series", {"kind"}},
      {"mv-apply", {"kind", "with_itemindex"}},
      {"mv-expand", {"kind", "bagexpansion", "with_itemindex"}}, {"mvexpand", {"kind", "bagexpansion", "with_itemindex"}}};
  const auto own = kOwn.find(keyword);
  if (own == kOwn.end()) return std::find(kParameters.begin(), kParameters.end(), word) != kParameters.end();
  return std::find(own->second.begin(), own->second.end(), word) != own->second.end();
}

bool is_string(const Token& token) { return token.kind == TokenKind::literal && token.value.type == Type::string; }

}  // namespace

// An identifier, or ['a b'].
bool Parser::at_name(std::size_t ahead) const {
  if (peek(ahead).kind == TokenKind::name) return !is_infix_word(peek(ahead));
  return at_symbol("[", ahead) && is_string(peek(ahead + 1)) && at_symbol("]", ahead + 2);
}

Name Parser::parse_name(std::string_view what) {
  const std::size_t first = next_;
  if (!at_name()) {
    report_here(what);
    return {{}, span_from(first)};
  }
  if (peek().kind == TokenKind::name) return {advance().text, span_from(first)};
  advance();
  std::string text = advance().value.text;
  advance();
  return {std::move(text), span_from(first)};
}

Name Parser::parse_new_name(std::string_view what) {
  const bool bare = peek().kind == TokenKind::name;
  Name name = parse_name(what);
  if (bare && std::find(kReservedWords.begin(), kReservedWords.end(), name.text) != kReservedWords.end())
    report(name.span, fmt::format("'{}' is a word of the language; as a name it stands in brackets", name.text), fmt::format("['{}']", name.text));
  return name;
}

// name, name*, *name, *2*, *: without blanks between.
Name Parser::parse_name_pattern() {
  const std::size_t first = next_;
  std::string text;
  const auto at_digits = [&] { return next_ > first && peek().kind == TokenKind::literal && !is_string(peek()); };
  while ((at_name() || at_symbol("*") || at_digits()) && (next_ == first || touches(0))) {
    if (at_name()) text += parse_name("a name").text;
    else text += query_.substr(peek().span.begin, peek().span.end - peek().span.begin), advance();
  }
  if (next_ == first) report_here("a column's name");
  return {std::move(text), span_from(first)};
}

std::optional<Type> Parser::parse_type_name() {
  const Token& token = peek();
  const auto type = token.kind == TokenKind::name ? parse_type(token.text) : std::nullopt;
  if (type) advance();
  else report_here("a type (bool, int, long, real, decimal, string, datetime, timespan, guid, dynamic)");
  return type;
}

Declarations Parser::parse_declarations(bool* star) {
  Declarations declarations;
  if (!expect_symbol("(", "before the declarations")) return declarations;
  if (star != nullptr && take_symbol("*")) {
    *star = true;
    take_symbol(",");
  }
  while (!at_symbol(")") && !at_end() && !quiet_) {
    declarations.push_back(parse_declaration());
    if (!take_symbol(",")) break;
  }
  expect_symbol(")", "behind the declarations");
  return declarations;
}

Declaration Parser::parse_declaration() {
  Declaration declaration;
  declaration.name = parse_new_name("a name with its type");
  if (!expect_symbol(":", "between the name and its type")) return declaration;
  if (take_symbol("(")) {
    const Nested level(*this);
    while (!at_symbol(")") && !at_end() && !quiet_ && !too_deep()) {
      if (take_symbol("*")) declaration.other_columns = true;
      else declaration.columns.push_back(parse_declaration());
      if (!take_symbol(",")) break;
    }
    expect_symbol(")", "behind the columns");
  } else {
    declaration.type = parse_type_name();
  }
  if (take_symbol("=")) declaration.otherwise = parse_expression();
  return declaration;
}

// `a =` or `(a, b) =`.
bool Parser::at_named() const {
  if (at_name()) return at_symbol("=", peek().kind == TokenKind::name ? 1 : 3);
  if (!at_symbol("(")) return false;
  std::size_t ahead = 1;
  while (at_name(ahead)) {
    ahead += peek(ahead).kind == TokenKind::name ? 1u : 3u;
    if (at_symbol(")", ahead)) return at_symbol("=", ahead + 1);
    if (!at_symbol(",", ahead)) return false;
    ++ahead;
  }
  return false;
}

NamedExpression Parser::parse_named_expression() {
  NamedExpression named;
  if (at_named()) {
    if (take_symbol("(")) {
      parse_list([&] { named.names.push_back(parse_new_name("a column's name")); });
      expect_symbol(")", "behind the names");
    } else {
      named.names.push_back(parse_new_name("a column's name"));
    }
    advance();
  }
  named.value = parse_expression();
  return named;
}

std::vector<NamedExpression> Parser::parse_named_expressions() {
  std::vector<NamedExpression> expressions;
  parse_list([&] { expressions.push_back(parse_named_expression()); });
  return expressions;
}

SortKey Parser::parse_sort_key() {
  SortKey sort{parse_named_expression(), false, std::nullopt};
  if (take_word("asc")) sort.ascending = true;
  else take_word("desc");
  if (take_word("nulls")) {
    sort.nulls_first = take_word("first");
    if (!*sort.nulls_first) expect_word("last", "or 'first' behind 'nulls'");
  }
  return sort;
}

std::vector<Parameter> Parser::parse_parameters(std::string_view keyword) {
  std::vector<Parameter> parameters;
  for (;;) {
    const bool hint = at_word("hint") && at_symbol(".", 1) && at_symbol("=", 3);
    const bool known = at_symbol("=", 1) && is_parameter_of(keyword, peek().text);
    if (peek().kind != TokenKind::name || (!hint && !known)) return parameters;
    parameters.push_back(parse_parameter());
  }
}

Parameter Parser::parse_parameter() {
  Parameter parameter;
  parameter.name = parse_name("a parameter's name");
  while (take_symbol(".")) {
    const Name part = parse_name("the rest of the parameter's name");
    parameter.name.text += "." + part.text;
    parameter.name.span.end = part.span.end;
  }
  expect_symbol("=", "behind the parameter's name");
  parameter.values.push_back(parse_parameter_value());
  return parameter;
}

// A literal or a word; no call, since the operands may begin with a bracket: join kind=inner (U).
Expression* Parser::parse_parameter_value() {
  if (!at_name()) return parse_unary();
  const std::size_t first = next_;
  const Name name = parse_name("a value");
  Expression* expression = make(ExpressionKind::name, first);
  expression->text = name.text;
  expression->text_span = name.span;
  return expression;
}

std::vector<Parameter> Parser::parse_with_parameters() {
  std::vector<Parameter> parameters;
  const bool bracket = take_word("with") && take_symbol("(");
  if (!bracket && !(at_name() && at_symbol("=", 1))) return parameters;
  if (bracket && take_symbol(")")) return parameters;
  do {
    if (at_name() && (at_symbol("=", 1) || at_symbol(".", 1))) parameters.push_back(parse_parameter());
    else if (!parameters.empty() && at_name()) parameters.back().values.push_back(parse_parameter_value());  // ycolumns=a, b
    else report_here("a property and its value");
  } while (take_symbol(",") || (!bracket && at_name() && at_symbol("=", 1)));
  if (bracket) expect_symbol(")", "behind the properties");
  return parameters;
}

}  // namespace kql
