// SPDX-License-Identifier: Apache-2.0
#include "kql/syntax/hints.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"

namespace kql {

namespace {

using Hints = std::map<std::string_view, Hint>;

Hint hint_of(const Hints& hints, std::string_view word) {
  const auto at = hints.find(base::to_lower(word));
  return at == hints.end() ? Hint() : at->second;
}

constexpr std::string_view kComment = "a comment begins with //", kQuotes = "a text stands in straight quotes";

struct SignHint {
  std::string_view text;
  std::string_view instead, advice;
  std::size_t length = text.size();  // of what is the sign itself
};

// Longer ones first.
constexpr std::array<SignHint, 18> kForeignSigns{{{"===", "==", ""}, {"!==", "!=", ""}, {"!=~", "!~", ""}, {"!~=", "!~", ""}, {"~=", "=~", ""}, {"=<", "<=", ""},
                                           {":=", "=", ""},   {"&&", "and", ""}, {"||", "or", ""},  {"&", "and", ""},  {"!(", "not", "", 1},
                                           {"/*", "", kComment}, {"#", "", kComment}, {"`", "", "a name that is no plain word stands in brackets: ['a b']"},
                                           {"“", "", kQuotes}, {"”", "", kQuotes}, {"‘", "", kQuotes}, {"’", "", kQuotes}}};

}  // namespace

Hint operator_hint(std::string_view word) {
  static const Hints kHints{{"select", {"project", ""}},
                            {"fields", {"project", ""}},
                            {"columns", {"project", ""}},
                            {"having", {"where", ""}},
                            {"and", {"where", ""}},
                            {"group", {"", "groups are made by 'summarize … by'"}},
                            {"groupby", {"", "groups are made by 'summarize … by'"}},
                            {"aggregate", {"summarize", ""}},
                            {"stats", {"summarize", ""}},
                            {"eval", {"extend", ""}},
                            {"set", {"extend", ""}},
                            {"let", {"", "'let x = …;' stands before the query; a column is added by 'extend'"}},
                            {"from", {"", "a query begins with its table: T | where …"}},
                            {"orderby", {"order by", ""}},
                            {"sortby", {"sort by", ""}},
                            {"head", {"take", ""}},
                            {"first", {"take", ""}},
                            {"offset", {"", "rows are numbered by 'serialize n = row_number()' and chosen by 'where n > …'"}},
                            {"skip", {"", "rows are numbered by 'serialize n = row_number()' and chosen by 'where n > …'"}},
                            {"rename", {"project-rename", ""}},
                            {"drop", {"project-away", ""}},
                            {"remove", {"project-away", ""}},
                            {"keep", {"project-keep", ""}},
                            {"dedup", {"distinct", ""}},
                            {"unique", {"distinct", ""}},
                            {"append", {"union", ""}},
                            {"rex", {"parse", ""}},
                            {"regex", {"", "texts are matched by 'where x matches regex \"…\"', and taken apart by 'parse'"}},
                            {"explode", {"mv-expand", ""}},
                            {"unnest", {"mv-expand", ""}},
                            {"timechart", {"render timechart", ""}},
                            {"barchart", {"render barchart", ""}},
                            {"piechart", {"render piechart", ""}}};
  return hint_of(kHints, word);
}

Hint function_hint(std::string_view name) {
  static const Hints kHints{{"if", {"iff", ""}},
                            {"ifelse", {"iff", ""}},
                            {"switch", {"case", ""}},
                            {"concat", {"strcat", ""}},
                            {"len", {"strlen", ""}},
                            {"length", {"strlen", ""}},
                            {"count_distinct", {"dcount", ""}},
                            {"countdistinct", {"dcount", ""}},
                            {"distinct_count", {"dcount", ""}},
                            {"distinctcount", {"dcount", ""}},
                            {"average", {"avg", ""}},
                            {"mean", {"avg", ""}},
                            {"median", {"", "the median is percentile(x, 50)"}},
                            {"lower", {"tolower", ""}},
                            {"lcase", {"tolower", ""}},
                            {"upper", {"toupper", ""}},
                            {"ucase", {"toupper", ""}},
                            {"substr", {"substring", ""}},
                            {"left", {"", "the begin of a text is substring(x, 0, length)"}},
                            {"right", {"", "the end of a text is substring(x, strlen(x) - length)"}},
                            {"charindex", {"indexof", ""}},
                            {"instr", {"indexof", ""}},
                            {"ltrim", {"", "write trim_start(@'\\s+', x)"}},
                            {"rtrim", {"", "write trim_end(@'\\s+', x)"}},
                            {"ifnull", {"coalesce", ""}},
                            {"isnullorempty", {"isempty", ""}},
                            {"nvl", {"coalesce", ""}},
                            {"getdate", {"now", ""}},
                            {"current_timestamp", {"now", ""}},
                            {"dateadd", {"datetime_add", ""}},
                            {"date_add", {"datetime_add", ""}},
                            {"datediff", {"datetime_diff", ""}},
                            {"date_diff", {"datetime_diff", ""}},
                            {"date_trunc", {"", "a time is cut by startofday(), startofmonth() and their kin, or by bin(x, 1h)"}},
                            {"date_format", {"format_datetime", ""}},
                            {"year", {"getyear", ""}},
                            {"month", {"getmonth", ""}},
                            {"day", {"dayofmonth", ""}},
                            {"hour", {"hourofday", ""}},
                            {"cast", {"", "types are changed by tostring(), tolong(), todatetime() and their kin"}},
                            {"convert", {"", "types are changed by tostring(), tolong(), todatetime() and their kin"}},
                            {"string", {"tostring", ""}},
                            {"str", {"tostring", ""}},
                            {"text", {"tostring", ""}},
                            {"number", {"tolong", ""}},
                            {"float", {"toreal", ""}},
                            {"regex", {"", "write x matches regex \"…\""}},
                            {"regexp_like", {"", "write x matches regex \"…\""}},
                            {"regexp_replace", {"replace_regex", ""}},
                            {"array_agg", {"make_list", ""}},
                            {"string_agg", {"", "write strcat_array(make_list(x), ', ')"}},
                            {"group_concat", {"", "write strcat_array(make_list(x), ', ')"}},
                            {"json_extract", {"extract_json", ""}},
                            {"contains", {"", "'contains' stands between its operands: x contains \"…\""}}};
  return hint_of(kHints, name);
}

Hint join_kind_hint(std::string_view kind) {
  static const Hints kHints{{"left", {"leftouter", ""}},      {"right", {"rightouter", ""}},      {"outer", {"fullouter", ""}},       {"full", {"fullouter", ""}},
                            {"semi", {"leftsemi", ""}},       {"left_outer", {"leftouter", ""}},  {"right_outer", {"rightouter", ""}}, {"full_outer", {"fullouter", ""}},
                            {"left outer", {"leftouter", ""}}, {"cross", {"", "all with all are joined on a column that is the same in both, made by extend"}}};
  return hint_of(kHints, kind);
}

ForeignSign foreign_sign(std::string_view text) {
  for (const SignHint& sign : kForeignSigns)
    if (text[0] == sign.text[0] && text.substr(0, sign.text.size()) == sign.text) return {sign.length, sign.instead, sign.advice};
  return {};
}

std::string word_in_lower_case(std::string_view word) {
  static constexpr std::array<std::string_view, 15> kWords{"and", "or", "in", "between", "has", "has_any", "has_all", "contains", "startswith", "endswith", "hasprefix", "hassuffix", "by", "asc", "desc"};
  std::string lower = base::to_lower(word);
  if (lower == "descending") return "desc";
  if (lower == "ascending") return "asc";
  return lower != word && std::find(kWords.begin(), kWords.end(), lower) != kWords.end() ? lower : std::string();
}

bool is_time_unit(std::string_view word) {
  static constexpr std::array<std::string_view, 17> kUnits{"d", "day", "days", "h", "hr", "hrs", "hour", "hours", "m", "min", "minute", "minutes", "s", "sec", "second", "seconds", "ms"};
  return std::find(kUnits.begin(), kUnits.end(), word) != kUnits.end();
}

}  // namespace kql
