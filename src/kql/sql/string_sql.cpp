// SPDX-License-Identifier: Apache-2.0
// Functions of texts.
#include <fmt/format.h>
#include <re2/re2.h>

#include "kql/regex.hpp"
#include "kql/sql/dynamic_sql.hpp"
#include "kql/sql/scalar_writer.hpp"
#include "kql/sql/sql_literals.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

void append_point(std::uint32_t point, std::string& out) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xc0 | point >> 6);
  } else {
    put(0xe0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3f));
  }
  put(0x80 | (point & 0x3f));
}

// The letters that a mapping changes, and what it makes of them.
struct LetterTable {
  explicit LetterTable(std::string (*map)(std::string_view)) {
    for (std::uint32_t point = 'A'; point <= 0xffff; ++point) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      std::string letter;
      append_point(point, letter);
      const std::string mapped = map(letter);
      if (mapped == letter) continue;
      from += letter;
      to += mapped;
    }
  }
  std::string from, to;
};

// The engine's own mapping knows more letters of Unicode than KQL's operators do here.
std::string mapped_sql(std::string_view text, std::string_view of_ascii, const LetterTable& table) {
  return fmt::format("if(lengthUTF8({0}) = length({0}), {1}({0}), translateUTF8({0}, {2}, {3}))", text, of_ascii, quote_sql_text(table.from),
                     quote_sql_text(table.to));
}

Sql lowered_sql(const ScalarWriter& w, const Scalar&, const Call& call) { return folded_sql(TRY(text_argument(w, call, 0))); }
Sql uppered_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  static const LetterTable kTable(upper_case);
  return mapped_sql(TRY(text_argument(w, call, 0)), "upper", kTable);
}

Sql concatenated_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) parts.push_back(TRY(text_argument(w, call, i)));
  return parts.empty() ? "''" : parts.size() == 1 ? parts[0] : fmt::format("concat({})", joined_sql(parts, ", "));
}

std::optional<std::int64_t> whole_of(const Call& call, std::size_t i) {
  const Value* value = i < call.arguments.size() && is_whole(call.arguments[i]->type) ? literal_of(*call.arguments[i]) : nullptr;
  return value == nullptr || value->is_null() ? std::nullopt : std::optional(value->integer());
}

// The part from a place, or of a length, that only the row tells.
Sql computed_part(const ScalarWriter& w, const Call& call) {
  const std::string text = TRY(text_argument(w, call, 0));
  const std::string start = fmt::format("toInt64({})", TRY(w.argument(call, 1)));
  const std::string from = fmt::format("if({0} >= 0, least({0}, {1}), greatest(0, toInt64(lengthUTF8({2})) + {0})) + 1", start, INT32_MAX, text);
  std::string part = fmt::format("substringUTF8({}, {})", text, from);
  if (call.arguments.size() > 2) part = fmt::format("substringUTF8({}, {}, least(greatest(toInt64({}), 0), {}))", text, from, TRY(w.argument(call, 2)), INT32_MAX);
  // The engine's greatest() passes over a NULL.
  return w.may_be_null(*call.arguments[1]) ? fmt::format("if(isNull({}), '', ifNull({}, ''))", start, part) : fmt::format("ifNull({}, '')", part);
}

Sql part_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  constexpr std::int64_t kMost = INT32_MAX;
  const auto start = whole_of(call, 1);
  const auto count = whole_of(call, 2);
  if (!start || (call.arguments.size() > 2 && !count)) return computed_part(w, call);
  if (*start > kMost || *start < -kMost) return base::fail(no_sql("this substring()"));
  const std::string text = TRY(text_argument(w, call, 0));
  if (count && *count <= 0) return "''";
  const std::string from = *start >= 0 ? fmt::to_string(*start + 1) : fmt::format("greatest(1, toInt64(lengthUTF8({})) - {})", text, -*start - 1);
  if (!count || *count > kMost) return fmt::format("substringUTF8({}, {})", text, from);
  return fmt::format("substringUTF8({}, {}, {})", text, from, *count);
}

// Text of the group of a match, '' where there is none.
Sql extracted_sql(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  const std::string* pattern = text_literal(call, 0);
  const auto group = whole_of(call, 1);
  if (pattern == nullptr || !group || *group < 0 || call.arguments.size() != 3 || scalar.type != Type::string) return base::fail(no_sql("this extract()"));
  const re2::RE2* compiled = compiled_regex(*pattern);
  if (compiled == nullptr || *group > compiled->NumberOfCapturingGroups()) return base::fail(no_sql("a group that the pattern has not"));
  const std::string text = TRY(w.argument(call, 2));
  if (*group == 0) return fmt::format("extract({}, {})", text, TRY(regex_literal(*pattern, "(", ")")));
  return fmt::format("arrayElement(extractGroups({}, {}), {})", text, TRY(regex_literal(*pattern)), *group);
}

// What stands in the text's place are the groups \0 to \9, there and here; the engine has no other escape.
Sql replaced_by_regex(const ScalarWriter& w, const Scalar&, const Call& call) {
  const std::string* pattern = text_literal(call, 1);
  const std::string* rewrite = text_literal(call, 2);
  const re2::RE2* compiled = pattern == nullptr ? nullptr : compiled_regex(*pattern);
  if (compiled == nullptr || may_match_nothing(*pattern)) return base::fail(no_sql("a regular expression that may match nothing"));
  std::string error;
  if (rewrite == nullptr || rewrite->find("\\\\") != std::string::npos || !compiled->CheckRewriteString(*rewrite, &error)) return base::fail(no_sql("this replacement"));
  // In a group, since of a pattern without any sign the engine takes the replacement as it stands.
  return fmt::format("replaceRegexpAll({}, {}, {})", TRY(w.argument(call, 0)), TRY(regex_literal(*pattern, "(?:", ")")), quote_sql_text(*rewrite));
}

// One match at the begin, one at the end.
template <bool start, bool end>
Sql trimmed_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  const std::string* pattern = text_literal(call, 0);
  if (pattern == nullptr) return base::fail(no_sql("a regular expression that is not known"));
  std::string text = TRY(w.argument(call, 1));
  if (start) text = fmt::format("replaceRegexpOne({}, {}, '')", text, TRY(regex_literal(*pattern, "\\A(?:", ")")));
  if (end) text = fmt::format("replaceRegexpOne({}, {}, '')", text, TRY(regex_literal(*pattern, "(?:", ")\\z")));
  return text;
}

// Of the first place, in letters, from 0; a dynamic that is null has none, not even -1.
Sql place_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  const std::string* needle = text_literal(call, 1);
  const Scalar& own = *call.arguments[0];
  const ColumnSql* column = w.column(own);
  const bool is_dynamic = own.type == Type::dynamic && column != nullptr;
  if (call.arguments.size() != 2 || needle == nullptr || needle->empty() || (own.type != Type::string && !is_dynamic)) return base::fail(no_sql("this indexof()"));
  const std::string place = fmt::format("(toInt64(positionUTF8({}, {})) - 1)", TRY(text_argument(w, call, 0)), quote_sql_text(*needle));
  return is_dynamic ? fmt::format("if({} = '', NULL, {})", column->sql, place) : place;
}

Sql replaced_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  const std::string* what = text_literal(call, 1);
  if (what == nullptr || what->empty()) return base::fail(no_sql("a replacement of texts that are not known"));
  return fmt::format("replaceAll({}, {}, {})", TRY(w.argument(call, 0)), TRY(w.argument(call, 1)), TRY(w.argument(call, 2)));
}

Sql length_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  return fmt::format("toInt64(lengthUTF8({}))", TRY(w.argument(call, 0)));
}

constexpr SqlForm kStringForms[] = {
    {"tolower", lowered_sql},   {"toupper", uppered_sql},   {"strcat", concatenated_sql},       {"substring", part_sql},
    {"extract", extracted_sql}, {"strlen", length_sql},     {"replace_string", replaced_sql},
    {"trim", trimmed_sql<true, true>},  {"trim_start", trimmed_sql<true, false>}, {"trim_end", trimmed_sql<false, true>},
    {"indexof", place_sql},     {"replace_regex", replaced_by_regex},
};

}  // namespace

// The text of what a path leads to is read from there, not out of its JSON.
Sql text_argument(const ScalarWriter& w, const Call& call, std::size_t i) {
  const Scalar& own = *call.arguments[i];
  return own.type == Type::dynamic ? dynamic_as(w, own, Type::string) : text_of_value(TRY(w.value(own)), own.type);
}

Sql regex_literal(std::string_view pattern, std::string_view open, std::string_view close) {
  if (pattern.find('\0') != std::string_view::npos || !check_regex(pattern)) return base::fail(no_sql("this regular expression"));
  // There, a dot takes a line feed, too.
  const std::string_view flags = pattern.find('.') == std::string_view::npos ? "" : "(?-s)";
  return quote_sql_text(fmt::format("{}{}{}{}", flags, open, re2_pattern(pattern, true), close));
}

std::string folded_sql(std::string_view text) {
  static const LetterTable kTable(fold_case);
  return mapped_sql(text, "lower", kTable);
}

std::span<const SqlForm> string_forms() { return kStringForms; }

}  // namespace kql
