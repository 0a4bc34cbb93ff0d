// SPDX-License-Identifier: Apache-2.0
#include "kql/syntax/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "base/text.hpp"
#include "kql/syntax/hints.hpp"
#include "kql/syntax/parser.hpp"
#include "kql/syntax/token_reader.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

constexpr int kDeepestDynamics = 8;

bool begins_number(char c) { return c >= '0' && c <= '9'; }
bool begins_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return begins_word(c) || begins_number(c); }

// Blanks other than ASCII's, as copied from web pages and documents, and the mark that a file may begin with.
constexpr std::array<std::string_view, 19> kOtherBlanks{"\u00a0", "\u1680", "\u180e", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
                                                        "\u2007", "\u2008", "\u2009", "\u200a", "\u200b", "\u202f", "\u205f", "\u3000", "\ufeff"};

// How many bytes of a blank the text begins with.
std::size_t blank_size(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text.front());
  if (first == ' ' || (first >= '\t' && first <= '\r')) return 1;
  if (first < 0x80) return 0;
  const auto blank = std::find_if(kOtherBlanks.begin(), kOtherBlanks.end(), [&](std::string_view candidate) { return text.substr(0, candidate.size()) == candidate; });
  return blank == kOtherBlanks.end() ? 0 : blank->size();
}

bool is_true(std::string_view name) { return name == "true" || name == "True" || name == "TRUE"; }
bool is_false(std::string_view name) { return name == "false" || name == "False" || name == "FALSE"; }

// Longer ones first. "!" with a word ("!in", "!has_cs") is read apart.
constexpr std::array<std::string_view, 29> kSymbols{"..", "=>", "==", "=~", "!=", "!~", "<=", ">=", "<>", "(", ")", "[", "]", "{", "}",
                                                    ",",  ";",  ":",  ".",  "|",  "=",  "<",  ">",  "+",  "-", "*", "/", "%", "?"};

Literal long_value(std::string_view digits, int base) {
  std::int64_t value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return {Type::int64, read.ec != std::errc() || digits.empty(), value, 0, {}};
}

std::optional<double> parse_real(std::string_view text) {
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "+inf" || text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc::invalid_argument || read.ptr != text.data() + text.size()) return std::nullopt;
  // 1e400 is infinite and 1e-400 zero: the nearest there are.
  if (read.ec == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);
  return value;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  const bool minus = !text.empty() && text.front() == '-';
  if (minus || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  const bool hexadecimal = text.substr(0, 2) == "0x" || text.substr(0, 2) == "0X";
  if (hexadecimal) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  if (!minus && !hexadecimal && value > INT64_MAX) return std::nullopt;
  if (minus && value > static_cast<std::uint64_t>(INT64_MAX) + 1) return std::nullopt;
  return static_cast<std::int64_t>(minus ? 0 - value : value);
}

}  // namespace

std::vector<Token> tokenize(std::string_view query, std::vector<Diagnostic>& diagnostics) {
  TokenReader reader(query, diagnostics);
  std::vector<Token> tokens;
  tokens.reserve(std::min<std::size_t>(query.size() / 2, kMostTokens) + 2);
  do tokens.push_back(reader.next());
  while (tokens.back().kind != TokenKind::end && tokens.size() <= kMostTokens);
  Token& last = tokens.back();
  if (last.kind != TokenKind::end) {
    diagnostics.push_back({last.span, fmt::format("the query has more than {} words and signs", kMostTokens), {}});
    last = {TokenKind::end, last.span, {}, {}};
  }
  return tokens;
}

Token TokenReader::next() {
  for (;;) {
    if (diagnostics_.size() >= kMostDiagnostics) position_ = query_.size();  // nobody is told of more
    skip_blanks_and_comments();
    if (position_ >= query_.size()) return {TokenKind::end, since(position_), {}, {}};
    if (at_string()) return read_string();
    if (begins_number(at())) return read_number();
    if (begins_word(at()) || (at() == '$' && begins_word(at(1)))) return read_name();
    Token token = read_symbol();
    if (token.kind != TokenKind::end) return token;  // else what was there means nothing
  }
}

void TokenReader::skip_blanks_and_comments() {
  while (position_ < query_.size()) {
    const std::size_t blank = blank_size(query_.substr(position_));
    if (blank == 0 && !starts_with("//")) return;
    position_ = blank > 0 ? position_ + blank : std::min(query_.find('\n', position_), query_.size());
  }
}

// Reads what other languages write, says so, and goes on with what stands for it here.
std::optional<Token> TokenReader::read_foreign_sign() {
  const ForeignSign sign = foreign_sign(query_.substr(position_));
  if (sign.length == 0) return std::nullopt;
  const std::size_t begin = position_;
  position_ += sign.length;
  const std::string_view text = query_.substr(begin, sign.length);
  report(begin, fmt::format("'{}' means nothing here{}{}", text, sign.advice.empty() ? "" : ": ", sign.advice), std::string(sign.instead));
  if (text == "#") position_ = std::min(query_.find('\n', position_), query_.size());
  if (text == "/*") position_ = std::min(query_.find("*/", position_), query_.size() - 2) + 2;
  if (sign.instead.empty()) return Token{TokenKind::end, since(begin), {}, {}};
  return Token{begins_word(sign.instead.front()) ? TokenKind::name : TokenKind::symbol, since(begin), std::string(sign.instead), {}};
}

Token TokenReader::read_symbol() {
  const std::size_t begin = position_;
  if (auto foreign = read_foreign_sign()) return std::move(*foreign);
  if (at() == '!' && begins_word(at(1))) {
    ++position_;
    while (is_name_part(at())) ++position_;
    if (at() == '~') ++position_;
    return {TokenKind::symbol, since(begin), std::string(query_.substr(begin, position_ - begin)), {}};
  }
  const auto known = std::find_if(kSymbols.begin(), kSymbols.end(), [&](std::string_view symbol) { return symbol[0] == at() && starts_with(symbol); });
  if (known != kSymbols.end()) {
    position_ += known->size();
    return {TokenKind::symbol, since(begin), std::string(*known), {}};
  }
  do ++position_;
  while ((static_cast<unsigned char>(at()) & 0xc0) == 0x80);
  report(begin, fmt::format("'{}' means nothing here", query_.substr(begin, position_ - begin)));
  return {TokenKind::end, since(begin), {}, {}};
}

Token TokenReader::read_name() {
  const std::size_t begin = position_;
  ++position_;
  while (is_name_part(at())) ++position_;
  std::string name(query_.substr(begin, position_ - begin));
  if (name == "in" && at() == '~') {
    ++position_;
    name += '~';
  }
  if (is_true(name) || is_false(name)) return {TokenKind::literal, since(begin), {}, {Type::boolean, false, is_true(name) ? 1 : 0, 0, {}}};
  const std::size_t end = position_;
  if (const auto type = parse_type(name); type && *type != Type::string) {
    skip_blanks_and_comments();
    if (at() == '(') {
      // datetime() is the time of the query.
      const std::size_t within = query_.find_first_not_of(" \t\r\n\v\f", position_ + 1);
      if (*type == Type::datetime && within != std::string_view::npos && query_[within] == ')') {
        position_ = end;
        return {TokenKind::name, since(begin), "now", {}};
      }
      ++position_;
      return read_typed_literal(begin, *type);
    }
    position_ = end;
  }
  return {TokenKind::name, since(begin), std::move(name), {}};
}

// dynamic(…) within dynamic(…).
std::string TokenReader::read_nested_dynamic() {
  if (within_dynamics_ == kDeepestDynamics) {
    report(position_, fmt::format("dynamic() may stand within dynamic() {} times", kDeepestDynamics));
    position_ = query_.size();
    return {};
  }
  ++within_dynamics_;
  std::string out = read_dynamic(0);
  --within_dynamics_;
  return out;
}

Token TokenReader::read_typed_literal(std::size_t begin, Type type) {
  Literal value{type, false, 0, 0, {}};
  if (type == Type::dynamic) {
    value.text = read_nested_dynamic();
    skip_blanks_and_comments();
    value.is_null = value.text == "null" || value.text.empty();
  } else {
    const std::size_t end = std::min(query_.find(')', position_), query_.size());
    const std::string_view text = base::trim(query_.substr(position_, end - position_));
    position_ = end;
    if (const auto read = typed_value(type, text)) value = *read;
    else report(begin, fmt::format("'{}' is not a {}", text, type_name(type)));
  }
  if (at() == ')') ++position_;
  else report(begin, fmt::format("')' is missing behind {}(…", type_name(type)));
  return {TokenKind::literal, since(begin), {}, std::move(value)};
}

// Nothing for text that is no such value.
std::optional<Literal> TokenReader::typed_value(Type type, std::string_view text) {
  if (text == "null" || text.empty()) return Literal{type, true, 0, 0, {}};
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) text = text.substr(1, text.size() - 2);
  std::optional<std::int64_t> integer;
  switch (type) {
    case Type::boolean:
      if (text == "true" || text == "false") integer = text == "true" ? 1 : 0;
      else if ((integer = parse_whole(text))) integer = *integer != 0 ? 1 : 0;
      break;
    case Type::int32:
      integer = parse_whole(text);
      if (integer && (*integer > INT32_MAX || *integer < INT32_MIN)) integer.reset();
      break;
    case Type::int64: integer = parse_whole(text); break;
    case Type::datetime: integer = parse_datetime(text); break;
    case Type::timespan: integer = parse_timespan(text); break;
    case Type::real:
      if (const auto real = parse_real(text)) return Literal{type, false, 0, *real, {}};
      return std::nullopt;
    case Type::decimal:
      if (parse_real(text)) return Literal{type, false, 0, 0, std::string(text)};
      return std::nullopt;
    case Type::guid:
      if (auto guid = parse_guid(text)) return Literal{type, false, 0, 0, std::move(*guid)};
      return std::nullopt;
    case Type::string:
    case Type::dynamic: return std::nullopt;
  }
  if (!integer) return std::nullopt;
  return Literal{type, false, *integer, 0, {}};
}

// Digits with a point and an exponent, where the point does not begin "..".
std::size_t TokenReader::number_size() const {
  std::size_t size = 0;
  while (begins_number(at(size))) ++size;
  if (at(size) == '.' && at(size + 1) != '.' && !begins_word(at(size + 1))) {
    ++size;
    while (begins_number(at(size))) ++size;
  }
  if (at(size) != 'e' && at(size) != 'E') return size;
  const std::size_t sign = at(size + 1) == '+' || at(size + 1) == '-' ? 1 : 0;
  if (!begins_number(at(size + 1 + sign))) return size;
  size += 1 + sign;
  while (begins_number(at(size))) ++size;
  return size;
}

Token TokenReader::read_number() {
  const std::size_t begin = position_;
  if (at() == '0' && (at(1) == 'x' || at(1) == 'X')) {
    position_ += 2;
    while (std::isxdigit(static_cast<unsigned char>(at())) != 0) ++position_;
    const auto value = parse_whole(query_.substr(begin, position_ - begin));
    if (!value) report(begin, "a hexadecimal number of at most 16 digits is expected");
    return {TokenKind::literal, since(begin), {}, {Type::int64, !value, value.value_or(0), 0, {}}};
  }
  position_ += number_size();
  const std::string_view number = query_.substr(begin, position_ - begin);
  const std::size_t unit_begin = position_;
  while (is_name_part(at())) ++position_;
  const std::string_view unit = query_.substr(unit_begin, position_ - unit_begin);
  if (const auto ticks = parse_duration(number, unit)) return {TokenKind::literal, since(begin), {}, {Type::timespan, false, *ticks, 0, {}}};
  if (!unit.empty()) {
    // A name may begin with digits: 24h_count.
    if (!base::is_digits(number)) report(begin, fmt::format("'{}' is neither a number nor a timespan", query_.substr(begin, position_ - begin)));
    return {TokenKind::name, since(begin), std::string(query_.substr(begin, position_ - begin)), {}};
  }
  if (!base::is_digits(number)) return {TokenKind::literal, since(begin), {}, {Type::real, false, 0, parse_real(number).value_or(0), {}}};
  Literal value = long_value(number, 10);
  // 9223372036854775808 is right behind a minus only, which the parser sees to: it wraps to the smallest long, and the minus
  // leaves it there.
  if (value.is_null && number == "9223372036854775808") value = {Type::int64, false, INT64_MIN, 0, {}};
  if (value.is_null) report(begin, fmt::format("{} is too large for a long; write real({})", number, number));
  return {TokenKind::literal, since(begin), {}, std::move(value)};
}

}  // namespace kql
