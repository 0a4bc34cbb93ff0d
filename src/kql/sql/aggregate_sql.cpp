// SPDX-License-Identifier: Apache-2.0
#include "kql/sql/aggregate_sql.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kql/functions/aggregate.hpp"
#include "kql/sql/dynamic_sql.hpp"
#include "kql/sql/relation_writer.hpp"
#include "kql/sql/sql_literals.hpp"

namespace kql {

namespace {

constexpr std::int64_t kMostCollected = 1'048'576;

struct Aggregated {
  const ScalarWriter& w;
  const AggregateCall& call;
  std::span<const Column> columns;
  std::string_view name;                 // without "if"
  std::optional<std::string> condition;  // of the function with "if"
  bool grouped = false;
  std::span<const AggregateCall> siblings;  // the calls of the same summarize

  Sql argument(std::size_t i) const { return w.value(*call.arguments[i]); }
  Type type(std::size_t i) const { return call.arguments[i]->type; }
  // "sum", "x" and the condition: "sumIf(x, condition)".
  std::string apply(std::string_view function, const std::string& argument, std::string_view also = {}) const {
    if (also.empty() && !condition) return fmt::format("{}({})", function, argument);
    const std::string holds = condition && !also.empty() ? fmt::format("{} AND {}", *condition, also) : condition ? *condition : std::string(also);
    return fmt::format("{}If({}, {})", function, argument, holds);
  }
};

Sql sum_sql(const Aggregated& a) {
  if (a.type(0) == Type::datetime) return base::fail(no_sql("a sum of datetimes"));
  return fmt::format("ifNull({}, 0)", a.apply("sum", TRY(a.argument(0))));
}

// NaN is the largest and the smallest of all. Where there is no row the value is null, whether or not the engine's type has one.
Sql extreme_sql(const Aggregated& a) {
  const std::string value = TRY(a.argument(0));
  const bool largest = a.name == "max";
  const std::string_view plain = largest ? "max" : "min";
  if (a.type(0) == Type::real) {
    const std::string numbers = a.apply(plain, fmt::format("toNullable({})", value), fmt::format("NOT isNaN({})", value));
    return fmt::format("if(countIf({}isNaN({})) > 0, nan, {})", a.condition ? *a.condition + " AND " : "", value, numbers);
  }
  if (a.type(0) == Type::guid || a.type(0) == Type::dynamic || a.type(0) == Type::decimal) return base::fail(no_sql("an order of this type"));
  // Where it groups, the engine compiles these, and then takes what is before 1970 for the latest.
  if (a.type(0) == Type::datetime && a.grouped) return datetime_at(a.apply(plain, fmt::format("toNullable({})", ticks_since_1970(value))));
  const ColumnSql* own = a.w.column(*a.call.arguments[0]);
  if (is_text_in_sql(a.type(0)) || (own != nullptr && own->nullable && own->stored)) return a.apply(plain, value);
  return a.apply(plain, fmt::format("toNullable({})", value));
}

// Columns side by side, without a value where there is no row.
Sql tuple_sql(const Aggregated& a) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < a.columns.size() && i < a.call.arguments.size(); ++i) {
    const std::string value = TRY(a.argument(i));
    parts.push_back(is_text_in_sql(a.type(i)) ? value : fmt::format("toNullable({})", value));
  }
  return fmt::format("tuple({})", joined_sql(parts, ", "));
}

Sql arg_extreme_sql(const Aggregated& a) {
  const Type type = a.type(0);
  if (type == Type::guid || type == Type::dynamic || type == Type::decimal) return base::fail(no_sql("an order of this type"));
  const bool largest = a.name == "arg_max" || a.name == "argmax";
  const std::string by = TRY(a.argument(0));
  const std::string rows = TRY(tuple_sql(a));
  const std::string key = type == Type::real ? fmt::format("tuple({1}isNaN({0}), if(isNaN({0}), 0, {0}))", by, largest ? "" : "NOT ") : by;
  const std::string best = fmt::format("{}If({}, {}, isNotNull({}))", largest ? "argMax" : "argMin", rows, key, by);
  const std::string found = fmt::format("if(countIf(isNotNull({})) = 0, any({}), {})", by, rows, best);
  const bool is_there = is_text_in_sql(type) || (type != Type::real && !a.w.may_be_null(*a.call.arguments[0]));
  const std::string out = is_there ? fmt::format("{}({}, {})", largest ? "argMax" : "argMin", rows, key) : found;
  return a.columns.size() == 1 ? fmt::format("tupleElement({}, 1)", out) : out;
}

Sql any_sql(const Aggregated& a) {
  if (a.columns.size() > 1) return a.condition ? Sql(base::fail(no_sql("this aggregate"))) : Sql(fmt::format("any({})", TRY(tuple_sql(a))));
  const std::string value = TRY(a.argument(0));
  if (a.type(0) == Type::dynamic) return a.apply("any", value, fmt::format("{} != ''", value));
  return a.apply("any", a.type(0) == Type::string ? value : fmt::format("toNullable({})", value));
}

base::Result<std::int64_t> most_collected(const Aggregated& a) {
  const std::size_t at = a.condition ? 2 : 1;
  const std::int64_t otherwise = a.name == "makelist" || a.name == "makeset" ? 128 : kMostCollected;
  if (a.call.arguments.size() <= at) return otherwise;
  const Value* limit = literal_of(*a.call.arguments[at]);
  if (limit == nullptr) return base::fail(no_sql("a limit that is not known"));
  return limit->is_null() ? otherwise : std::clamp<std::int64_t>(limit->integer(), 0, kMostCollected);
}

std::string array_sql(const std::string& elements) { return fmt::format("concat('[', arrayStringConcat({}, ','), ']')", elements); }

// Of dynamics the elements of an array are taken singly, by a list with the nulls among them: the elements, and the condition.
Sql single_elements(const Aggregated& a, bool with_nulls) {
  const std::string value = TRY(a.argument(0));
  const std::string_view each = with_nulls ? "arrayMap(x1 -> if(x1 = '', 'null', x1), {})" : "arrayFilter(x1 -> x1 NOT IN ('', 'null'), {})";
  const std::string elements = fmt::format(fmt::runtime(each), TRY(elements_sql(a.w, *a.call.arguments[0], false)));
  return fmt::format("if(startsWith({0}, '{{'), [{0}], {1}), {0} != ''{2}", value, elements, a.condition ? fmt::format(" AND {}", *a.condition) : "");
}

Sql list_sql(const Aggregated& a) {
  const std::int64_t most = TRY(most_collected(a));
  if (most == 0) return "'[]'";
  if (a.type(0) == Type::dynamic) return array_sql(fmt::format("groupArrayArrayIf({})({})", most, TRY(single_elements(a, true))));
  const std::string json = TRY(json_of_value(TRY(a.argument(0)), a.type(0)));
  const std::string some = fmt::format("{} != ''{}", json, a.condition ? fmt::format(" AND {}", *a.condition) : "");
  return array_sql(fmt::format("groupArrayIf({})({}, {})", most, json, some));
}

Sql set_sql(const Aggregated& a) {
  const std::int64_t most = TRY(most_collected(a));
  if (most == 0) return "'[]'";
  const std::string value = TRY(a.argument(0));
  if (a.type(0) == Type::string) {
    const std::string texts = a.condition ? fmt::format("groupUniqArrayIf({})({}, {})", most, value, *a.condition)
                                          : fmt::format("groupUniqArray({})({})", most, value);
    return array_sql(fmt::format("arrayMap(x1 -> toJSONString(x1), {})", texts));
  }
  const std::string some = a.condition ? fmt::format(" AND {}", *a.condition) : "";
  if (a.type(0) == Type::dynamic) return array_sql(fmt::format("groupUniqArrayArrayIf({})({})", most, TRY(single_elements(a, false))));
  const std::string json = TRY(json_of_value(value, a.type(0)));
  return array_sql(fmt::format("groupUniqArrayIf({})({}, {} != ''{})", most, json, json, some));
}

// There is one zero and one NaN.
Sql distinct_sql(const Aggregated& a) {
  if (a.call.arguments.size() > (a.condition ? 2u : 1u) || a.type(0) == Type::dynamic) return base::fail(no_sql("this aggregate"));
  const std::string value = key_sql(TRY(a.argument(0)), a.type(0));
  const std::string function = fmt::format("{}{}{}", a.name == "dcount" ? "uniqCombined64" : "uniqExact", a.condition ? "If" : "", a.name == "dcount" ? "(17)" : "");
  return fmt::format("toInt64(ifNull({}({}{}), 0))", function, value, a.condition ? ", " + *a.condition : "");
}

// quantileExact takes the element at floor(level * n), from 0: a hair less than the level makes it the nearest rank.
base::Result<std::string> level_of(const Scalar& percent) {
  const Value* literal = literal_of(percent);
  if (literal == nullptr || literal->is_null() || !is_number(percent.type) || percent.type == Type::decimal) return base::fail(no_sql("this percentile"));
  const double level = convert(*literal, percent.type, Type::real).real() / 100 - 1e-13;
  if (!(level <= 1)) return base::fail(no_sql("this percentile"));
  return fmt::format("{:.17f}", std::max(level, 0.0));
}

// What is compared: times by their ticks.
Sql ranked_value(const Aggregated& a) {
  const Type type = a.type(0);
  const std::string value = TRY(a.argument(0));
  if (type == Type::datetime) return ticks_since_1970(value);
  if (is_number(type) || type == Type::timespan) return value;
  return base::fail(no_sql("percentiles of this type"));
}

// No value is left: NaNs are passed over.
std::string none_is_ranked(const std::string& value, Type type) {
  return type == Type::real ? fmt::format("countIf(NOT isNaN({})) = 0", value) : fmt::format("count({}) = 0", value);
}

constexpr std::size_t kMostCompared = 64;  // calls of a summarize: each is compared with each

// The levels of all percentiles of this value in the summarize, each once; empty where there are too many calls to look at.
base::Result<std::vector<std::string>> levels_of_value(const Aggregated& a) {
  std::vector<std::string> levels;
  if (a.siblings.size() > kMostCompared) return levels;
  const std::string value = TRY(a.argument(0));
  for (const AggregateCall& call : a.siblings) {
    if (call.aggregate->name != "percentile" || TRY(a.w.value(*call.arguments[0])) != value) continue;
    std::string level = TRY(level_of(*call.arguments[1]));
    if (std::find(levels.begin(), levels.end(), level) == levels.end()) levels.push_back(std::move(level));
  }
  return levels;
}

// Several percentiles of one value are taken from one sorted array.
Sql percentile_sql(const Aggregated& a) {
  const std::string value = TRY(ranked_value(a));
  const std::string own = TRY(level_of(*a.call.arguments[1]));
  const std::vector<std::string> levels = TRY(levels_of_value(a));
  std::string ranked = fmt::format("quantileExact({})(toNullable({}))", own, value);
  if (levels.size() > 1) {
    const auto place = std::find(levels.begin(), levels.end(), own) - levels.begin() + 1;
    ranked = fmt::format("if({}, NULL, arrayElement(quantilesExact({})(toNullable({})), {}))", none_is_ranked(value, a.type(0)), joined_sql(levels, ", "), value, place);
  } else if (a.type(0) == Type::real) {
    ranked = fmt::format("if(isNaN({0}), NULL, {0})", ranked);  // of NaNs alone it is NaN
  }
  return a.type(0) == Type::datetime ? datetime_at(ranked) : ranked;
}

// percentiles_array(x, p…), or with one array of them.
Sql percentiles_array_sql(const Aggregated& a) {
  if (a.type(0) != Type::real && !is_whole(a.type(0))) return base::fail(no_sql("percentiles of this type"));
  const std::string value = TRY(a.argument(0));
  std::vector<std::string> levels;
  for (std::size_t i = 1; i < a.call.arguments.size(); ++i) levels.push_back(TRY(level_of(*a.call.arguments[i])));
  const std::string ranked = fmt::format("quantilesExact({})(toNullable({}))", joined_sql(levels, ", "), value);
  const std::string array = array_sql(fmt::format("arrayMap(x1 -> {}, {})", TRY(json_of_value("x1", a.type(0))), ranked));
  const std::string nulls = joined_sql(std::vector<std::string>(levels.size(), "null"), ",");
  return fmt::format("if({}, '[{}]', {})", none_is_ranked(value, a.type(0)), nulls, array);
}

struct AggregateForm {
  std::string_view name;
  Sql (*write)(const Aggregated& aggregated);
  std::size_t condition = 0;  // number of the argument that is one; 0: none
  bool ordered = false;       // what it gives depends on the order of rows
};

constexpr AggregateForm kAggregateForms[] = {
    {"sum", sum_sql},
    {"sumif", sum_sql, 1},
    {"min", extreme_sql},
    {"minif", extreme_sql, 1},
    {"max", extreme_sql},
    {"maxif", extreme_sql, 1},
    {"dcount", distinct_sql},
    {"dcountif", distinct_sql, 1},
    {"count_distinct", distinct_sql},
    {"count_distinctif", distinct_sql, 1},
    {"percentile", percentile_sql},
    {"percentiles_array", percentiles_array_sql},
    {"arg_max", arg_extreme_sql, 0, true},
    {"arg_min", arg_extreme_sql, 0, true},
    {"argmax", arg_extreme_sql, 0, true},
    {"argmin", arg_extreme_sql, 0, true},
    {"take_any", any_sql, 0, true},
    {"any", any_sql, 0, true},
    {"take_anyif", any_sql, 1, true},
    {"anyif", any_sql, 1, true},
    {"make_list", list_sql, 0, true},
    {"makelist", list_sql, 0, true},
    {"make_list_if", list_sql, 1, true},
    {"make_set", set_sql, 0, true},
    {"makeset", set_sql, 0, true},
    {"make_set_if", set_sql, 1, true},
};

std::string_view without_if(std::string_view name) {
  if (name.size() > 2 && name.substr(name.size() - 2) == "if") name.remove_suffix(2);
  return name;
}

// As Function::sql, of an aggregate.
Sql from_aggregate_template(const ScalarWriter& w, const AggregateCall& call) {
  const std::string_view text = call.aggregate->sql;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    out += text.substr(at, open - at);
    if (open == text.size()) break;
    const auto number = static_cast<std::size_t>(text[open + 1] - '0');
    if (number >= call.arguments.size()) return base::fail(no_sql(fmt::format("{}() with so few arguments", call.aggregate->name)));
    out += TRY(w.value(*call.arguments[number]));
    at = text.find('}', open) + 1;
  }
  return out;
}

}  // namespace

Sql aggregate_sql(const ScalarWriter& w, const AggregateCall& call, std::span<const Column> columns, std::span<const AggregateCall> siblings, bool ordered, bool grouped) {
  const std::string_view name = call.aggregate->name;
  for (const ScalarPtr& argument : call.arguments)
    if (argument->type == Type::decimal) return base::fail(no_sql("decimals"));
  for (const AggregateForm& form : kAggregateForms) {
    if (form.name != name) continue;
    if (ordered && form.ordered) return base::fail(no_sql(fmt::format("{}() of rows in an order", name)));
    Aggregated a{w, call, columns, form.condition > 0 ? without_if(name) : name, std::nullopt, grouped, siblings};
    if (form.condition > 0) a.condition = fmt::format("ifNull({}, false)", TRY(w.truth(*call.arguments[form.condition])));
    return form.write(a);
  }
  if (call.aggregate->sql.empty()) return base::fail(no_sql(fmt::format("{}()", name)));
  return from_aggregate_template(w, call);
}

}  // namespace kql
