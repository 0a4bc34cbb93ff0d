// SPDX-License-Identifier: Apache-2.0
// A value while a query runs. Which type it has is known from the plan, not from the value.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "kql/syntax/literal.hpp"
#include "kql/type.hpp"

namespace kql {

class Value {
 public:
  Value() = default;  // null
  static Value boolean(bool value) { return Value(std::int64_t{value ? 1 : 0}); }
  static Value integer(std::int64_t value) { return Value(value); }  // int, long; ticks of datetime and timespan
  static Value real(double value) { return Value(value); }
  static Value text(std::string value) { return Value(std::move(value)); }  // string, guid, decimal
  static Value text(std::string_view value) { return Value(std::string(value)); }
  static Value dynamic(base::Json value);  // JSON's null is null
  static Value of(const Literal& literal);

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  // Of a value that is not null and of that form.
  bool boolean() const { return integer() != 0; }
  std::int64_t integer() const { return std::get<std::int64_t>(data_); }
  double real() const { return std::get<double>(data_); }
  const std::string& text() const { return std::get<std::string>(data_); }
  const base::Json& json() const { return *std::get<std::shared_ptr<const base::Json>>(data_); }

 private:
  template <typename T>
  explicit Value(T value) : data_(std::move(value)) {}
  std::variant<std::monostate, std::int64_t, double, std::string, std::shared_ptr<const base::Json>> data_;
};

using Row = std::vector<Value>;
using Rows = std::vector<Row>;

struct Column {
  std::string name;
  Type type = Type::string;
};
using Schema = std::vector<Column>;

struct Table {
  Schema schema;
  Rows rows;
};

// What a cell without a value holds: "" of strings, else null.
Value missing(Type type);

// Order of two values of a type as `sort by` has it, nulls before all else; text by its bytes, dynamics by their text.
int compare(Type type, const Value& left, const Value& right);

// Equal as a key of a group or a join is: nulls are equal to one another, NaN to NaN.
bool same(Type type, const Value& left, const Value& right);
std::size_t hash(Type type, const Value& value);

// The conversions of KQL's to…() functions: null where the value has no such form, "" for a string.
Value convert(const Value& value, Type from, Type to);

// As tostring() prints it; "" for null.
std::string to_text(const Value& value, Type type);

// A value within a dynamic, and back: JSON where JSON has the type, else text ("1.00:00:00").
base::Json to_json(const Value& value, Type type);
Value from_json(const base::Json& json, Type type);

// JSON text as KQL prints a dynamic: no blanks, reals with a point ("1.0").
std::string dynamic_text(const base::Json& json);

// The dynamic of JSON text; of text that is no JSON, that text as a string; null of "".
Value parse_dynamic(std::string_view text);

}  // namespace kql
