// SPDX-License-Identifier: Apache-2.0
// Members and elements of dynamics, and what tells of them.
#include "kql/functions/function.hpp"

namespace kql {

namespace {

Value member(const Arguments& a) {
  const auto* found = base::find(a.json(0), a.text(1));
  return found == nullptr ? Value() : Value::dynamic(*found);
}

// A negative index counts from the end.
Value element(const Arguments& a) {
  const auto* array = a.json(0).if_array();
  if (array == nullptr) return {};
  const auto size = static_cast<std::int64_t>(array->size());
  const std::int64_t index = a.integer(1) < 0 ? a.integer(1) + size : a.integer(1);
  if (index < 0 || index >= size) return {};
  return Value::dynamic((*array)[static_cast<std::size_t>(index)]);
}

// d[x] where x is a dynamic itself: a member's name or an index.
Value member_or_element(const Arguments& a) {
  const Type type = a.json(1).is_string() ? Type::string : Type::int64;
  const Value key = from_json(a.json(1), type);
  if (key.is_null()) return {};
  const Value values[] = {a[0], key};
  const Type types[] = {Type::dynamic, type};
  return type == Type::string ? member({values, types, Type::dynamic}) : element({values, types, Type::dynamic});
}

Value array_length(const Arguments& a) {
  const auto* array = a.json(0).if_array();
  return array == nullptr ? Value() : Value::integer(static_cast<std::int64_t>(array->size()));
}

constexpr Function kFunctions[] = {
    {.name = "[]", .signature = "(dynamic, string) dynamic", .evaluate = member},
    {.name = "[]", .signature = "(dynamic, whole) dynamic", .evaluate = element},
    {.name = "[]", .signature = "(dynamic, dynamic) dynamic", .evaluate = member_or_element},
    {.name = "array_length", .signature = "(dynamic) long", .evaluate = array_length},
};

}  // namespace

std::span<const Function> dynamic_functions() { return kFunctions; }

}  // namespace kql
