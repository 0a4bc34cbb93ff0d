// SPDX-License-Identifier: Apache-2.0
// iff, case, coalesce, isempty and their kin.
#include <algorithm>
#include <cmath>

#include "kql/functions/function.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

bool is_true_value(const Value& value) { return !value.is_null() && value.boolean(); }

Value chosen(const Arguments& a) { return is_true_value(a[0]) ? a[1] : a[2]; }

Value first_case(const Arguments& a) {
  std::size_t i = 0;
  for (; i + 1 < a.size(); i += 2)
    if (is_true_value(a[i])) return a[i + 1];
  return a[i];
}

bool is_empty_value(const Arguments& a, std::size_t i) {
  if (a[i].is_null()) return true;
  if (a.types[i] == Type::string) return a.text(i).empty();
  const auto* text = a.types[i] == Type::dynamic ? a.json(i).if_string() : nullptr;
  return text != nullptr && text->empty();
}

Value coalesced(const Arguments& a) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!is_empty_value(a, i)) return a[i];
  return a[a.size() - 1];
}

Value negated(const Arguments& a) { return Value::boolean(!a[0].boolean()); }
Value is_empty(const Arguments& a) { return Value::boolean(is_empty_value(a, 0)); }
Value is_not_empty(const Arguments& a) { return Value::boolean(!is_empty_value(a, 0)); }
Value is_null(const Arguments& a) { return Value::boolean(a[0].is_null()); }
Value is_not_null(const Arguments& a) { return Value::boolean(!a[0].is_null()); }

Value greatest(const Arguments& a) {
  Value out;
  for (const Value& value : a.values)
    if (!value.is_null() && (out.is_null() || compare(a.result, value, out) > 0)) out = value;
  return out;
}
Value least(const Arguments& a) {
  Value out;
  for (const Value& value : a.values)
    if (!value.is_null() && (out.is_null() || compare(a.result, value, out) < 0)) out = value;
  return out;
}

// around(value, center, delta): center - delta <= value <= center + delta.
Value is_around(const Arguments& a) {
  if (a.types[0] == Type::real || a.types[0] == Type::decimal) return Value::boolean(std::abs(a.number(0) - a.number(1)) <= a.number(2));
  const std::int64_t value = a.integer(0), center = a.integer(1), delta = a.integer(2);
  const std::uint64_t distance = static_cast<std::uint64_t>(std::max(value, center)) - static_cast<std::uint64_t>(std::min(value, center));
  return Value::boolean(delta >= 0 && distance <= static_cast<std::uint64_t>(delta));
}

constexpr Function kFunctions[] = {
    {.name = "iff", .signature = "(bool, common, common) common", .evaluate = chosen, .nulls = Nulls::handled},
    {.name = "iif", .signature = "(bool, common, common) common", .evaluate = chosen, .nulls = Nulls::handled},
    {.name = "coalesce", .signature = "(common, common...) common", .evaluate = coalesced, .nulls = Nulls::handled},
    {.name = "not", .signature = "(bool) bool", .evaluate = negated},
    {.name = "isempty", .signature = "(any) bool", .evaluate = is_empty, .nulls = Nulls::handled},
    {.name = "isnotempty", .signature = "(any) bool", .evaluate = is_not_empty, .nulls = Nulls::handled},
    {.name = "notempty", .signature = "(any) bool", .evaluate = is_not_empty, .nulls = Nulls::handled},
    {.name = "isnull", .signature = "(any) bool", .evaluate = is_null, .nulls = Nulls::handled},
    {.name = "isnotnull", .signature = "(any) bool", .evaluate = is_not_null, .nulls = Nulls::handled},
    {.name = "notnull", .signature = "(any) bool", .evaluate = is_not_null, .nulls = Nulls::handled},
    {.name = "around", .signature = "(numbers~, numbers~, numbers~) bool", .evaluate = is_around},
    {.name = "around", .signature = "(datetime, datetime, timespan) bool", .evaluate = is_around},
    {.name = "around", .signature = "(timespan, timespan, timespan) bool", .evaluate = is_around},
    {.name = "max_of", .signature = "(ordered, ordered...) common", .evaluate = greatest, .nulls = Nulls::handled},
    {.name = "min_of", .signature = "(ordered, ordered...) common", .evaluate = least, .nulls = Nulls::handled},
};

}  // namespace

std::span<const Function> conditional_functions() { return kFunctions; }
const Function& case_function() {
  static constexpr Function kCase{.name = "case", .signature = "(any) first", .evaluate = first_case, .nulls = Nulls::handled};
  return kCase;
}

}  // namespace kql
