// SPDX-License-Identifier: Apache-2.0
// Functions that make, join and change bags. What is no bag where one is taken makes a null result.
#include <algorithm>
#include <set>

#include "kql/functions/function.hpp"
#include "kql/functions/json_path.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

const base::JsonObject* bag_at(const Arguments& a, std::size_t i) { return a[i].is_null() ? nullptr : a.json(i).if_object(); }

// A key is a name, or a path from "$" on. Places in arrays are no keys.
std::optional<JsonPath> key_path(std::string_view key) {
  if (key.substr(0, 2) != "$." && key.substr(0, 2) != "$[") return JsonPath{std::string(key)};
  auto path = parse_json_path(key);
  const auto is_name = [](const auto& step) { return std::holds_alternative<std::string>(step); };
  if (!path || !std::all_of(path->begin(), path->end(), is_name)) return std::nullopt;
  return path;
}

bool is_empty_text(const Arguments& a, std::size_t i) { return a.types[i] == Type::string && a.text(i).empty(); }

// bag_pack(key, value, key, value …)
template <bool all>
Value packed_bag(const Arguments& a) {
  base::JsonObject out;
  for (std::size_t i = 0; i + 1 < a.size(); i += 2)
    if (all || (!a[i + 1].is_null() && !is_empty_text(a, i + 1))) out.insert_or_assign(a.text(i), to_json(a[i + 1], a.types[i + 1]));
  return Value::dynamic(std::move(out));
}

base::Result<void> check_pairs(const Arguments& constants) {
  if (constants.size() % 2 == 0) return {};
  return base::fail(base::Kind::invalid_input, "a bag is made of pairs of a key and a value; the last key has none");
}

Value keys(const Arguments& a) {
  const auto* bag = bag_at(a, 0);
  if (bag == nullptr) return {};
  base::JsonArray out;
  for (const auto& member : *bag) out.emplace_back(member.key());
  return Value::dynamic(std::move(out));
}

Value has_key(const Arguments& a) {
  const auto path = key_path(a.text(1));
  if (bag_at(a, 0) == nullptr || !path) return {};
  return Value::boolean(at_json_path(a.json(0), *path) != nullptr);
}

// The leftmost value of a key stands.
Value merged(const Arguments& a) {
  base::JsonObject out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].is_null()) continue;
    const auto* bag = bag_at(a, i);
    if (bag == nullptr) return {};
    for (const auto& member : *bag) out.emplace(member.key(), member.value());
  }
  const bool any = std::any_of(a.values.begin(), a.values.end(), [](const Value& value) { return !value.is_null(); });
  return any ? Value::dynamic(std::move(out)) : Value();
}

void remove_at(base::JsonObject& bag, const JsonPath& path) {
  base::JsonObject* at = &bag;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    auto* next = at->if_contains(std::get<std::string>(path[i]));
    at = next == nullptr ? nullptr : next->if_object();
    if (at == nullptr) return;
  }
  if (!path.empty()) at->erase(std::get<std::string>(path.back()));
}

Value without_keys(const Arguments& a) {
  const auto* bag = bag_at(a, 0);
  const auto* list = a.json(1).if_array();
  if (bag == nullptr || list == nullptr) return {};
  base::JsonObject out = *bag;
  for (const base::Json& key : *list) {
    const auto path = key.is_string() ? key_path(base::as_string(key)) : std::nullopt;
    if (path) remove_at(out, *path);
  }
  return Value::dynamic(std::move(out));
}

// What stands in the way of a path's bag gives place to it.
Value with_key(const Arguments& a) {
  const auto* bag = bag_at(a, 0);
  const auto path = a[1].is_null() ? std::nullopt : key_path(a.text(1));
  if (bag == nullptr || !path || path->empty()) return {};
  base::JsonObject out = *bag;
  base::JsonObject* at = &out;
  for (std::size_t i = 0; i + 1 < path->size(); ++i) {
    base::Json& next = (*at)[std::get<std::string>((*path)[i])];
    if (!next.is_object()) next = base::JsonObject();
    at = &next.get_object();
  }
  at->insert_or_assign(std::get<std::string>(path->back()), to_json(a[2], a.types[2]));
  return Value::dynamic(std::move(out));
}

base::Result<void> check_key(const Arguments& constants) {
  if (!constants.has(1)) return {};
  const auto path = key_path(constants.text(1));
  if (path && !path->empty()) return {};
  return base::fail(base::Kind::invalid_input, "the key is a name or a path such as $.a.b, without places in arrays");
}

// Keys that are no strings are left out; those without a value have null.
Value zipped_bag(const Arguments& a) {
  const auto* names = a[0].is_null() ? nullptr : a.json(0).if_array();
  if (names == nullptr) return {};
  const auto* values = a[1].is_null() ? nullptr : a.json(1).if_array();
  base::JsonObject out;
  for (std::size_t i = 0; i < names->size(); ++i)
    if (const auto* name = (*names)[i].if_string())
      out.insert_or_assign(*name, values != nullptr && i < values->size() ? (*values)[i] : base::Json(nullptr));
  return Value::dynamic(std::move(out));
}

struct Paths {
  base::JsonArray list;
  std::set<std::string> seen;

  void add(const std::string& path) {
    if (list.size() < kResultElements && seen.insert(path).second) list.emplace_back(path);
  }
};

// All elements of an array have one path.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the value, which is capped where it is read
void add_paths(const base::Json& json, const std::string& prefix, Paths& paths) {
  if (const auto* object = json.if_object()) {
    for (const auto& member : *object) {
      const std::string path = prefix + "['" + std::string(member.key()) + "']";
      paths.add(path);
      add_paths(member.value(), path, paths);
    }
  } else if (const auto* array = json.if_array()) {
    for (const base::Json& element : *array) {
      paths.add(prefix + "[0]");
      add_paths(element, prefix + "[0]", paths);
    }
  }
}

Value tree_paths(const Arguments& a) {
  if (!a.json(0).is_object() && !a.json(0).is_array()) return {};
  Paths paths;
  add_paths(a.json(0), "", paths);
  return Value::dynamic(std::move(paths.list));
}

constexpr Function pack(std::string_view name) {
  return {.name = name, .signature = "((string, any)...) dynamic", .evaluate = packed_bag<true>, .nulls = Nulls::handled, .check = check_pairs};
}

constexpr Function kFunctions[] = {
    pack("bag_pack"),
    pack("pack"),
    pack("pack_dictionary"),
    // Of pack_all(true): what is null or empty is left out.
    {.name = "bag_pack_present", .signature = "((string, any)...) dynamic", .evaluate = packed_bag<false>, .nulls = Nulls::handled},
    {.name = "bag_keys", .signature = "(dynamic) dynamic", .evaluate = keys},
    {.name = "bag_has_key", .signature = "(dynamic, string) bool", .evaluate = has_key},
    {.name = "bag_merge", .signature = "(dynamic, dynamic...) dynamic", .evaluate = merged, .nulls = Nulls::handled},
    {.name = "bag_remove_keys", .signature = "(dynamic, dynamic) dynamic", .evaluate = without_keys},
    {.name = "bag_set_key", .signature = "(dynamic, const string, any) dynamic", .evaluate = with_key, .nulls = Nulls::handled, .check = check_key},
    {.name = "bag_zip", .signature = "(dynamic, dynamic) dynamic", .evaluate = zipped_bag, .nulls = Nulls::handled},
    {.name = "treepath", .signature = "(dynamic) dynamic", .evaluate = tree_paths, .naming = Naming::name_and_argument, .result_name = "tree"},
};

}  // namespace

std::span<const Function> bag_functions() { return kFunctions; }

}  // namespace kql
