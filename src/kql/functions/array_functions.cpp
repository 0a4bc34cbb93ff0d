// SPDX-License-Identifier: Apache-2.0
// Functions that make, cut and look into arrays. What is no array where one is taken makes a null result.
#include <algorithm>
#include <cmath>

#include "kql/functions/function.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

const base::JsonArray* array_at(const Arguments& a, std::size_t i) { return a[i].is_null() ? nullptr : a.json(i).if_array(); }
std::int64_t size_of(const base::JsonArray& array) { return static_cast<std::int64_t>(array.size()); }

// A negative index counts from the end.
std::int64_t from_start(std::int64_t index, std::int64_t size) { return index < 0 ? index + size : index; }

Value part_of_array(const base::JsonArray& array, std::int64_t begin, std::int64_t end) {
  base::JsonArray out;
  for (std::int64_t i = std::max<std::int64_t>(begin, 0); i < std::min(end, size_of(array)); ++i) out.push_back(array[static_cast<std::size_t>(i)]);
  return Value::dynamic(std::move(out));
}

Value length(const Arguments& a) {
  const auto* array = array_at(a, 0);
  return array == nullptr ? Value() : Value::integer(size_of(*array));
}

Value packed(const Arguments& a) {
  base::JsonArray out;
  for (std::size_t i = 0; i < a.size(); ++i) out.push_back(to_json(a[i], a.types[i]));
  return Value::dynamic(std::move(out));
}

Value concatenated_arrays(const Arguments& a) {
  base::JsonArray out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto* array = array_at(a, i);
    if (array == nullptr || out.size() + array->size() > kResultElements) return {};
    out.insert(out.end(), array->begin(), array->end());
  }
  return Value::dynamic(std::move(out));
}

// Both ends belong to the slice.
Value slice(const Arguments& a) {
  const auto* array = array_at(a, 0);
  if (array == nullptr) return {};
  const std::int64_t last = from_start(a.integer(2), size_of(*array));
  return part_of_array(*array, from_start(a.integer(1), size_of(*array)), last < size_of(*array) ? last + 1 : last);
}

Value split_at(const base::JsonArray& array, const std::vector<std::int64_t>& indices) {
  base::JsonArray out;
  std::int64_t begin = 0;
  for (const std::int64_t index : indices) {
    const std::int64_t end = std::clamp(from_start(index, size_of(array)), begin, size_of(array));
    out.push_back(part_of_array(array, begin, end).json());
    begin = end;
  }
  out.push_back(part_of_array(array, begin, size_of(array)).json());
  return Value::dynamic(std::move(out));
}

Value split_at_index(const Arguments& a) {
  const auto* array = array_at(a, 0);
  return array == nullptr ? Value() : split_at(*array, {a.integer(1)});
}

Value split_at_indices(const Arguments& a) {
  const auto* array = array_at(a, 0);
  const auto* list = array_at(a, 1);
  if (array == nullptr || list == nullptr) return {};
  std::vector<std::int64_t> indices;
  for (const base::Json& index : *list) {
    if (!index.is_int64()) return {};
    indices.push_back(index.get_int64());
  }
  return split_at(*array, indices);
}

Value reversed(const Arguments& a) {
  const auto* array = array_at(a, 0);
  if (array == nullptr) return {};
  base::JsonArray out(array->rbegin(), array->rend());
  return Value::dynamic(std::move(out));
}

template <int direction>
Value rotated(const Arguments& a) {
  const auto* array = array_at(a, 0);
  if (array == nullptr) return {};
  base::JsonArray out = *array;
  if (out.empty()) return Value::dynamic(std::move(out));
  const std::int64_t steps = a.integer(1) % size_of(out) * direction;
  std::rotate(out.begin(), out.begin() + (steps < 0 ? steps + size_of(out) : steps), out.end());
  return Value::dynamic(std::move(out));
}

// What comes in at an end: the third argument; without one "" in an array of strings alone, else null.
base::Json filler(const Arguments& a, const base::JsonArray& array) {
  if (a.size() > 2) return to_json(a[2], a.types[2]);
  const bool of_strings = !array.empty() && std::all_of(array.begin(), array.end(), [](const base::Json& element) { return element.is_string(); });
  return of_strings ? base::Json("") : base::Json(nullptr);
}

template <int direction>
Value shifted(const Arguments& a) {
  const auto* array = array_at(a, 0);
  if (array == nullptr || a[1].is_null()) return {};
  const base::Json fill = filler(a, *array);
  const std::int64_t steps = std::clamp(a.integer(1), -size_of(*array), size_of(*array)) * direction;
  base::JsonArray out;
  for (std::int64_t i = 0; i < size_of(*array); ++i) {
    const std::int64_t from = i + steps;
    out.push_back(from >= 0 && from < size_of(*array) ? (*array)[static_cast<std::size_t>(from)] : fill);
  }
  return Value::dynamic(std::move(out));
}

// Null where an element is no number; nulls are left out.
Value sum(const Arguments& a) {
  const auto* array = array_at(a, 0);
  if (array == nullptr) return {};
  double total = 0;
  for (const base::Json& element : *array) {
    if (element.is_null()) continue;
    if (!element.is_number()) return {};
    total += element.to_number<double>();
  }
  return Value::real(total);
}

// array_index_of(array, value, start, length, occurrence)
Value index_of(const Arguments& a) {
  const auto* array = array_at(a, 0);
  if (array == nullptr) return {};
  for (std::size_t i = 2; i < a.size(); ++i)
    if (a[i].is_null()) return {};
  const std::int64_t size = size_of(*array);
  const std::int64_t start = a.size() > 2 ? std::clamp<std::int64_t>(from_start(a.integer(2), size), 0, size) : 0;
  const std::int64_t length = a.size() > 3 ? a.integer(3) : -1;
  std::int64_t occurrence = a.size() > 4 ? a.integer(4) : 1;
  if (length < -1 || occurrence < 1) return {};
  const std::int64_t end = length < 0 || length > size - start ? size : start + length;
  const std::string wanted = dynamic_text(to_json(a[1], a.types[1]));
  for (std::int64_t i = start; i < end; ++i)
    if (dynamic_text((*array)[static_cast<std::size_t>(i)]) == wanted && --occurrence == 0) return Value::integer(i);
  return Value::integer(-1);
}

// An element of the array that stands for all conditions, or the one value that does.
base::Json choice(const Arguments& a, std::size_t argument, std::size_t i) {
  const auto* array = a.types[argument] == Type::dynamic ? array_at(a, argument) : nullptr;
  if (array == nullptr) return to_json(a[argument], a.types[argument]);
  return i < array->size() ? (*array)[i] : base::Json(nullptr);
}

Value chosen_elements(const Arguments& a) {
  const auto* conditions = array_at(a, 0);
  if (conditions == nullptr) return {};
  base::JsonArray out;
  for (std::size_t i = 0; i < conditions->size(); ++i) {
    const base::Json& condition = (*conditions)[i];
    if (const auto* flag = condition.if_bool()) out.push_back(choice(a, *flag ? 1 : 2, i));
    else if (condition.is_number()) out.push_back(choice(a, condition.to_number<double>() != 0 ? 1 : 2, i));
    else out.emplace_back(nullptr);
  }
  return Value::dynamic(std::move(out));
}

Value zipped(const Arguments& a) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto* array = array_at(a, i);
    if (array == nullptr) return {};
    size = std::max(size, array->size());
  }
  base::JsonArray out;
  for (std::size_t element = 0; element < size; ++element) {
    base::JsonArray row;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const auto& array = a.json(i).get_array();
      row.push_back(element < array.size() ? array[element] : base::Json(nullptr));
    }
    out.emplace_back(std::move(row));
  }
  return Value::dynamic(std::move(out));
}

Value repeated(const Arguments& a) {
  if (a[1].is_null() || a.integer(1) < 0 || a.integer(1) > static_cast<std::int64_t>(kResultElements)) return {};
  const base::Json element = to_json(a[0], a.types[0]);
  const auto count = static_cast<std::size_t>(a.integer(1));
  if (count * dynamic_text(element).size() > kResultText) return {};
  return Value::dynamic(base::JsonArray(count, element));
}

constexpr Function kFunctions[] = {
    {.name = "array_length", .signature = "(dynamic) long", .evaluate = length},
    {.name = "arraylength", .signature = "(dynamic) long", .evaluate = length},
    {.name = "pack_array", .signature = "(any...) dynamic", .evaluate = packed, .nulls = Nulls::handled},
    {.name = "array_concat", .signature = "(dynamic...) dynamic", .evaluate = concatenated_arrays},
    {.name = "array_slice", .signature = "(dynamic, whole, whole) dynamic", .evaluate = slice},
    {.name = "array_split", .signature = "(dynamic, whole) dynamic", .evaluate = split_at_index},
    {.name = "array_split", .signature = "(dynamic, dynamic) dynamic", .evaluate = split_at_indices},
    {.name = "array_reverse", .signature = "(dynamic) dynamic", .evaluate = reversed},
    {.name = "array_rotate_left", .signature = "(dynamic, whole) dynamic", .evaluate = rotated<1>},
    {.name = "array_rotate_right", .signature = "(dynamic, whole) dynamic", .evaluate = rotated<-1>},
    {.name = "array_shift_left", .signature = "(dynamic, whole, any?) dynamic", .evaluate = shifted<1>, .nulls = Nulls::handled},
    {.name = "array_shift_right", .signature = "(dynamic, whole, any?) dynamic", .evaluate = shifted<-1>, .nulls = Nulls::handled},
    {.name = "array_sum", .signature = "(dynamic) real", .evaluate = sum},
    {.name = "array_index_of", .signature = "(dynamic, any, whole?, whole?, const whole?) long", .evaluate = index_of, .nulls = Nulls::handled},
    {.name = "array_iff", .signature = "(dynamic, any, any) dynamic", .evaluate = chosen_elements, .nulls = Nulls::handled},
    {.name = "array_iif", .signature = "(dynamic, any, any) dynamic", .evaluate = chosen_elements, .nulls = Nulls::handled},
    {.name = "zip", .signature = "(dynamic, dynamic...) dynamic", .evaluate = zipped},
    {.name = "repeat", .signature = "(any, long) dynamic", .evaluate = repeated, .naming = Naming::name_and_argument, .nulls = Nulls::handled},
};

}  // namespace

std::span<const Function> array_functions() { return kFunctions; }

}  // namespace kql
