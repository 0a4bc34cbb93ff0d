// SPDX-License-Identifier: Apache-2.0
// Members and elements of dynamics, and their text.
#include <algorithm>

#include "kql/functions/function.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

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

// With the members of bags in the order of their names.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the value, which is capped where it is read
base::Json in_canonical_order(const base::Json& json) {
  if (const auto* array = json.if_array()) {
    base::JsonArray out;
    for (const base::Json& element : *array) out.push_back(in_canonical_order(element));
    return out;
  }
  const auto* object = json.if_object();
  if (object == nullptr) return json;
  std::vector<const base::JsonObject::value_type*> members;
  for (const auto& member : *object) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const auto* left, const auto* right) { return left->key() < right->key(); });
  base::JsonObject out;
  for (const auto* member : members) out.emplace(member->key(), in_canonical_order(member->value()));
  return out;
}

Value canonical_text(const Arguments& a) {
  if (a.types[0] != Type::dynamic) return Value::text(to_text(a[0], a.types[0]));
  return Value::text(dynamic_text(in_canonical_order(a.json(0))));
}

// The place of the first value that is a term of the text.
Value index_of_first_term(const Arguments& a) {
  const auto* values = a.json(1).if_array();
  if (values == nullptr) return {};
  const std::string text = fold_case(a.text(0));
  for (std::size_t i = 0; i < values->size(); ++i)
    if (has_term(text, fold_case(to_text(Value::dynamic((*values)[i]), Type::dynamic)))) return Value::integer(static_cast<std::int64_t>(i));
  return Value::integer(-1);
}

constexpr Function kFunctions[] = {
    {.name = "[]", .signature = "(dynamic, string) dynamic", .evaluate = member},
    {.name = "[]", .signature = "(dynamic, whole) dynamic", .evaluate = element},
    {.name = "[]", .signature = "(dynamic, dynamic) dynamic", .evaluate = member_or_element},
    {.name = "dynamic_to_json", .signature = "(any) string", .evaluate = canonical_text},
    {.name = "has_any_index", .signature = "(string, dynamic) long", .evaluate = index_of_first_term},
};

}  // namespace

std::span<const Function> dynamic_functions() { return kFunctions; }

}  // namespace kql
