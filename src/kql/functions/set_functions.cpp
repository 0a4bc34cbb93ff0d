// SPDX-License-Identifier: Apache-2.0
// Arrays as sets. Elements are the same where their text in JSON is.
#include <algorithm>
#include <set>

#include "kql/functions/function.hpp"

namespace kql {

namespace {

using Keys = std::set<std::string, std::less<>>;

const base::JsonArray* set_at(const Arguments& a, std::size_t i) { return a[i].is_null() ? nullptr : a.json(i).if_array(); }

bool all_are_sets(const Arguments& a) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (set_at(a, i) == nullptr) return false;
  return true;
}

Keys keys_of(const base::JsonArray& array) {
  Keys out;
  for (const base::Json& element : array) out.insert(dynamic_text(element));
  return out;
}

Value united(const Arguments& a) {
  if (!all_are_sets(a)) return {};
  Keys seen;
  base::JsonArray out;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (const base::Json& element : *set_at(a, i))
      if (seen.insert(dynamic_text(element)).second) out.push_back(element);
  return Value::dynamic(std::move(out));
}

// The elements of the first set that are in all others, or in none of them.
template <bool wanted>
Value elements_of_first(const Arguments& a) {
  if (!all_are_sets(a)) return {};
  std::vector<Keys> others;
  for (std::size_t i = 1; i < a.size(); ++i) others.push_back(keys_of(*set_at(a, i)));
  Keys seen;
  base::JsonArray out;
  for (const base::Json& element : *set_at(a, 0)) {
    const std::string key = dynamic_text(element);
    const bool kept = std::all_of(others.begin(), others.end(), [&](const Keys& keys) { return (keys.count(key) > 0) == wanted; });
    if (kept && seen.insert(key).second) out.push_back(element);
  }
  return Value::dynamic(std::move(out));
}

Value has_element(const Arguments& a) {
  const auto* set = set_at(a, 0);
  if (set == nullptr) return {};
  const std::string wanted = dynamic_text(to_json(a[1], a.types[1]));
  return Value::boolean(std::any_of(set->begin(), set->end(), [&](const base::Json& element) { return dynamic_text(element) == wanted; }));
}

Value are_equal(const Arguments& a) { return all_are_sets(a) ? Value::boolean(keys_of(*set_at(a, 0)) == keys_of(*set_at(a, 1))) : Value(); }

Value jaccard_index(const Arguments& a) {
  if (!all_are_sets(a)) return {};
  const Keys left = keys_of(*set_at(a, 0));
  const Keys right = keys_of(*set_at(a, 1));
  const auto common = static_cast<double>(std::count_if(left.begin(), left.end(), [&](const std::string& key) { return right.count(key) > 0; }));
  const double all = static_cast<double>(left.size() + right.size()) - common;
  return all == 0 ? Value() : Value::dynamic(common / all);
}

constexpr Function kFunctions[] = {
    {.name = "set_union", .signature = "(dynamic, dynamic...) dynamic", .evaluate = united},
    {.name = "set_intersect", .signature = "(dynamic, dynamic...) dynamic", .evaluate = elements_of_first<true>},
    {.name = "set_difference", .signature = "(dynamic, dynamic...) dynamic", .evaluate = elements_of_first<false>},
    {.name = "set_has_element", .signature = "(dynamic, any) bool", .evaluate = has_element},
    {.name = "set_equals", .signature = "(dynamic, dynamic) bool", .evaluate = are_equal},
    {.name = "jaccard_index", .signature = "(dynamic, dynamic) dynamic", .evaluate = jaccard_index},
};

}  // namespace

std::span<const Function> set_functions() { return kFunctions; }

}  // namespace kql
