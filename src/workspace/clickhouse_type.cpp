// SPDX-License-Identifier: Apache-2.0
#include "workspace/clickhouse_type.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace workspace {

namespace {

using model::ColumnType;

struct PlainType {
  std::string_view name;
  WireForm form;
  ColumnType column;
};

constexpr std::array kPlainTypes{
    PlainType{"String", WireForm::string, ColumnType::string},
    PlainType{"Bool", WireForm::boolean, ColumnType::boolean},
    PlainType{"Int8", WireForm::int8, ColumnType::int32},
    PlainType{"Int16", WireForm::int16, ColumnType::int32},
    PlainType{"Int32", WireForm::int32, ColumnType::int32},
    PlainType{"Int64", WireForm::int64, ColumnType::int64},
    PlainType{"UInt8", WireForm::uint8, ColumnType::int32},
    PlainType{"UInt16", WireForm::uint16, ColumnType::int32},
    PlainType{"UInt32", WireForm::uint32, ColumnType::int64},
    PlainType{"UInt64", WireForm::uint64, ColumnType::int64},
    PlainType{"Float32", WireForm::float32, ColumnType::real},
    PlainType{"Float64", WireForm::float64, ColumnType::real},
    PlainType{"UUID", WireForm::uuid, ColumnType::guid},
    PlainType{"Date", WireForm::date, ColumnType::datetime},
    PlainType{"Date32", WireForm::date32, ColumnType::datetime},
    PlainType{"DateTime", WireForm::datetime, ColumnType::datetime},
    PlainType{"Nothing", WireForm::nothing, ColumnType::dynamic},
};

// What stands between "Name(" and ")"; nothing where the type is another.
std::optional<std::string_view> arguments_of(std::string_view type, std::string_view name) {
  if (type.size() < name.size() + 2 || type.substr(0, name.size()) != name) return std::nullopt;
  if (type[name.size()] != '(' || type.back() != ')') return std::nullopt;
  return type.substr(name.size() + 1, type.size() - name.size() - 2);
}

std::optional<unsigned> small_number(std::string_view text) {
  text = base::trim(text);
  unsigned number = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || at != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<WireType> decimal_type(std::string_view arguments) {
  const auto [precision_text, scale_text] = base::cut(arguments, ",");
  const auto precision = small_number(precision_text), scale = small_number(scale_text);
  if (!precision || !scale || *precision > 38 || *scale > *precision) return std::nullopt;
  WireType out;
  out.form = *precision <= 9 ? WireForm::decimal32 : *precision <= 18 ? WireForm::decimal64 : WireForm::decimal128;
  out.scale = *scale;
  out.column = ColumnType::decimal;
  return out;
}

std::optional<WireType> parameterised_type(std::string_view name) {
  WireType out;
  if (const auto arguments = arguments_of(name, "DateTime64")) {
    const auto scale = small_number(base::cut(*arguments, ",").first);
    if (!scale || *scale > 9) return std::nullopt;
    out.form = WireForm::datetime64;
    out.scale = *scale;
    out.column = ColumnType::datetime;
    return out;
  }
  if (const auto arguments = arguments_of(name, "FixedString")) {
    const auto width = small_number(*arguments);
    if (!width || *width == 0) return std::nullopt;
    out.form = WireForm::fixed_string;
    out.width = *width;
    return out;
  }
  if (arguments_of(name, "DateTime")) {
    out.form = WireForm::datetime;
    out.column = ColumnType::datetime;
    return out;
  }
  if (const auto arguments = arguments_of(name, "Decimal")) return decimal_type(*arguments);
  return std::nullopt;
}

}  // namespace

base::Result<WireType> parse_clickhouse_type(std::string_view name) {
  std::string_view inner = name;
  if (const auto arguments = arguments_of(inner, "LowCardinality")) inner = *arguments;
  const auto nullable = arguments_of(inner, "Nullable");
  if (nullable) inner = *nullable;
  std::optional<WireType> found = parameterised_type(inner);
  for (const PlainType& plain : kPlainTypes) {
    if (plain.name != inner) continue;
    found.emplace();
    found->form = plain.form;
    found->column = plain.column;
  }
  if (!found || (found->form == WireForm::nothing && !nullable))
    return base::fail(base::Kind::unsupported,
                      fmt::format("a column of ClickHouse's type {} cannot be read; turn it into a string in the query",
                                  base::printable(name)));
  found->nullable = nullable.has_value();
  return *found;
}

std::string_view clickhouse_type_of(ColumnType type, bool required, bool low_cardinality) {
  switch (type) {
    case ColumnType::boolean: return required ? "Bool" : "Nullable(Bool)";
    case ColumnType::int32: return required ? "Int32" : "Nullable(Int32)";
    case ColumnType::int64:
    case ColumnType::timespan: return required ? "Int64" : "Nullable(Int64)";  // of a timespan its ticks
    case ColumnType::real: return required ? "Float64" : "Nullable(Float64)";
    case ColumnType::datetime: return required ? "DateTime64(7, 'UTC')" : "Nullable(DateTime64(7, 'UTC'))";
    case ColumnType::guid: return required ? "UUID" : "Nullable(UUID)";
    case ColumnType::decimal: return required ? "Decimal(38, 16)" : "Nullable(Decimal(38, 16))";
    case ColumnType::string:
    case ColumnType::dynamic: break;
  }
  return low_cardinality ? "LowCardinality(String)" : "String";
}

}  // namespace workspace
