// SPDX-License-Identifier: Apache-2.0
// parse, parse-where: the pieces become one regular expression (data-explorer/kusto/query/parse-operator); parse-kv.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/text.hpp"
#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/regex.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

using PieceKind = Parse::Piece::Kind;
enum class ParseKind { simple, regex, relaxed };

// How many groups of a pattern capture: "(…" and "(?<name>…", not "(?:…".
int groups_in(std::string_view pattern) {
  int count = 0;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    if (rest[0] == '\\') ++i;
    else if (rest[0] == '[') in_class = true;
    else if (rest[0] == ']') in_class = false;
    else if (rest[0] == '(' && !in_class && (rest.substr(1, 1) != "?" || rest.substr(1, 3) == "?P<" || (rest.substr(1, 2) == "?<" && rest.size() > 3 && rest[3] != '=' && rest[3] != '!')))
      ++count;
  }
  return count;
}

std::string_view number_pattern(Type type) { return is_whole(type) ? R"([-+]?\d+)" : R"([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"; }

// What a value of the type looks like where nothing tells where it ends.
std::string_view shape_of(Type type) {
  switch (type) {
    case Type::datetime: return R"([0-9][0-9T:./+-]*(?: [0-9][0-9:.]*)?Z?)";
    case Type::timespan: return R"(-?[0-9][0-9.:]*[a-z]*)";
    case Type::boolean: return R"([A-Za-z0-9]+)";
    case Type::guid: return R"([0-9a-fA-F-]{32,36})";
    default: return R"(.*?)";
  }
}

// The group of a column. `next` is the piece behind it; null at the end.
std::string pattern_of_column(Type type, ParseKind kind, const Parse::Piece* next) {
  const bool before_skip = next != nullptr && next->kind == PieceKind::skip;
  if (kind == ParseKind::relaxed) {
    if (!before_skip) return next == nullptr ? "(.*)" : "(.*?)";
    return fmt::format(R"(\s*({}|))", is_number(type) ? number_pattern(type) : shape_of(type));
  }
  if (is_number(type)) return fmt::format(R"(\s*({})\s*)", number_pattern(type));
  if (before_skip) return fmt::format("({})", shape_of(type));
  return kind == ParseKind::regex || next == nullptr ? "(.*)" : "(.*?)";
}

// What may not stand behind what; empty where all is well.
std::string_view fault_of_piece(const Parse::Piece* before, const Parse::Piece& piece) {
  if (piece.kind == PieceKind::text || before == nullptr || before->kind == PieceKind::text) return {};
  if (before->kind == PieceKind::skip) return "a text in quotes has to stand behind '*'";
  if (piece.kind == PieceKind::column) return "a text in quotes has to stand between two columns: nothing else tells where the first ends";
  if (before->type.value_or(Type::string) == Type::string) return "'*' may not stand behind a column of type string: nothing tells where it ends";
  return {};
}

std::optional<ParseKind> parse_kind(std::string_view word) {
  if (word == "simple") return ParseKind::simple;
  if (word == "regex") return ParseKind::regex;
  if (word == "relaxed") return ParseKind::relaxed;
  return std::nullopt;
}

// The column of this name, with this type now; added behind the others where there is none.
std::size_t put_column(Schema& schema, ColumnPlaces& places, const std::string& name, Type type) {
  auto column = places.find(name);
  if (!column) {
    column = schema.size();
    schema.push_back({name, type});
  }
  schema[*column].type = type;
  return *column;
}

std::string fault_of_pair_regex(const std::string& regex) {
  if (const auto sound = check_regex(regex); !sound) return sound.error().message;
  const int groups = compiled_regex(regex)->NumberOfCapturingGroups();
  return groups == 2 ? "" : fmt::format("'{}' needs two groups in parentheses, one of the key and one of the value; it has {}", regex, groups);
}

}  // namespace

RelationPtr Binder::bind(const Parse& parse_op, const Operator& op, RelationPtr input) {
  const std::string word = word_parameter(op, "kind", "simple");
  const auto kind = parse_kind(word);
  if (!kind) {
    report(place_of_parameter(op, "kind"), fmt::format("there is no parse of kind '{}'; there are simple, regex and relaxed", word), nearest_name(word, {"simple", "regex", "relaxed"}));
    return broken_rows();
  }
  ParseRows out;
  out.input = input;
  {
    const InScope scope(*this, scope_of(input));
    out.source = converted(bind_scalar(*parse_op.source), Type::string);
  }
  if (is_broken(out.source)) return broken_rows();
  out.drop_unmatched = parse_op.where;
  out.relaxed = *kind == ParseKind::relaxed;
  Schema schema = input->schema;
  if (!bind_pieces(parse_op, op, *kind == ParseKind::regex, out, schema)) return broken_rows();
  if (const auto sound = check_regex(out.pattern); !sound) {
    report(op.span, sound.error().message);
    return broken_rows();
  }
  return relation(std::move(schema), std::move(out), input->serialized);
}

// Texts of kind regex are patterns, and the whole may match anywhere; else the pieces are the whole text. The first place
// where a pattern matches is where '*' at its begin ends, so there it needs none; nor does '*' at the end.
bool Binder::bind_pieces(const Parse& parse_op, const Operator& op, bool regex, ParseRows& out, Schema& schema) {
  const ParseKind kind = regex ? ParseKind::regex : out.relaxed ? ParseKind::relaxed : ParseKind::simple;
  const std::string flags = regex ? word_parameter(op, "flags") : "s";
  out.pattern = flags.empty() ? "" : fmt::format("(?{})", flags);
  const auto is_skip = [](const Parse::Piece& piece) { return piece.kind == PieceKind::skip; };
  const bool from_begin = !regex && (parse_op.pieces.empty() || !is_skip(parse_op.pieces.front()));
  const bool to_end = !regex && (parse_op.pieces.empty() || !is_skip(parse_op.pieces.back()));
  if (from_begin) out.pattern += '^';
  int groups = 0;
  ColumnPlaces places(schema);
  const Parse::Piece* before = nullptr;
  for (std::size_t i = 0; i < parse_op.pieces.size(); ++i) {
    const Parse::Piece& piece = parse_op.pieces[i];
    const Parse::Piece* next = i + 1 < parse_op.pieces.size() ? &parse_op.pieces[i + 1] : nullptr;
    if (const std::string_view fault = fault_of_piece(before, piece); !fault.empty()) {
      report(piece.kind == PieceKind::column ? piece.name.span : op.span, std::string(fault));
      return false;
    }
    before = &piece;
    if (piece.kind == PieceKind::skip) {
      if (regex || (i != 0 && next != nullptr)) out.pattern += ".*?";
    } else if (piece.kind == PieceKind::text) {
      const auto text = constant(*piece.text, Type::string, "the text of parse");
      if (!text) return false;
      out.pattern += regex ? text->text() : quote_regex(text->text());
      if (regex) groups += groups_in(text->text());
    } else {
      const Type type = piece.type.value_or(Type::string);
      out.pattern += pattern_of_column(type, kind, next);
      out.captures.push_back({put_column(schema, places, piece.name.text, type), ++groups});
    }
  }
  if (to_end) out.pattern += '$';
  return true;
}

RelationPtr Binder::bind(const ParseKv& parse_op, const Operator& op, RelationPtr input) {
  ParseKvRows out;
  out.input = input;
  {
    const InScope scope(*this, scope_of(input));
    out.source = converted(bind_scalar(*parse_op.source), Type::string);
  }
  if (is_broken(out.source)) return broken_rows();
  for (const Parameter& parameter : parse_op.with)
    if (!bind_key_value_rule(parameter, out.rules)) return broken_rows();
  if (out.rules.pair_delimiter.empty() != out.rules.kv_delimiter.empty()) {
    report(op.keyword, "parse-kv takes both delimiters, pair_delimiter and kv_delimiter, or none of them");
    return broken_rows();
  }
  Schema schema = input->schema;
  ColumnPlaces places(schema);
  std::set<std::size_t> named;
  for (const Declaration& column : parse_op.columns) {
    const auto at = put_column(schema, places, column.name.text, column.type.value_or(Type::string));
    if (!named.insert(at).second) {
      report(column.name.span, fmt::format("the key '{}' is named twice", column.name.text));
      return broken_rows();
    }
    out.columns.push_back(at);
  }
  return relation(std::move(schema), std::move(out), input->serialized);
}

bool Binder::bind_key_value_rule(const Parameter& parameter, KeyValueRules& rules) {
  const std::string& name = parameter.name.text;
  const std::vector<std::string> kNames{"pair_delimiter", "kv_delimiter", "quote", "escape", "greedy", "regex"};
  if (std::find(kNames.begin(), kNames.end(), name) == kNames.end() || parameter.values.size() != 1) {
    report(parameter.name.span, fmt::format("parse-kv knows no '{}'", name), nearest_name(name, kNames));
    return false;
  }
  const auto value = constant(*parameter.values[0], name == "greedy" ? Type::boolean : Type::string, fmt::format("'{}'", name));
  if (!value) return false;
  if (name == "greedy") {
    rules.greedy = !value->is_null() && value->boolean();
    return true;
  }
  const std::string& text = value->text();
  const std::size_t length = count_code_points(text);
  std::string fault;
  if (text.empty()) fault = fmt::format("'{}' may not be empty", name);
  else if (name == "quote" && length > 2) fault = "a quote is one character, or two: the opening and the closing one";
  else if (name == "escape" && length > 1) fault = "an escape is one character";
  else if (name == "regex") fault = fault_of_pair_regex(text);
  if (!fault.empty()) {
    report(parameter.values[0]->span, fault);
    return false;
  }
  if (name == "pair_delimiter") rules.pair_delimiter = text;
  else if (name == "kv_delimiter") rules.kv_delimiter = text;
  else if (name == "escape") rules.escapes.push_back(text);
  else if (name == "regex") rules.regex = text;
  else rules.quotes.emplace_back(text.substr(0, byte_of_code_point(text, 1)), text.substr(length == 2 ? byte_of_code_point(text, 1) : 0));
  return true;
}

}  // namespace kql
