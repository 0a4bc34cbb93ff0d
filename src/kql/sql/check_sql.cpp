// SPDX-License-Identifier: Apache-2.0
#include "kql/sql/check_sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "kql/sql/sql_tokens.hpp"
#include "kql/sql/sql_writer.hpp"

namespace kql {

namespace {

using Kind = SqlToken::Kind;
using Words = std::set<std::string_view>;

constexpr std::size_t kDeepestParentheses = 900;

const Words& keywords() {
  static const Words kWords{"ALL",   "AND",  "ANTI",  "ARRAY", "AS",    "ASC",  "BY",    "DESC", "FIRST", "FROM",  "FULL", "GROUP", "IN",
                            "INNER", "JOIN", "LAST",  "LEFT",  "LIMIT", "NOT",  "NULL",  "NULLS", "ON",   "OR",    "ORDER", "RIGHT", "SELECT",
                            "SEMI",  "UNION", "WHERE", "true",  "false", "nan",  "inf"};
  return kWords;
}

// Each gives a value of its arguments alone, but for rand64. "CAST" and "reinterpret" take the name of a type as a text.
const Words& functions() {
  static const Words kWords{
      "CAST", "abs", "accurateCastOrNull", "any", "anyIf", "argMax", "argMaxIf", "argMin", "argMinIf", "arrayElement", "arrayEnumerate", "arrayFilter",
      "arrayMap", "arrayResize", "arraySlice", "arrayStringConcat", "ascii", "avg", "avgIf", "bitAnd", "bitNot", "bitOr", "bitShiftLeft", "bitShiftRight", "bitXor",
      "ceil", "concat", "cos", "count", "countIf", "countSubstrings", "empty", "endsWith", "exp", "exp10", "exp2", "extract", "extractAll", "extractGroups", "formatDateTime",
      "floor", "greatest", "groupArray", "groupArrayIf", "groupArrayArrayIf", "groupBitAnd", "groupBitAndIf", "groupBitOr", "groupBitOrIf", "groupBitXor", "groupBitXorIf",
      "groupUniqArray", "groupUniqArrayArrayIf", "groupUniqArrayIf", "hasAllTokens", "hasAnyTokens", "hasTokenCaseInsensitive", "hex", "if", "ifNull", "intDiv",
      "intDivOrNull", "isFinite", "isInfinite", "isNaN", "isNotNull", "isNull", "least", "left", "leftPad", "length", "lengthUTF8", "ln", "log", "log10",
      "log2", "lower", "lowerUTF8", "match", "materialize", "max", "maxIf", "min", "minIf", "modulo", "multiIf", "negate", "notEmpty", "nullIf", "pi",
      "position", "positionCaseInsensitive", "positionUTF8", "positiveModulo", "positiveModuloOrNull", "pow", "quantileExact", "quantileExactIf", "quantilesExact", "radians", "rand64",
      "degrees", "reinterpret", "reinterpretAsInt64", "repeat", "replaceAll", "replaceOne", "replaceRegexpAll", "replaceRegexpOne", "reverse", "reverseUTF8", "right", "rightPad", "round", "sign",
      "sin", "splitByString", "sqrt", "startsWith", "stddevPopStable", "stddevPopStableIf", "stddevSampStable", "stddevSampStableIf", "substring",
      "substringUTF8", "sum", "sumIf", "tan", "acos", "asin", "atan", "atan2", "throwIf", "toBool", "toDate", "toDateTime64", "toDateTime64OrNull",
      "toDayOfMonth", "toDayOfWeek", "toDayOfYear", "toFloat64", "toFloat64OrNull", "toHour", "toISOWeek", "toInt32", "toInt64", "toInt64OrNull", "toJSONString",
      "toMinute", "toMonth", "toNullable", "toQuarter", "toSecond", "toString", "toUUID", "toUUIDOrNull", "toYear", "translateUTF8", "trimBoth", "trimLeft", "trimRight",
      "trunc", "tuple", "tupleElement", "uniqCombined64", "uniqCombined64If", "uniqExact", "uniqExactIf", "upper", "upperUTF8", "varPopStable",
      "varPopStableIf", "varSampStable", "varSampStableIf", "JSONExtractArrayRaw", "JSONExtractBool", "JSONExtractFloat", "JSONExtractInt",
      "JSONExtractKeysAndValuesRaw", "JSONExtractRaw", "JSONExtractString", "JSONLength", "JSONType", "base64Encode", "tryBase64Decode", "MD5", "SHA1", "SHA256"};
  return kWords;
}

// Aggregates that take parameters in front of their arguments: "groupArray(10)(x)".
const Words& parametric() {
  static const Words kWords{"groupArray", "groupArrayIf", "groupArrayArrayIf", "groupUniqArray", "groupUniqArrayIf", "groupUniqArrayArrayIf", "quantileExact", "quantileExactIf", "quantilesExact",
                            "uniqCombined64", "uniqCombined64If"};
  return kWords;
}

// t1, c2, e3, x4: names that the writer gives.
bool is_own_name(std::string_view word, std::string_view letters) {
  return word.size() > 1 && word.size() < 9 && letters.find(word[0]) != std::string_view::npos &&
         std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class Wall {
 public:
  Wall(const std::vector<SqlToken>& tokens, const std::vector<SqlTableName>& tables) : tokens_(tokens), tables_(tables) {}

  base::Result<void> pass() {
    if (!is(0, "SELECT")) return refuse(0, "it does not begin with SELECT");
    for (at_ = 0; tokens_[at_].kind != Kind::end; ++at_) TRY(pass_token());
    return open_.empty() ? base::Result<void>() : refuse(at_, "a parenthesis is not closed");
  }

 private:
  base::Result<void> pass_token() {
    const SqlToken& token = tokens_[at_];
    switch (token.kind) {
      case Kind::word: return pass_word(token.text);
      case Kind::quoted_name: return refuse(at_, "a name stands where none may");  // those that may are passed with what is in front
      case Kind::sign: return pass_sign(token.text);
      default: return {};
    }
  }

  base::Result<void> pass_word(std::string_view word) {
    if (is(at_ + 1, "(") && keywords().count(word) == 0) {
      if (functions().count(word) == 0) return refuse(at_, "a function that is not known");
      called_ = word;
      return {};
    }
    if (is_own_name(word, "tcex")) return pass_own_name(word);
    if (keywords().count(word) == 0) return refuse(at_, "a word that is not known");
    if (word == "FROM" || word == "JOIN") return is(at_ - 1, "ARRAY") ? base::Result<void>() : pass_source();
    if (word == "SELECT" && at_ > 0 && !is(at_ - 1, "(") && !is(at_ - 1, "ALL")) return refuse(at_, "a second statement begins");
    if (word == "UNION" && (!is(at_ + 1, "ALL") || !(is(at_ + 2, "SELECT") || is(at_ + 2, "(")))) return refuse(at_, "a union of another kind");
    if (word == "IN" && !is(at_ + 1, "(")) return refuse(at_, "IN without a list");
    if (word == "LIMIT" && tokens_[at_ + 1].kind != Kind::number) return refuse(at_, "LIMIT without a number");
    return {};
  }

  // "t1.c2", "t1.`name`", "t1.number", or the name alone.
  base::Result<void> pass_own_name(std::string_view word) {
    if (!is(at_ + 1, ".")) {
      // "FROM a AS t1, b": the second one would be a table.
      if (word[0] == 't' && is(at_ + 1, ",")) return refuse(at_, "a list of tables");
      if (word[0] == 't' && !is(at_ - 1, "AS")) return refuse(at_, "a table as a value");
      return {};
    }
    if (word[0] != 't') return refuse(at_, "a member of a column");
    const SqlToken& member = tokens_[at_ + 2];
    const bool fits = member.kind == Kind::quoted_name || (member.kind == Kind::word && (is_own_name(member.text, "c") || member.text == "number"));
    if (!fits || is(at_ + 3, "(") || is(at_ + 3, ".")) return refuse(at_, "no column of a table");
    at_ += 2;
    return {};
  }

  // Behind FROM or JOIN: "`database`.`table` AS t1", "(SELECT …) AS t1", "numbers(10) AS t1".
  base::Result<void> pass_source() {
    if (is(at_ + 1, "(")) return is(at_ + 2, "SELECT") || is(at_ + 2, "(") ? base::Result<void>() : refuse(at_ + 2, "no subquery");
    if (is(at_ + 1, "numbers")) {
      if (!is(at_ + 2, "(") || tokens_[at_ + 3].kind != Kind::number || !is(at_ + 4, ")") || !is(at_ + 5, "AS")) return refuse(at_ + 1, "no range of numbers");
      at_ += 4;
      return {};
    }
    if (tokens_[at_ + 1].kind != Kind::quoted_name || !is(at_ + 2, ".") || tokens_[at_ + 3].kind != Kind::quoted_name || !is(at_ + 4, "AS"))
      return refuse(at_ + 1, "no table");
    const std::string database = unquoted_name(tokens_[at_ + 1].text), table = unquoted_name(tokens_[at_ + 3].text);
    const bool known = std::any_of(tables_.begin(), tables_.end(), [&](const SqlTableName& t) { return t.database == database && t.table == table; });
    if (!known) return refuse(at_ + 1, "a table that may not be read");
    at_ += 3;
    return {};
  }

  base::Result<void> pass_sign(std::string_view sign) {
    if (sign == "(" || sign == "[") {
      if (open_.size() >= kDeepestParentheses) return refuse(at_, "it is too deep");
      open_.push_back({sign[0], called_});
      called_ = {};
    } else if (sign == ")" || sign == "]") {
      if (open_.empty() || (open_.back().sign == '(') != (sign == ")")) return refuse(at_, "a parenthesis that was not opened");
      const std::string_view function = open_.back().function;
      open_.pop_back();
      if (!is(at_ + 1, "(")) return {};
      if (sign == "]" || parametric().count(function) == 0) return refuse(at_ + 1, "a call of a call");
      called_ = "()";  // behind its parameters: no third pair
    } else if (sign == ".") {
      return refuse(at_, "a point");
    } else if (sign == "*" && !ends_operand(at_ - 1)) {
      return refuse(at_, "all columns");
    }
    return {};
  }

  bool ends_operand(std::size_t at) const {
    const SqlToken& token = tokens_[at];
    return token.kind == Kind::number || token.kind == Kind::text || token.kind == Kind::quoted_name || token.text == ")" || token.text == "]" ||
           (token.kind == Kind::word && (is_own_name(token.text, "cex") || token.text == "nan" || token.text == "inf" || token.text == "number"));
  }

  bool is(std::size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].text == text && tokens_[at].kind != Kind::text && tokens_[at].kind != Kind::quoted_name;
  }

  tl::unexpected<base::Error> refuse(std::size_t at, std::string_view why) const {
    const SqlToken& token = tokens_[std::min(at, tokens_.size() - 1)];
    return base::fail(base::Kind::internal, fmt::format("the SQL of a query was not sent: {} at byte {}, '{}'", why, token.at, base::printable(token.text.substr(0, 40))));
  }

  struct Open {
    char sign;
    std::string_view function;  // that was called; empty where it was none
  };

  const std::vector<SqlToken>& tokens_;
  const std::vector<SqlTableName>& tables_;
  std::size_t at_ = 0;
  std::string_view called_;
  std::vector<Open> open_;
};

}  // namespace

base::Result<void> check_sql(std::string_view sql, const std::vector<SqlTableName>& tables) {
  if (sql.size() > kLongestSql) return base::fail(base::Kind::internal, "the SQL of a query was not sent: it is too long");
  const std::vector<SqlToken> tokens = TRY(sql_tokens(sql));
  return Wall(tokens, tables).pass();
}

}  // namespace kql
