// SPDX-License-Identifier: Apache-2.0
// The scalar functions and operators of KQL: one entry each, in the file of its family (functions/*_functions.cpp).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/functions/signature.hpp"
#include "kql/value.hpp"

namespace kql {

// The arguments of one call, converted to the types of the signature.
struct Arguments {
  std::span<const Value> values;
  std::span<const Type> types;
  Type result = Type::string;

  std::size_t size() const { return values.size(); }
  const Value& operator[](std::size_t i) const { return values[i]; }
  bool has(std::size_t i) const { return i < values.size() && !values[i].is_null(); }  // given, and not null
  std::int64_t integer(std::size_t i) const { return values[i].integer(); }
  double real(std::size_t i) const { return values[i].real(); }
  const std::string& text(std::size_t i) const { return values[i].text(); }
  const base::Json& json(std::size_t i) const { return values[i].json(); }
  // A number of any type but decimal; of a decimal, its nearest real.
  double number(std::size_t i) const;
  // Of any type, as tostring() prints it.
  std::string as_text(std::size_t i) const { return to_text(values[i], types[i]); }
};

// What one call may make; null where it would be more.
constexpr std::size_t kResultText = 16u << 20;
constexpr std::size_t kResultElements = 1'000'000;

// Columns of array_sort_asc() and array_sort_desc(): one for each array, called by its argument.
constexpr std::string_view kSortedArrays = "sorted";

// The name of a result column that the query does not name (the language's result name kinds).
enum class Naming {
  none,                   // Column1, Column2 …
  first_argument,         // tostring(a): a
  name_and_argument,      // strlen(b): strlen_b
  only_argument,          // make_datetime(a): a
  result_name             // hll_merge(a, b): hll_merged_result
};

struct Function {
  std::string_view name;       // an operator's is how it is written: "+", "!has_cs"
  std::string_view signature;  // signature.hpp. Of several entries of one name the one that fits best is called
  // Called with no null among the arguments, unless `nulls` says so: a null argument makes a null result.
  Value (*evaluate)(const Arguments& arguments) = nullptr;
  // ClickHouse SQL with the arguments' in it: {0}, {1}, {*} for all of them with ", " between. Empty: evaluated here alone.
  std::string_view sql = {};
  Naming naming = Naming::none;
  std::string_view result_name = {};  // where it is not the function's name: "type" of gettype(a)
  enum class Nulls { propagate, handled } nulls = Nulls::propagate;
  enum class Kind {
    pure,
    changing,  // rand(), new_guid(): not folded
    window,    // prev(), row_number(): evaluate/window.cpp computes it on the rows
  } kind = Kind::pure;
  // Columns that a call adds to extend and project: "(q, r) = series_fit_line(y)". The result is a dynamic array of them.
  std::string_view columns = {};  // "rsquare:real, slope:real"
  // Why a call cannot be right, told by its types and its constants before it runs: a bad pattern, an unknown option. Null
  // among the values is what is no constant, or null.
  base::Result<void> (*check)(const Arguments& constants) = nullptr;
};

// The entries of a name, as they stand in their family; empty where there is none.
std::span<const Function* const> functions_named(std::string_view name);
std::vector<std::string_view> function_names();  // of functions, not operators; sorted

// The conversion between two types that stands where the binder converts silently, and in tostring() and its like.
const Function& conversion_function();
// case(), whose parameters alternate: the binder types it.
const Function& case_function();

std::span<const Function> operator_functions();
std::span<const Function> string_operator_functions();
std::span<const Function> string_functions();
std::span<const Function> search_functions();
std::span<const Function> regex_functions();
std::span<const Function> unicode_functions();
std::span<const Function> value_functions();
std::span<const Function> conversion_functions();
std::span<const Function> conditional_functions();
std::span<const Function> math_functions();
std::span<const Function> datetime_functions();
std::span<const Function> datetime_unit_functions();
std::span<const Function> datetime_making_functions();
std::span<const Function> time_zone_functions();
std::span<const Function> format_functions();
std::span<const Function> dynamic_functions();
// Why a function of the language is not here; empty where it is no function of the language.
std::string_view refused_function(std::string_view name);

std::span<const Function> array_functions();
std::span<const Function> array_order_functions();
std::span<const Function> set_functions();
std::span<const Function> range_functions();
std::span<const Function> bag_functions();
std::span<const Function> parse_functions();
std::span<const Function> document_functions();
std::span<const Function> ipv4_functions();
std::span<const Function> ipv6_functions();
std::span<const Function> ip_text_functions();
std::span<const Function> hash_functions();
std::span<const Function> encoding_functions();
std::span<const Function> bit_functions();
std::span<const Function> bin_functions();
std::span<const Function> distribution_functions();
std::span<const Function> unit_functions();
std::span<const Function> series_functions();
std::span<const Function> sketch_functions();
std::span<const Function> geo_point_functions();
std::span<const Function> geo_line_functions();
std::span<const Function> geo_polygon_functions();
std::span<const Function> geo_shape_functions();
std::span<const Function> geo_cell_functions();
std::span<const Function> geo_h3_functions();
std::span<const Function> window_functions();

}  // namespace kql
