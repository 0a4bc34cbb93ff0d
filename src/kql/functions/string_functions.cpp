// SPDX-License-Identifier: Apache-2.0
// Functions that take text and make text or numbers of it.
#include <algorithm>

#include "kql/functions/function.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

Value text_within_limit(std::string text) { return text.size() > kResultText ? Value() : Value::text(std::move(text)); }

Value concatenated(const Arguments& a) {
  std::string out;
  for (std::size_t i = 0; i < a.size(); ++i) out += a.as_text(i);
  return text_within_limit(std::move(out));
}

Value concatenated_with_delimiter(const Arguments& a) {
  const std::string delimiter = a.as_text(0);
  std::string out;
  for (std::size_t i = 1; i < a.size(); ++i) {
    if (i > 1) out += delimiter;
    out += a.as_text(i);
    if (out.size() > kResultText) return {};
  }
  return Value::text(std::move(out));
}

Value concatenated_array(const Arguments& a) {
  const auto* array = a.json(0).if_array();
  if (array == nullptr) return {};
  const std::string delimiter = a.as_text(1);
  std::string out;
  for (std::size_t i = 0; i < array->size(); ++i) {
    if (i > 0) out += delimiter;
    out += to_text(Value::dynamic((*array)[i]), Type::dynamic);
    if (out.size() > kResultText) return {};
  }
  return Value::text(std::move(out));
}

Value order_of_texts(const Arguments& a) {
  const int order = a.as_text(0).compare(a.as_text(1));
  return Value::integer(order < 0 ? -1 : order > 0 ? 1 : 0);
}

Value repeated_text(const Arguments& a) {
  const std::string text = a.as_text(0);
  const std::string delimiter = a.size() > 2 ? a.as_text(2) : std::string();
  const std::int64_t times = a.integer(1);
  if (times < 1) return Value::text(std::string());
  const auto count = static_cast<std::uint64_t>(times);
  const std::uint64_t each = text.size() + delimiter.size();
  if (each == 0) return Value::text(std::string());
  if (count > kResultText / each + 1) return {};
  std::string out;
  out.reserve(each * count);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) out += delimiter;
    out += text;
  }
  return text_within_limit(std::move(out));
}

Value length(const Arguments& a) { return Value::integer(static_cast<std::int64_t>(count_code_points(a.text(0)))); }
Value bytes_of_text(const Arguments& a) { return Value::integer(static_cast<std::int64_t>(a.text(0).size())); }
Value lowered(const Arguments& a) { return Value::text(fold_case(a.as_text(0))); }
Value uppered(const Arguments& a) { return Value::text(upper_case(a.as_text(0))); }

// Counted from 0; a negative start counts from the end.
Value part(const Arguments& a) {
  const std::string text = a.as_text(0);
  const auto size = static_cast<std::int64_t>(count_code_points(text));
  std::int64_t start = a.integer(1);
  if (start < 0) start = std::max<std::int64_t>(0, start + size);
  if (start >= size) return Value::text(std::string());
  const std::int64_t most = size - start;
  const std::int64_t count = a.size() < 3 ? most : std::min(a.integer(2), most);
  if (count <= 0) return Value::text(std::string());
  const std::size_t begin = byte_of_code_point(text, static_cast<std::size_t>(start));
  const std::string_view rest = std::string_view(text).substr(begin);
  return Value::text(rest.substr(0, byte_of_code_point(rest, static_cast<std::size_t>(count))));
}

Value reversed(const Arguments& a) {
  const std::string text = a.as_text(0);
  std::string out(text.size(), '\0');
  std::size_t end = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = byte_of_code_point(std::string_view(text).substr(at), 1);
    end -= size;
    out.replace(end, size, text, at, size);
    at += size;
  }
  return Value::text(std::move(out));
}

// "a,b" with "," is ["a","b"]; with an index, ["b"] alone, or [] where there is no such part.
Value split_text(const Arguments& a) {
  const std::string text = a.as_text(0);
  const std::string& delimiter = a.text(1);
  base::JsonArray parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = delimiter.empty() ? std::string::npos : text.find(delimiter, begin);
    parts.emplace_back(std::string_view(text).substr(begin, end == std::string::npos ? end : end - begin));
    if (parts.size() > kResultElements) return {};
    if (end == std::string::npos) break;
    begin = end + delimiter.size();
  }
  if (a.size() < 3) return Value::dynamic(std::move(parts));
  base::JsonArray one;
  if (a.integer(2) >= 0 && static_cast<std::size_t>(a.integer(2)) < parts.size()) one.push_back(parts[static_cast<std::size_t>(a.integer(2))]);
  return Value::dynamic(std::move(one));
}

}  // namespace

std::span<const Function> string_functions() {
  static constexpr Function kAll[] = {
      {.name = "strcat", .signature = "(any...) string", .evaluate = concatenated, .nulls = Nulls::handled},
      {.name = "strcat_delim", .signature = "(any, any, any...) string", .evaluate = concatenated_with_delimiter, .nulls = Nulls::handled},
      {.name = "strcat_array", .signature = "(dynamic, any) string", .evaluate = concatenated_array},
      {.name = "array_strcat", .signature = "(dynamic, any) string", .evaluate = concatenated_array},
      {.name = "strcmp", .signature = "(any, any) long", .evaluate = order_of_texts},
      {.name = "strrep", .signature = "(any, whole, any?) string", .evaluate = repeated_text},
      {.name = "strlen", .signature = "(string) long", .evaluate = length, .naming = Naming::name_and_argument},
      {.name = "string_size", .signature = "(string) long", .evaluate = bytes_of_text, .sql = "toInt64(length({0}))", .naming = Naming::name_and_argument},
      {.name = "tolower", .signature = "(string) string", .evaluate = lowered},
      {.name = "tolower", .signature = "(any) string", .evaluate = lowered},
      {.name = "toupper", .signature = "(string) string", .evaluate = uppered},
      {.name = "toupper", .signature = "(any) string", .evaluate = uppered},
      {.name = "substring", .signature = "(any, whole, whole?) string", .evaluate = part},
      {.name = "reverse", .signature = "(any) string", .evaluate = reversed},
      {.name = "split", .signature = "(any, string, whole?) dynamic", .evaluate = split_text, .naming = Naming::first_argument},
  };
  return kAll;
}

}  // namespace kql
