// SPDX-License-Identifier: Apache-2.0
// The string operators: has, contains, startswith and their kin, =~, in~, has_any, matches regex.
#include <re2/re2.h>

#include <algorithm>

#include "kql/functions/function.hpp"
#include "kql/regex.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;
using Test = bool (*)(std::string_view text, std::string_view needle);

bool contains_text(std::string_view text, std::string_view needle) { return text.find(needle) != std::string_view::npos; }
bool starts_with_text(std::string_view text, std::string_view needle) { return text.substr(0, needle.size()) == needle; }
bool ends_with_text(std::string_view text, std::string_view needle) {
  return text.size() >= needle.size() && text.substr(text.size() - needle.size()) == needle;
}

template <Test test, bool wanted>
Value tested(const Arguments& a) {
  return Value::boolean(test(a.text(0), a.text(1)) == wanted);
}

template <Test test, bool wanted>
Value tested_with_any(const Arguments& a) {
  for (std::size_t i = 1; i < a.size(); ++i)
    if (test(a.text(0), a.text(i))) return Value::boolean(wanted);
  return Value::boolean(!wanted);
}

Value has_all(const Arguments& a) {
  for (std::size_t i = 1; i < a.size(); ++i)
    if (!has_term_folded(a.text(0), a.text(i))) return Value::boolean(false);
  return Value::boolean(true);
}

template <bool wanted>
Value matches_regex(const Arguments& a) {
  const re2::RE2* pattern = compiled_regex(a.text(1), a.text(0));
  if (pattern == nullptr) return {};
  return Value::boolean(re2::RE2::PartialMatch(a.text(0), *pattern) == wanted);
}

base::Result<void> check_regex_operand(const Arguments& constants) { return constants.has(1) ? check_regex(constants.text(1)) : base::Result<void>(); }

constexpr std::string_view kPair = "(string, string) bool";
constexpr std::string_view kList = "(string, string...) bool";

constexpr Function kFunctions[] = {
    {.name = "=~", .signature = kPair, .evaluate = tested<equal_folded, true>},
    {.name = "!~", .signature = kPair, .evaluate = tested<equal_folded, false>},
    {.name = "contains", .signature = kPair, .evaluate = tested<contains_folded, true>},
    {.name = "!contains", .signature = kPair, .evaluate = tested<contains_folded, false>},
    {.name = "contains_cs", .signature = kPair, .evaluate = tested<contains_text, true>},
    {.name = "!contains_cs", .signature = kPair, .evaluate = tested<contains_text, false>},
    {.name = "startswith", .signature = kPair, .evaluate = tested<begins_folded, true>},
    {.name = "!startswith", .signature = kPair, .evaluate = tested<begins_folded, false>},
    {.name = "startswith_cs", .signature = kPair, .evaluate = tested<starts_with_text, true>},
    {.name = "!startswith_cs", .signature = kPair, .evaluate = tested<starts_with_text, false>},
    {.name = "endswith", .signature = kPair, .evaluate = tested<ends_folded, true>},
    {.name = "!endswith", .signature = kPair, .evaluate = tested<ends_folded, false>},
    {.name = "endswith_cs", .signature = kPair, .evaluate = tested<ends_with_text, true>},
    {.name = "!endswith_cs", .signature = kPair, .evaluate = tested<ends_with_text, false>},
    {.name = "has", .signature = kPair, .evaluate = tested<has_term_folded, true>},
    {.name = "!has", .signature = kPair, .evaluate = tested<has_term_folded, false>},
    {.name = "has_cs", .signature = kPair, .evaluate = tested<has_term, true>},
    {.name = "!has_cs", .signature = kPair, .evaluate = tested<has_term, false>},
    {.name = "hasprefix", .signature = kPair, .evaluate = tested<has_term_prefix_folded, true>},
    {.name = "!hasprefix", .signature = kPair, .evaluate = tested<has_term_prefix_folded, false>},
    {.name = "hasprefix_cs", .signature = kPair, .evaluate = tested<has_term_prefix, true>},
    {.name = "!hasprefix_cs", .signature = kPair, .evaluate = tested<has_term_prefix, false>},
    {.name = "hassuffix", .signature = kPair, .evaluate = tested<has_term_suffix_folded, true>},
    {.name = "!hassuffix", .signature = kPair, .evaluate = tested<has_term_suffix_folded, false>},
    {.name = "hassuffix_cs", .signature = kPair, .evaluate = tested<has_term_suffix, true>},
    {.name = "!hassuffix_cs", .signature = kPair, .evaluate = tested<has_term_suffix, false>},
    {.name = "matches regex",
     .signature = kPair,
     .evaluate = matches_regex<true>,
     .check = check_regex_operand},
    {.name = "in~", .signature = kList, .evaluate = tested_with_any<equal_folded, true>},
    {.name = "!in~", .signature = kList, .evaluate = tested_with_any<equal_folded, false>},
    {.name = "has_any", .signature = kList, .evaluate = tested_with_any<has_term_folded, true>},
    {.name = "has_all", .signature = kList, .evaluate = has_all},
};

}  // namespace

std::span<const Function> string_operator_functions() { return kFunctions; }

}  // namespace kql
