// SPDX-License-Identifier: Apache-2.0
// A filter is a condition of KQL on one column whose values are parameters, so that it means what a query would, and no value
// is ever read as text of a query.
#include "workspace/purge_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/text.hpp"
#include "kql/bind/binder.hpp"
#include "kql/run.hpp"
#include "kql/sql/scalar_writer.hpp"
#include "kql/sql/sql_writer.hpp"
#include "kql/time.hpp"
#include "workspace/sql_text.hpp"

namespace workspace {

namespace {

using model::ColumnType;

enum class Takes { one, list, two };

struct Comparison {
  std::string_view name;
  Takes takes = Takes::one;
  bool of_texts = false;   // of nothing else
  bool of_an_order = false;
};

constexpr Comparison kComparisons[] = {
    {"=="},
    {"=~", Takes::one, true, false},
    {"in", Takes::list, false, false},
    {"in~", Takes::list, true, false},
    {">", Takes::one, false, true},
    {">=", Takes::one, false, true},
    {"<", Takes::one, false, true},
    {"<=", Takes::one, false, true},
    {"between", Takes::two, false, true},
};

// What a filter is about: a column, or a member of a dynamic one.
struct Subject {
  std::string name;  // for people
  ColumnType type = ColumnType::string;
  kql::ColumnSql sql;
  std::string there;  // the condition that it is there at all; empty: it always is
};

tl::unexpected<base::Error> wrong(const std::string& place, std::string_view member, const std::string& why) {
  return base::fail(base::Kind::invalid_input, fmt::format("{}.{}: {}", place, member, why));
}

bool has_an_order(ColumnType type) {
  return type == ColumnType::int32 || type == ColumnType::int64 || type == ColumnType::real || type == ColumnType::datetime || type == ColumnType::timespan;
}

bool is_for(const Comparison& comparison, ColumnType type) {
  if (comparison.of_texts) return type == ColumnType::string;
  return !comparison.of_an_order || has_an_order(type);
}

std::string_view words_for(ColumnType type) {
  switch (type) {
    case ColumnType::boolean: return "true or false";
    case ColumnType::int32:
    case ColumnType::int64: return "a whole number";
    case ColumnType::real: return "a number";
    case ColumnType::datetime: return "a time such as '2026-01-31T08:00:00Z'";
    case ColumnType::timespan: return "a timespan such as '1.02:03:04'";
    case ColumnType::guid: return "a GUID";
    default: return "a text";
  }
}

std::optional<kql::Literal> literal_of(const base::Json& value, ColumnType type) {
  kql::Literal out;
  out.type = type == ColumnType::int32 ? ColumnType::int64 : type;
  const std::string text(base::as_string(value));
  const auto ticks = [&](std::optional<std::int64_t> read) -> std::optional<kql::Literal> {
    if (!value.is_string() || !read) return std::nullopt;
    out.integer = *read;
    return out;
  };
  switch (type) {
    case ColumnType::datetime: return ticks(kql::parse_datetime(text));
    case ColumnType::timespan: return ticks(kql::parse_timespan(text));
    case ColumnType::boolean:
      if (!value.is_bool()) return std::nullopt;
      out.integer = value.get_bool() ? 1 : 0;
      return out;
    case ColumnType::int32:
    case ColumnType::int64:
      if (!value.is_int64()) return std::nullopt;
      out.integer = value.get_int64();
      return out;
    case ColumnType::real:
      if (!value.is_number()) return std::nullopt;
      out.real = value.to_number<double>();
      return out;
    case ColumnType::guid: {
      const auto guid = kql::parse_guid(text);
      if (!value.is_string() || !guid) return std::nullopt;
      out.text = *guid;
      return out;
    }
    default:
      if (!value.is_string()) return std::nullopt;
      out.text = text;
      return out;
  }
}

// The values of a filter, one after the other, whatever its comparison takes.
base::Result<std::vector<const base::Json*>> values_of(const PurgeFilter& filter, Takes takes, const std::string& place) {
  std::vector<const base::Json*> out;
  if (takes == Takes::one) {
    out.push_back(&filter.value);
    return out;
  }
  if (filter.value.is_array())
    for (const base::Json& value : filter.value.get_array()) out.push_back(&value);
  if (takes == Takes::two && out.size() != 2) return wrong(place, "value", "it must be a list of two values for between: the least and the greatest");
  if (out.empty() || out.size() > kMostPurgeValues) return wrong(place, "value", fmt::format("it must be a list of 1 to {} values for {}", kMostPurgeValues, filter.comparison));
  return out;
}

// The values say as what a member is looked at: their texts, numbers or truths. A dynamic has a type of its own in each row.
base::Result<ColumnType> type_of_member(const std::vector<const base::Json*>& values, const std::string& place) {
  const auto all = [&](auto is) { return std::all_of(values.begin(), values.end(), is); };
  if (all([](const base::Json* value) { return value->is_string(); })) return ColumnType::string;
  if (all([](const base::Json* value) { return value->is_number(); })) return ColumnType::real;
  if (all([](const base::Json* value) { return value->is_bool(); })) return ColumnType::boolean;
  return wrong(place, "value", "it must be texts, numbers or truths, and all of one kind, for a member of a dynamic column");
}

Subject member_of(const PurgeFilter& filter, ColumnType type, std::string_view rows) {
  const std::string path = fmt::format("{}{}, {}", rows, quote_name(filter.column), quote_text(filter.key));
  Subject out{fmt::format("the member {} of {}", filter.key, filter.column), type, {}, fmt::format("JSONType({}) != 'Null'", path)};
  switch (type) {
    case ColumnType::real: out.sql.sql = fmt::format("if(JSONType({0}) IN ('Int64', 'UInt64', 'Double'), JSONExtractFloat({0}), NULL)", path); break;
    case ColumnType::boolean: out.sql.sql = fmt::format("if(JSONType({0}) = 'Bool', JSONExtractBool({0}), NULL)", path); break;
    default: out.sql.sql = fmt::format("JSONExtractString({})", path); break;
  }
  return out;
}

base::Result<Subject> subject_of(const TableSpec& table, const PurgeFilter& filter, const std::vector<const base::Json*>& values, const std::string& place,
                                 std::string_view rows) {
  const model::ColumnSchema* column = table.schema.find(filter.column);
  if (column == nullptr) return wrong(place, "column", fmt::format("the table {} has no column '{}'", table.schema.name, base::printable(filter.column)));
  if (column->type == ColumnType::decimal) return wrong(place, "column", fmt::format("{} is a decimal, by which no rows can be purged; choose another column", column->name));
  const bool dynamic = column->type == ColumnType::dynamic;
  if (dynamic && filter.key.empty()) return wrong(place, "key", fmt::format("it must name the member of {}, which is dynamic", column->name));
  if (!dynamic && !filter.key.empty()) return wrong(place, "key", fmt::format("{} is {} and has no members; leave it out", column->name, model::column_type_name(column->type)));
  if (dynamic) return member_of(filter, TRY(type_of_member(values, place)), rows);
  return Subject{column->name, column->type, {fmt::format("{}{}", rows, quote_name(column->name)), column->name != kTimeColumn, false, true}, {}};
}

const Comparison* find_comparison(std::string_view name) {
  const auto at = std::find_if(std::begin(kComparisons), std::end(kComparisons), [&](const Comparison& one) { return one.name == name; });
  return at == std::end(kComparisons) ? nullptr : at;
}

std::string comparisons_for(std::optional<ColumnType> type) {
  std::vector<std::string> names;
  for (const Comparison& one : kComparisons)
    if (!type || is_for(one, *type)) names.emplace_back(one.name);
  return base::join(names, ", ");
}

// "Rows | where Subject in (v0, v1)", and what v0 and v1 are.
std::string query_of(const Comparison& comparison, std::size_t values, ColumnType type) {
  std::vector<std::string> declared, names;
  for (std::size_t i = 0; i < values; ++i) {
    names.push_back(fmt::format("v{}", i));
    declared.push_back(fmt::format("v{}:{}", i, kql::type_name(type)));
  }
  const std::string operand = comparison.takes == Takes::one ? names[0] : fmt::format("({})", base::join(names, comparison.takes == Takes::two ? " .. " : ", "));
  return fmt::format("declare query_parameters({}); Rows | where Subject {} {}", base::join(declared, ", "), comparison.name, operand);
}

base::Result<std::string> bound_sql(const Subject& subject, const Comparison& comparison, std::vector<kql::Literal> values, const std::string& place) {
  const ColumnType type = values.front().type;
  kql::ColumnSql column = subject.sql;
  if (type != subject.type) column.sql = fmt::format("toInt64({})", column.sql);  // an int is compared with longs
  const model::TableSchema rows{"Rows", "", {{"Subject", type, ""}}};
  kql::BindOptions options;
  options.names.table = [&rows](std::string_view name) { return name == rows.name ? &rows : nullptr; };
  const std::string query = query_of(comparison, values.size(), type);
  for (kql::Literal& value : values) options.parameters.emplace_back(fmt::format("v{}", options.parameters.size()), std::move(value));
  const kql::Bound bound = kql::bind_text(query, options);
  if (!bound.diagnostics.empty()) return wrong(place, "value", kql::to_text(bound.diagnostics, query));
  const auto* filter = bound.query.answers.empty() ? nullptr : std::get_if<kql::FilterRows>(&bound.query.answers.front().rows->node);
  if (filter == nullptr) return base::fail(base::Kind::internal, fmt::format("{} is no condition of its own", place));
  auto sql = kql::ScalarWriter(std::span<const kql::ColumnSql>(&column, 1)).truth(*filter->predicate);
  if (sql && sql->find(kql::kNoExactAnswer) == std::string::npos && sql->size() <= kql::kLongestExpression) return sql;
  return wrong(place, "value", fmt::format("it is more than one purge can look for in {}; send fewer values at once", subject.name));
}

}  // namespace

base::Result<std::string> filter_sql(const TableSpec& table, const PurgeFilter& filter, const std::string& place, std::string_view rows) {
  const Comparison* comparison = find_comparison(filter.comparison);
  if (comparison == nullptr) return wrong(place, "operator", fmt::format("'{}' is none; it must be one of {}", base::printable(filter.comparison), comparisons_for({})));
  const auto given = TRY(values_of(filter, comparison->takes, place));
  const Subject subject = TRY(subject_of(table, filter, given, place, rows));
  if (!is_for(*comparison, subject.type))
    return wrong(place, "operator", fmt::format("{} is no comparison of {}, which is {}; it must be one of {}", comparison->name, subject.name,
                                                model::column_type_name(subject.type), comparisons_for(subject.type)));
  std::vector<kql::Literal> values;
  for (const base::Json* value : given) {
    auto literal = literal_of(*value, subject.type);
    if (!literal) return wrong(place, "value", fmt::format("it must be {} for {}", words_for(subject.type), subject.name));
    values.push_back(std::move(*literal));
  }
  const std::string sql = TRY(bound_sql(subject, *comparison, std::move(values), place));
  // Where there is no value nothing is deleted, whatever is compared with what.
  return fmt::format("ifNull({}{}, false)", subject.there.empty() ? "" : subject.there + " AND ", sql);
}

}  // namespace workspace
