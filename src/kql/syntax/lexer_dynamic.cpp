// SPDX-License-Identifier: Apache-2.0
// What stands within dynamic(…): JSON, with strings in either kind of quotes and KQL's literals as values.
#include <fmt/format.h>

#include <cmath>

#include "base/json.hpp"
#include "kql/syntax/token_reader.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

constexpr int kDeepest = 64;

std::string json_string(std::string_view text) { return base::to_text(base::Json(boost::json::string_view(text.data(), text.size()))); }

std::string json_of_real(double real) {
  if (std::isnan(real)) return "\"NaN\"";
  if (std::isinf(real)) return real > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  const std::string text = fmt::format("{}", real);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

// A scalar literal as JSON; what JSON has no form for is a string.
std::string json_of(const Literal& value) {
  if (value.is_null) return "null";
  switch (value.type) {
    case Type::boolean: return value.integer != 0 ? "true" : "false";
    case Type::int32:
    case Type::int64: return fmt::format("{}", value.integer);
    case Type::real: return json_of_real(value.real);
    case Type::decimal: return value.text;
    case Type::datetime: return json_string(format_datetime(value.integer));
    case Type::timespan: return json_string(format_timespan(value.integer));
    case Type::string:
    case Type::guid: return json_string(value.text);
    case Type::dynamic: return value.text;
  }
  return "null";
}

}  // namespace

// One value; an empty text where there is none, which has been reported.
std::string TokenReader::read_dynamic(int depth) {
  skip_blanks_and_comments();
  const char open = at();
  if (open != '{' && open != '[') return read_dynamic_scalar();
  if (depth == kDeepest) {
    report(position_, fmt::format("a dynamic literal may be {} levels deep", kDeepest));
    position_ = query_.size();
    return {};
  }
  ++position_;
  std::string json(1, open);
  read_members(json, open == '{' ? '}' : ']', depth);
  return json;
}

void TokenReader::read_members(std::string& json, char close, int depth) {
  skip_blanks_and_comments();
  while (position_ < query_.size() && at() != close) {
    const std::size_t begin = position_;
    if (close == '}') {
      if (!at_string()) return report(begin, "a property's name in quotes is expected in the dynamic literal");
      json += json_string(read_string().value.text);
      skip_blanks_and_comments();
      if (at() != ':') return report(begin, "':' is expected behind the property's name");
      ++position_;
      json += ':';
    }
    const std::string member = read_dynamic(depth + 1);
    if (member.empty()) return;
    json += member;
    skip_blanks_and_comments();
    if (at() == close) break;
    if (at() != ',') return report(position_, fmt::format("',' or '{}' is expected in the dynamic literal", close));
    ++position_;
    json += ',';
    skip_blanks_and_comments();
    if (at() == close) return report(begin, "a value is missing behind ',' in the dynamic literal");
  }
  if (at() != close) return report(position_, fmt::format("'{}' is missing in the dynamic literal", close));
  ++position_;
  json += close;
}

std::string TokenReader::read_dynamic_scalar() {
  const std::size_t begin = position_;
  const bool minus = at() == '-';
  if (minus) ++position_;
  Token token = at() == ')' ? Token{TokenKind::end, since(begin), {}, {}} : next();
  // Strings that follow one another are one.
  if (token.kind == TokenKind::literal && token.value.type == Type::string)
    for (skip_blanks_and_comments(); at_string(); skip_blanks_and_comments()) token.value.text += read_string().value.text;
  if (token.kind == TokenKind::name && token.text == "null" && !minus) return "null";
  if (token.kind != TokenKind::literal) {
    if (token.kind != TokenKind::end) position_ = token.span.begin;
    report(begin, "a JSON value is expected in the dynamic literal");
    return {};
  }
  return (minus ? "-" : "") + json_of(token.value);
}

}  // namespace kql
