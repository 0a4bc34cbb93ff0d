// SPDX-License-Identifier: Apache-2.0
// Plugins that give the table another shape: pivot, bag_unpack, narrow, identity, preview, dcount_intersect.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "kql/evaluate/group.hpp"
#include "kql/functions/distinct_sketch.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostMadeColumns = 1000;

base::Result<void> check_made_columns(std::size_t count, std::string_view plugin) {
  if (count <= kMostMadeColumns) return {};
  return base::fail(base::Kind::too_large, fmt::format("{}() would make {} columns, of at most {}; filter the rows first", plugin, count, kMostMadeColumns));
}

bool has_name(const Schema& schema, const std::string& name) {
  return std::any_of(schema.begin(), schema.end(), [&](const Column& column) { return column.name == name; });
}

std::string fresh_name(const Schema& schema, const std::string& name, std::string_view unnamed) {
  if (!name.empty() && !has_name(schema, name)) return name;
  for (int number = 1;; ++number) {
    const std::string numbered = fmt::format("{}{}", name.empty() ? unnamed : name, number);
    if (!has_name(schema, numbered)) return numbered;
  }
}

base::Result<Table> identity(const PluginCall& call) { return call.input(); }

base::Result<Table> narrow(const PluginCall& call) {
  Table out{{{"Row", Type::int64}, {"Column", Type::string}, {"Value", Type::string}}, {}};
  const Table& input = call.input();
  for (std::size_t i = 0; i < input.rows.size(); ++i)
    for (std::size_t k = 0; k < input.schema.size(); ++k)
      out.rows.push_back({Value::integer(static_cast<std::int64_t>(i)), Value::text(input.schema[k].name),
                          Value::text(to_text(input.rows[i][k], input.schema[k].type))});
  return out;
}

base::Result<Table> preview(const PluginCall& call) {
  Table out{call.input().schema, {}};
  const Value count = call.value("NumberOfRows", Type::int64);
  for (const Row& row : call.input().rows) {
    if (static_cast<std::int64_t>(out.rows.size()) >= (count.is_null() ? 0 : count.integer())) break;
    out.rows.push_back(row);
  }
  return out;
}

// The last two columns of the input are the one whose values become columns, and its cells.
base::Result<Table> pivot(const PluginCall& call) {
  const Table& input = call.input();
  const std::size_t pivoted = call.column("pivotColumn");
  std::vector<Type> types;
  for (std::size_t i = 0; i < pivoted; ++i) types.push_back(input.schema[i].type);
  Grouping groups(types), names({input.schema[pivoted].type});
  Table out{{input.schema.begin(), input.schema.begin() + static_cast<std::ptrdiff_t>(pivoted)}, {}};
  for (const Row& row : input.rows) names.number_of({row[pivoted]});
  TRY(check_made_columns(names.size(), "pivot"));
  for (std::size_t i = 0; i < names.size(); ++i)
    out.schema.push_back({fresh_name(out.schema, to_text(names.key(i)[0], input.schema[pivoted].type), "Column"), input.schema[pivoted + 1].type});
  const Value otherwise = call.value("otherwise", input.schema[pivoted + 1].type);
  for (const Row& row : input.rows) {
    const std::size_t group = groups.number_of(Row(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(pivoted)));
    if (group == out.rows.size()) {
      out.rows.push_back(groups.key(group));
      out.rows.back().resize(out.schema.size(), otherwise);
    }
    out.rows[group][pivoted + *names.find({row[pivoted]})] = row[pivoted + 1];
  }
  return out;
}

// --- bag_unpack ---

struct Unpacked {
  std::map<std::string, std::optional<Type>> slots;  // nothing: of several types
  void meet(const std::string& name, const base::Json& json) {
    const auto [at, is_new] = slots.try_emplace(name, type_of(json));
    const bool was_null = only_null_.erase(name) > 0;
    if (!is_new && at->second != type_of(json)) at->second = was_null ? std::optional(type_of(json)) : std::nullopt;
  }
  void meet_null(const std::string& name) {
    if (slots.try_emplace(name, Type::dynamic).second) only_null_.insert(name);
  }

 private:
  static Type type_of(const base::Json& json) {
    if (json.is_bool()) return Type::boolean;
    if (json.is_double()) return Type::real;
    if (json.is_number()) return Type::int64;
    return json.is_string() ? Type::string : Type::dynamic;
  }
  std::set<std::string> only_null_;
};

std::vector<std::string> ignored_names(const PluginCall& call) {
  std::vector<std::string> out;
  const Value ignored = call.value("ignoredProperties", Type::dynamic);
  const auto* list = ignored.is_null() ? nullptr : ignored.json().if_array();
  if (list == nullptr) return out;
  for (const base::Json& name : *list) out.push_back(to_text(Value::dynamic(name), Type::dynamic));
  return out;
}

struct SlotColumn {
  std::string slot;
  Type type;
  std::size_t column;  // of the result
};

// Where each slot goes in the result, whose schema is filled with it.
base::Result<std::vector<SlotColumn>> place_slots(const PluginCall& call, const Unpacked& unpacked, Schema& schema) {
  const std::string prefix = call.text("OutputColumnPrefix"), conflict = call.text("columnsConflict");
  std::vector<SlotColumn> out;
  for (const auto& [slot, type] : unpacked.slots) {
    const std::string name = prefix + slot;
    const Type column_type = type.value_or(Type::dynamic);
    const auto same_name = std::find_if(schema.begin(), schema.end(), [&](const Column& column) { return column.name == name; });
    if (same_name == schema.end()) {
      out.push_back({slot, column_type, schema.size()});
      schema.push_back({name, column_type});
    } else if (conflict == "replace_source") {
      out.push_back({slot, column_type, static_cast<std::size_t>(same_name - schema.begin())});
      same_name->type = column_type;
    } else if (conflict != "keep_source") {
      return base::fail(base::Kind::invalid_input, fmt::format("bag_unpack() would make a second column '{}'; give a prefix, or columnsConflict='replace_source' or 'keep_source'", name));
    }
  }
  return out;
}

base::Result<Table> bag_unpack(const PluginCall& call) {
  const Table& input = call.input();
  const std::size_t bags = call.column("column");
  const std::vector<std::string> ignored = ignored_names(call);
  Unpacked unpacked;
  for (const Row& row : input.rows) {
    const auto* object = row[bags].is_null() || input.schema[bags].type != Type::dynamic ? nullptr : row[bags].json().if_object();
    if (object == nullptr) continue;
    for (const auto& member : *object) {
      const std::string name(member.key());
      if (std::find(ignored.begin(), ignored.end(), name) != ignored.end()) continue;
      if (member.value().is_null()) unpacked.meet_null(name);
      else unpacked.meet(name, member.value());
    }
    TRY(check_made_columns(unpacked.slots.size(), "bag_unpack"));
  }
  Table out{input.schema, {}};
  out.schema.erase(out.schema.begin() + static_cast<std::ptrdiff_t>(bags));
  const std::vector<SlotColumn> placed = TRY(place_slots(call, unpacked, out.schema));
  for (const Row& row : input.rows) {
    Row next = row;
    next.erase(next.begin() + static_cast<std::ptrdiff_t>(bags));
    next.resize(out.schema.size());
    const auto* object = row[bags].is_null() || input.schema[bags].type != Type::dynamic ? nullptr : row[bags].json().if_object();
    for (const SlotColumn& to : placed) {
      const base::Json* json = object == nullptr ? nullptr : object->if_contains(to.slot);
      next[to.column] = json == nullptr ? missing(to.type) : from_json(*json, to.type);
    }
    out.rows.push_back(std::move(next));
  }
  return out;
}

// --- dcount_intersect ---

// By inclusion and exclusion: |A ∩ B ∩ …| is a signed sum of the counts of unions.
std::int64_t count_of_intersection(const std::vector<DistinctSketch>& sketches, std::size_t count) {
  std::int64_t sum = 0;
  for (std::uint32_t subset = 1; subset < (1U << count); ++subset) {
    std::optional<DistinctSketch> all;
    for (std::size_t i = 0; i < count; ++i) {
      if ((subset >> i & 1U) == 0) continue;
      if (all) all->merge(sketches[i]);
      else all = sketches[i];
    }
    sum += (__builtin_popcount(subset) % 2 == 1 ? 1 : -1) * all->count();
  }
  return std::max<std::int64_t>(sum, 0);
}

base::Result<Table> dcount_intersect(const PluginCall& call) {
  constexpr std::size_t kMostSketches = 8;
  const auto sources = call.all("hll");
  if (sources.empty() || sources.size() > kMostSketches)
    return base::fail(base::Kind::invalid_input, fmt::format("dcount_intersect() takes 1 to {} values of hll()", kMostSketches));
  Table out = call.input();
  for (std::size_t i = 0; i < sources.size(); ++i) out.schema.push_back({fresh_name(out.schema, fmt::format("s{}", i), "s"), Type::int64});
  for (std::size_t at = 0; at < out.rows.size(); ++at) {
    std::vector<DistinctSketch> sketches;
    for (const PluginArgument* source : sources) {
      const Value value = convert(evaluate(*source->value, call.input().rows[at]), source->value->type, Type::dynamic);
      sketches.push_back(value.is_null() ? DistinctSketch() : DistinctSketch::from_json(value.json()).value_or(DistinctSketch()));
    }
    for (std::size_t i = 0; i < sources.size(); ++i) out.rows[at].push_back(Value::integer(count_of_intersection(sketches, i + 1)));
  }
  return out;
}

constexpr Plugin kTablePlugins[] = {
    {.name = "identity", .parameters = "", .run = identity},
    {.name = "narrow", .parameters = "", .run = narrow},
    {.name = "preview", .parameters = "NumberOfRows long", .run = preview},
    {.name = "pivot", .parameters = "pivotColumn column, otherwise constant", .run = pivot, .from_rows = true},
    {.name = "bag_unpack", .parameters = "column column, OutputColumnPrefix string?, columnsConflict string?, ignoredProperties dynamic?", .run = bag_unpack, .from_rows = true},
    {.name = "dcount_intersect", .parameters = "hll value, hll value...", .run = dcount_intersect},
};

}  // namespace

std::span<const Plugin> table_plugins() { return kTablePlugins; }

}  // namespace kql
