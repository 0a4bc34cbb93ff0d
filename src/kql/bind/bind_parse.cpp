// SPDX-License-Identifier: Apache-2.0
// parse and parse-where: the pieces become one regular expression (data-explorer/kusto/query/parse-operator).
#include <fmt/format.h>

#include <algorithm>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/regex.hpp"

namespace kql {

namespace {

int groups_in(std::string_view pattern) {
  int count = 0;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') ++i;
    else if (pattern[i] == '[') in_class = true;
    else if (pattern[i] == ']') in_class = false;
    else if (pattern[i] == '(' && !in_class && pattern.substr(i + 1, 1) != "?") ++count;
  }
  return count;
}

// What a value of the type looks like.
std::string_view pattern_of(Type type, bool last, bool lazy_end) {
  switch (type) {
    case Type::int32:
    case Type::int64: return R"(\s*([-+]?\d+)\s*)";
    case Type::real:
    case Type::decimal: return R"(\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*)";
    default: return last && !lazy_end ? "(.*)" : "(.*?)";
  }
}

}  // namespace

RelationPtr Binder::bind(const Parse& parse_op, const Operator& op, RelationPtr input) {
  const std::string kind = word_parameter(op, "kind", "simple");
  if (kind != "simple" && kind != "regex" && kind != "relaxed") {
    report(op.keyword, fmt::format("there is no parse of kind '{}'", kind), "simple");
    return broken_rows();
  }
  const bool regex = kind == "regex";
  ParseRows out;
  out.input = input;
  {
    const InScope scope(*this, scope_of(input));
    out.source = converted(bind_scalar(*parse_op.source), Type::string);
  }
  if (is_broken(out.source)) return broken_rows();
  out.drop_unmatched = parse_op.where;
  out.relaxed = kind == "relaxed";
  Schema schema = input->schema;
  const std::string flags = word_parameter(op, "flags");
  out.pattern = regex ? fmt::format("(?{})", flags.empty() ? "s" : flags) : "(?s)^";
  int groups = 0;
  for (std::size_t i = 0; i < parse_op.pieces.size(); ++i) {
    const Parse::Piece& piece = parse_op.pieces[i];
    const bool last = i + 1 == parse_op.pieces.size();
    if (piece.kind == Parse::Piece::Kind::skip) {
      out.pattern += last && !regex ? ".*" : ".*?";
    } else if (piece.kind == Parse::Piece::Kind::text) {
      const auto text = constant(*piece.text, Type::string, "the text of parse");
      if (!text) return broken_rows();
      out.pattern += regex ? text->text() : quote_regex(text->text());
      if (regex) groups += groups_in(text->text());
    } else {
      const Type type = piece.type.value_or(Type::string);
      auto column = find_column(schema, piece.name.text);
      if (!column) {
        column = schema.size();
        schema.push_back({piece.name.text, type});
      }
      schema[*column].type = type;
      out.pattern += pattern_of(type, last, false);
      out.captures.push_back({*column, ++groups});
    }
  }
  if (!regex) out.pattern += "$";
  if (const auto sound = check_regex(out.pattern); !sound) {
    report(op.span, sound.error().message);
    return broken_rows();
  }
  return relation(std::move(schema), std::move(out), input->serialized);
}

}  // namespace kql
