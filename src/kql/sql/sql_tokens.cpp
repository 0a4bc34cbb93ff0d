// SPDX-License-Identifier: Apache-2.0
#include "kql/sql/sql_tokens.hpp"

#include <fmt/format.h>

#include <array>

namespace kql {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

base::Error refused(std::size_t at, std::string_view what) {
  return {base::Kind::internal, fmt::format("the SQL of a query has {} at byte {}", what, at)};
}

class SqlLexer {
 public:
  explicit SqlLexer(std::string_view sql) : sql_(sql) {}

  base::Result<SqlToken> next() {
    while (at_ < sql_.size() && sql_[at_] == ' ') ++at_;
    const std::size_t begin = at_;
    if (at_ == sql_.size()) return SqlToken{SqlToken::Kind::end, {}, begin};
    const char c = sql_[at_];
    SqlToken::Kind kind = SqlToken::Kind::sign;
    if (c == '\'' || c == '`') {
      TRY(quoted(c));
      kind = c == '`' ? SqlToken::Kind::quoted_name : SqlToken::Kind::text;
    } else if (is_letter(c)) {
      while (at_ < sql_.size() && (is_letter(sql_[at_]) || is_digit(sql_[at_]))) ++at_;
      kind = SqlToken::Kind::word;
    } else if (is_digit(c)) {
      TRY(number());
      kind = SqlToken::Kind::number;
    } else {
      TRY(sign());
    }
    return SqlToken{kind, sql_.substr(begin, at_ - begin), begin};
  }

 private:
  // Ends at the first mark that no backslash stands before. The engine takes two marks for one; here they are refused.
  base::Result<void> quoted(char mark) {
    const std::size_t begin = at_++;
    while (at_ < sql_.size() && sql_[at_] != mark) {
      if (sql_[at_] == '\0') return base::fail(refused(at_, "a zero byte"));
      at_ += sql_[at_] == '\\' ? std::size_t{2} : std::size_t{1};
    }
    if (at_ >= sql_.size()) return base::fail(refused(begin, "a literal without an end"));
    ++at_;
    if (at_ < sql_.size() && (sql_[at_] == '\'' || sql_[at_] == '`' || is_letter(sql_[at_]) || is_digit(sql_[at_])))
      return base::fail(refused(at_, "something right behind a literal"));
    return {};
  }

  // 12, 1.5, 1e-13, 0. ; nothing that goes on with letters.
  base::Result<void> number() {
    const std::size_t begin = at_;
    while (at_ < sql_.size() && is_digit(sql_[at_])) ++at_;
    if (at_ < sql_.size() && sql_[at_] == '.') ++at_;
    while (at_ < sql_.size() && is_digit(sql_[at_])) ++at_;
    if (at_ < sql_.size() && sql_[at_] == 'e') {
      ++at_;
      if (at_ < sql_.size() && (sql_[at_] == '-' || sql_[at_] == '+')) ++at_;
      if (at_ == sql_.size() || !is_digit(sql_[at_])) return base::fail(refused(begin, "half a number"));
      while (at_ < sql_.size() && is_digit(sql_[at_])) ++at_;
    }
    if (at_ < sql_.size() && (is_letter(sql_[at_]) || sql_[at_] == '\'' || sql_[at_] == '`' || sql_[at_] == '.'))
      return base::fail(refused(begin, "a number that goes on"));
    return {};
  }

  base::Result<void> sign() {
    static constexpr std::array<std::string_view, 16> kSigns{"<=>", "<=", ">=", "!=", "->", "(", ")", "[", "]", ",", ".", "+", "-", "*", "<", ">"};
    const std::string_view rest = sql_.substr(at_);
    const std::string_view two = rest.substr(0, 2);
    if (two == "--" || two == "/*" || two == "//") return base::fail(refused(at_, "a comment"));
    for (const std::string_view sign : kSigns) {
      if (rest.substr(0, sign.size()) != sign) continue;
      at_ += sign.size();
      return {};
    }
    if (rest[0] == '=' || rest[0] == '/') {
      if (two == "==") return base::fail(refused(at_, "an operator that is not known"));
      ++at_;
      return {};
    }
    return base::fail(refused(at_, fmt::format("the byte 0x{:02x}", static_cast<unsigned char>(rest[0]))));
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

}  // namespace

base::Result<std::vector<SqlToken>> sql_tokens(std::string_view sql) {
  std::vector<SqlToken> out;
  SqlLexer lexer(sql);
  do {
    out.push_back(TRY(lexer.next()));
  } while (out.back().kind != SqlToken::Kind::end);
  return out;
}

std::string unquoted_name(std::string_view token) {
  std::string out;
  for (std::size_t i = 1; i + 1 < token.size(); ++i) {
    if (token[i] == '\\' && i + 2 < token.size()) ++i;
    out += token[i];
  }
  return out;
}

}  // namespace kql
