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
bool equals_text(std::string_view text, std::string_view needle) { return text == needle; }

// Without regard to case, and with.
template <Test test, bool wanted>
Value folded(const Arguments& a) {
  return Value::boolean(test(fold_case(a.text(0)), fold_case(a.text(1))) == wanted);
}
template <Test test, bool wanted>
Value exact(const Arguments& a) {
  return Value::boolean(test(a.text(0), a.text(1)) == wanted);
}

template <Test test, bool wanted>
Value folded_any(const Arguments& a) {
  const std::string text = fold_case(a.text(0));
  for (std::size_t i = 1; i < a.size(); ++i)
    if (test(text, fold_case(a.text(i)))) return Value::boolean(wanted);
  return Value::boolean(!wanted);
}

Value has_all(const Arguments& a) {
  const std::string text = fold_case(a.text(0));
  for (std::size_t i = 1; i < a.size(); ++i)
    if (!has_term(text, fold_case(a.text(i)))) return Value::boolean(false);
  return Value::boolean(true);
}

template <bool wanted>
Value matches_regex(const Arguments& a) {
  const re2::RE2* pattern = compiled_regex(a.text(1));
  if (pattern == nullptr) return {};
  return Value::boolean(re2::RE2::PartialMatch(a.text(0), *pattern) == wanted);
}

constexpr std::string_view kPair = "(string, string) bool";
constexpr std::string_view kList = "(string, string...) bool";

constexpr Function kFunctions[] = {
    {.name = "=~", .signature = kPair, .evaluate = folded<equals_text, true>, .sql = "(lowerUTF8({0}) = lowerUTF8({1}))"},
    {.name = "!~", .signature = kPair, .evaluate = folded<equals_text, false>, .sql = "(lowerUTF8({0}) != lowerUTF8({1}))"},
    {.name = "contains", .signature = kPair, .evaluate = folded<contains_text, true>, .sql = "(positionCaseInsensitiveUTF8({0}, {1}) > 0)"},
    {.name = "!contains", .signature = kPair, .evaluate = folded<contains_text, false>, .sql = "(positionCaseInsensitiveUTF8({0}, {1}) = 0)"},
    {.name = "contains_cs", .signature = kPair, .evaluate = exact<contains_text, true>, .sql = "(position({0}, {1}) > 0)"},
    {.name = "!contains_cs", .signature = kPair, .evaluate = exact<contains_text, false>, .sql = "(position({0}, {1}) = 0)"},
    {.name = "startswith", .signature = kPair, .evaluate = folded<starts_with_text, true>, .sql = "startsWith(lowerUTF8({0}), lowerUTF8({1}))"},
    {.name = "!startswith", .signature = kPair, .evaluate = folded<starts_with_text, false>, .sql = "NOT startsWith(lowerUTF8({0}), lowerUTF8({1}))"},
    {.name = "startswith_cs", .signature = kPair, .evaluate = exact<starts_with_text, true>, .sql = "startsWith({0}, {1})"},
    {.name = "!startswith_cs", .signature = kPair, .evaluate = exact<starts_with_text, false>, .sql = "NOT startsWith({0}, {1})"},
    {.name = "endswith", .signature = kPair, .evaluate = folded<ends_with_text, true>, .sql = "endsWith(lowerUTF8({0}), lowerUTF8({1}))"},
    {.name = "!endswith", .signature = kPair, .evaluate = folded<ends_with_text, false>, .sql = "NOT endsWith(lowerUTF8({0}), lowerUTF8({1}))"},
    {.name = "endswith_cs", .signature = kPair, .evaluate = exact<ends_with_text, true>, .sql = "endsWith({0}, {1})"},
    {.name = "!endswith_cs", .signature = kPair, .evaluate = exact<ends_with_text, false>, .sql = "NOT endsWith({0}, {1})"},
    {.name = "has", .signature = kPair, .evaluate = folded<has_term, true>},
    {.name = "!has", .signature = kPair, .evaluate = folded<has_term, false>},
    {.name = "has_cs", .signature = kPair, .evaluate = exact<has_term, true>},
    {.name = "!has_cs", .signature = kPair, .evaluate = exact<has_term, false>},
    {.name = "hasprefix", .signature = kPair, .evaluate = folded<has_term_prefix, true>},
    {.name = "!hasprefix", .signature = kPair, .evaluate = folded<has_term_prefix, false>},
    {.name = "hasprefix_cs", .signature = kPair, .evaluate = exact<has_term_prefix, true>},
    {.name = "!hasprefix_cs", .signature = kPair, .evaluate = exact<has_term_prefix, false>},
    {.name = "hassuffix", .signature = kPair, .evaluate = folded<has_term_suffix, true>},
    {.name = "!hassuffix", .signature = kPair, .evaluate = folded<has_term_suffix, false>},
    {.name = "hassuffix_cs", .signature = kPair, .evaluate = exact<has_term_suffix, true>},
    {.name = "!hassuffix_cs", .signature = kPair, .evaluate = exact<has_term_suffix, false>},
    {.name = "matches regex", .signature = "(string, const string) bool", .evaluate = matches_regex<true>, .sql = "match({0}, {1})"},
    {.name = "in~", .signature = kList, .evaluate = folded_any<equals_text, true>},
    {.name = "!in~", .signature = kList, .evaluate = folded_any<equals_text, false>},
    {.name = "has_any", .signature = kList, .evaluate = folded_any<has_term, true>},
    {.name = "has_all", .signature = kList, .evaluate = has_all},
};

}  // namespace

std::span<const Function> string_operator_functions() { return kFunctions; }

}  // namespace kql
