// SPDX-License-Identifier: Apache-2.0
// Functions that take a regular expression.
#include <fmt/format.h>
#include <re2/re2.h>

#include "base/text.hpp"
#include "kql/functions/function.hpp"
#include "kql/functions/text_range.hpp"
#include "kql/regex.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

using Groups = std::vector<re2::StringPiece>;
constexpr int kMostGroups = 16;

std::string text_of_group(const re2::StringPiece& group) { return group.data() == nullptr ? std::string() : std::string(group.data(), group.size()); }
std::size_t begin_of(const re2::StringPiece& match, std::string_view text) { return static_cast<std::size_t>(match.data() - text.data()); }

// Calls `visit` with each match that overlaps none before it, until it returns false. An empty match right behind another
// is none.
template <typename Visit>
void for_each_match(const re2::RE2& pattern, std::string_view text, std::size_t begin, std::size_t end, int groups, const Visit& visit) {
  Groups found(static_cast<std::size_t>(groups) + 1);
  std::size_t last_end = std::string_view::npos;
  for (std::size_t at = begin; at <= end;) {
    if (!pattern.Match({text.data(), text.size()}, at, end, re2::RE2::UNANCHORED, found.data(), groups + 1)) return;
    const std::size_t from = begin_of(found[0], text);
    const std::size_t to = from + found[0].size();
    if (to == from && from == last_end) {
      at = from < end ? from + byte_of_code_point(text.substr(from), 1) : end + 1;
      last_end = std::string_view::npos;
      continue;
    }
    if (!visit(found)) return;
    last_end = at = to;
  }
}

Value extract_one(const Arguments& a) {
  const std::string& text = a.text(2);
  const re2::RE2* pattern = compiled_regex(a.text(0), text);
  const std::int64_t group = a.integer(1);
  if (pattern == nullptr || group < 0 || group > pattern->NumberOfCapturingGroups()) return {};
  Groups found(static_cast<std::size_t>(group) + 1);
  if (!pattern->Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(), static_cast<int>(found.size()))) return {};
  return Value::text(text_of_group(found.back()));
}

// The numbers of the groups that a list of numbers and names asks for; nothing where one of them is not there.
std::optional<std::vector<std::size_t>> chosen_groups(const base::Json* list, const re2::RE2& pattern) {
  std::vector<std::size_t> out;
  const int count = pattern.NumberOfCapturingGroups();
  if (list == nullptr) {
    for (int i = 1; i <= count; ++i) out.push_back(static_cast<std::size_t>(i));
    return out;
  }
  const auto* items = list->if_array();
  if (items == nullptr || items->empty()) return std::nullopt;
  for (const base::Json& item : *items) {
    std::int64_t number = item.is_int64() ? item.get_int64() : 0;
    if (item.is_string()) {
      const auto named = pattern.NamedCapturingGroups().find(std::string(base::as_string(item)));
      if (named != pattern.NamedCapturingGroups().end()) number = named->second;
    }
    if (number < 1 || number > count) return std::nullopt;
    out.push_back(static_cast<std::size_t>(number));
  }
  return out;
}

// Each match as the text of its one group, or an array of its groups. Null where there is no match.
Value every_match(std::string_view regex, const base::Json* list, const std::string& text) {
  const re2::RE2* pattern = compiled_regex(regex, text);
  if (pattern == nullptr) return {};
  const auto groups = chosen_groups(list, *pattern);
  if (!groups || groups->empty()) return {};
  base::JsonArray out;
  std::size_t elements = 0;
  for_each_match(*pattern, text, 0, text.size(), pattern->NumberOfCapturingGroups(), [&](const Groups& found) {
    base::JsonArray texts;
    for (const std::size_t group : *groups) texts.emplace_back(text_of_group(found[group]));
    elements += texts.size();
    if (texts.size() == 1) out.push_back(std::move(texts[0]));
    else out.push_back(std::move(texts));
    return elements <= kResultElements;
  });
  return out.empty() || elements > kResultElements ? Value() : Value::dynamic(std::move(out));
}

Value extract_all_groups(const Arguments& a) { return every_match(a.text(0), nullptr, a.text(1)); }
Value extract_all_chosen(const Arguments& a) { return every_match(a.text(0), &a.json(1), a.text(2)); }

Value index_of_regex(const Arguments& a) {
  const std::string text = a.as_text(0);
  const re2::RE2* pattern = compiled_regex(a.as_text(1), text);
  const auto range = text_range(text, a, false);
  if (pattern == nullptr || !range) return {};
  std::size_t begin = range->begin;
  for (std::int64_t left = std::max<std::int64_t>(1, range->occurrence);; --left) {
    re2::StringPiece found;
    if (begin > text.size() || !pattern->Match(text, begin, range->end_of(text, begin), re2::RE2::UNANCHORED, &found, 1)) return Value::integer(-1);
    const std::size_t at = begin_of(found, text);
    if (left == 1) return Value::integer(static_cast<std::int64_t>(count_code_points(std::string_view(text).substr(0, at))));
    begin = at + std::max<std::size_t>(1, found.size());
  }
}

Value count_of_kind(const Arguments& a) {
  const std::string& text = a.text(0);
  std::int64_t count = 0;
  if (a.text(2) == "regex") {
    const re2::RE2* pattern = compiled_regex(a.text(1), text);
    if (pattern == nullptr) return {};
    for_each_match(*pattern, text, 0, text.size(), 0, [&](const Groups&) { return ++count > 0; });
  } else if (!a.text(1).empty()) {
    for (std::size_t at = text.find(a.text(1)); at != std::string::npos; at = text.find(a.text(1), at + 1)) ++count;
  }
  return Value::integer(count);
}

Value replaced(const std::string& text, std::string_view regex, const std::string& rewrite) {
  const re2::RE2* pattern = compiled_regex(regex, text);
  std::string error;
  if (pattern == nullptr || !pattern->CheckRewriteString(rewrite, &error)) return {};
  std::string out;
  std::size_t done = 0;
  for_each_match(*pattern, text, 0, text.size(), pattern->NumberOfCapturingGroups(), [&](const Groups& found) {
    const std::size_t from = begin_of(found[0], text);
    out.append(text, done, from - done);
    done = from + found[0].size();
    return pattern->Rewrite(&out, rewrite, found.data(), static_cast<int>(found.size())) && out.size() <= kResultText;
  });
  return out.size() > kResultText ? Value() : Value::text(out.append(text, done));
}

Value replace_by_regex(const Arguments& a) { return replaced(a.text(0), a.text(1), a.text(2)); }
Value replace_old(const Arguments& a) { return replaced(a.text(2), a.text(0), a.text(1)); }

// One match at the begin, one at the end.
std::string_view without_begin(std::string_view regex, std::string_view text) {
  const re2::RE2* pattern = compiled_regex(regex, text);
  re2::StringPiece found;
  if (pattern == nullptr || !pattern->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::ANCHOR_START, &found, 1)) return text;
  return text.substr(found.size());
}
std::string_view without_end(std::string_view regex, std::string_view text) {
  const re2::RE2* pattern = compiled_regex(fmt::format("(?:{})\\z", regex), text);
  re2::StringPiece found;
  if (pattern == nullptr || !pattern->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, &found, 1)) return text;
  return text.substr(0, begin_of(found, text));
}

Value trimmed(const Arguments& a) { return Value::text(without_end(a.text(0), without_begin(a.text(0), a.text(1)))); }
Value trimmed_start(const Arguments& a) { return Value::text(without_begin(a.text(0), a.text(1))); }
Value trimmed_end(const Arguments& a) { return Value::text(without_end(a.text(0), a.text(1))); }

Value quoted_regex(const Arguments& a) {
  std::string out;
  for (const char c : a.as_text(0)) {
    if (std::string_view(R"(\.+*?()|[]{}^$#&-~)").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return Value::text(std::move(out));
}

template <std::size_t at>
base::Result<void> check_pattern(const Arguments& constants) {
  return constants.has(at) ? check_regex(constants.text(at)) : base::Result<void>();
}

base::Result<void> check_groups(const Arguments& constants) {
  TRY(check_regex(constants.text(0)));
  const re2::RE2& pattern = *compiled_regex(constants.text(0));
  const int count = pattern.NumberOfCapturingGroups();
  if (count == 0 || count > kMostGroups)
    return base::fail(base::Kind::invalid_input, fmt::format("extract_all() needs a regular expression with 1 to {} groups in parentheses; '{}' has {}",
                                                             kMostGroups, constants.text(0), count));
  if (constants.size() == 3 && constants.has(1) && !chosen_groups(&constants.json(1), pattern))
    return base::fail(base::Kind::invalid_input, fmt::format("'{}' has no such groups; name some of 1 to {}", constants.text(0), count));
  return {};
}

template <std::size_t regex, std::size_t rewrite>
base::Result<void> check_replacement(const Arguments& constants) {
  TRY(check_regex(constants.text(regex)));
  std::string error;
  if (compiled_regex(constants.text(regex))->CheckRewriteString(constants.text(rewrite), &error)) return {};
  return base::fail(base::Kind::invalid_input, fmt::format("'{}' cannot be put in place of a match of '{}': {}", constants.text(rewrite), constants.text(regex), error));
}

base::Result<void> check_kind(const Arguments& constants) {
  if (constants.text(2) == "regex") return check_pattern<1>(constants);
  if (constants.text(2) == "normal") return {};
  return base::fail(base::Kind::invalid_input, fmt::format("countof() knows the kinds 'normal' and 'regex', not '{}'", constants.text(2)));
}

}  // namespace

std::span<const Function> regex_functions() {
  static constexpr Function kAll[] = {
      {.name = "extract", .signature = "(const string, whole, string) string", .evaluate = extract_one, .check = check_pattern<0>},
      {.name = "extract_all", .signature = "(const string, string) dynamic", .evaluate = extract_all_groups, .check = check_groups},
      {.name = "extract_all", .signature = "(const string, dynamic, string) dynamic", .evaluate = extract_all_chosen, .check = check_groups},
      {.name = "extractall", .signature = "(const string, string) dynamic", .evaluate = extract_all_groups, .check = check_groups},
      {.name = "extractall", .signature = "(const string, dynamic, string) dynamic", .evaluate = extract_all_chosen, .check = check_groups},
      {.name = "indexof_regex", .signature = "(any, const any, whole?, whole?, const whole?) long", .evaluate = index_of_regex},
      {.name = "countof", .signature = "(string, string, const string) long", .evaluate = count_of_kind, .check = check_kind},
      {.name = "replace_regex", .signature = "(string, const string, const string) string", .evaluate = replace_by_regex, .check = check_replacement<1, 2>},
      {.name = "replace", .signature = "(const string, const string, string) string", .evaluate = replace_old, .check = check_replacement<0, 1>},
      {.name = "trim", .signature = "(const string, string) string", .evaluate = trimmed, .check = check_pattern<0>},
      {.name = "trim_start", .signature = "(const string, string) string", .evaluate = trimmed_start, .check = check_pattern<0>},
      {.name = "trim_end", .signature = "(const string, string) string", .evaluate = trimmed_end, .check = check_pattern<0>},
      {.name = "regex_quote", .signature = "(any) string", .evaluate = quoted_regex},
  };
  return kAll;
}

}  // namespace kql
