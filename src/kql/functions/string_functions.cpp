// SPDX-License-Identifier: Apache-2.0
// Functions that take text and make text or numbers of it.
#include "kql/functions/function.hpp"

#include "kql/text_terms.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

Value concatenated(const Arguments& a) {
  std::string out;
  for (std::size_t i = 0; i < a.size(); ++i) out += to_text(a[i], a.types[i]);
  return Value::text(std::move(out));
}

Value length(const Arguments& a) { return Value::integer(static_cast<std::int64_t>(count_code_points(a.text(0)))); }
Value lowered(const Arguments& a) { return Value::text(fold_case(a.text(0))); }
Value uppered(const Arguments& a) { return Value::text(upper_case(a.text(0))); }

// Counted from 0; a negative start counts from the end.
Value part(const Arguments& a) {
  const std::string& text = a.text(0);
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

constexpr Function kFunctions[] = {
    {.name = "strcat", .signature = "(any...) string", .evaluate = concatenated, .nulls = Nulls::handled},
    {.name = "strlen", .signature = "(string) long", .evaluate = length, .sql = "toInt64(lengthUTF8({0}))", .naming = Naming::name_and_argument},
    {.name = "tolower", .signature = "(string) string", .evaluate = lowered, .sql = "lowerUTF8({0})"},
    {.name = "toupper", .signature = "(string) string", .evaluate = uppered, .sql = "upperUTF8({0})"},
    {.name = "substring", .signature = "(string, long, long?) string", .evaluate = part},
};

}  // namespace

std::span<const Function> string_functions() { return kFunctions; }

}  // namespace kql
