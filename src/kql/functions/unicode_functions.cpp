// SPDX-License-Identifier: Apache-2.0
// Functions on the code points of text, and Punycode.
#include <fmt/format.h>

#include "base/text.hpp"
#include "kql/functions/function.hpp"
#include "kql/functions/punycode.hpp"
#include "kql/text_terms.hpp"
#include "kql/utf8.hpp"

namespace kql {

namespace {

Value code_points_of(const Arguments& a) {
  const std::string text = a.as_text(0);
  base::JsonArray out;
  for (std::string_view rest = text; !rest.empty();) {
    const auto point = take_code_point(rest);
    if (!point || out.size() == kResultElements) return {};
    out.emplace_back(std::int64_t{*point});
  }
  return Value::dynamic(std::move(out));
}

bool append_point(std::int64_t number, std::string& out) {
  if (!is_code_point(number) || out.size() > kResultText) return false;
  base::append_utf8(static_cast<std::uint32_t>(number), out);
  return true;
}

bool append_points(const base::Json& json, std::string& out) {
  if (const auto* number = json.if_int64()) return append_point(*number, out);
  const auto* array = json.if_array();
  if (array == nullptr) return false;
  for (const base::Json& item : *array) {
    const auto* number = item.if_int64();
    if (number == nullptr || !append_point(*number, out)) return false;
  }
  return true;
}

Value text_of_code_points(const Arguments& a) {
  std::string out;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a.types[i] == Type::dynamic ? append_points(a.json(i), out) : append_point(a.integer(i), out))) return {};
  return Value::text(std::move(out));
}

base::Result<void> check_code_points(const Arguments& constants) {
  for (const Type type : constants.types)
    if (!is_whole(type) && type != Type::dynamic)
      return base::fail(base::Kind::invalid_input, fmt::format("code points are whole numbers or arrays of them, not of type {}", type_name(type)));
  return {};
}

Value is_ascii_text(const Arguments& a) { return Value::boolean(is_ascii(a.as_text(0))); }
Value is_utf8_text(const Arguments& a) { return Value::boolean(is_utf8(a.as_text(0))); }

Value text_or_empty(std::optional<std::string> text) { return text ? Value::text(std::move(*text)) : Value(); }

Value to_punycode(const Arguments& a) { return text_or_empty(punycode_encoded(a.text(0))); }
Value of_punycode(const Arguments& a) { return text_or_empty(punycode_decoded(a.text(0))); }

// The labels of a domain; RFC 3490 section 3.1 has four dots.
std::vector<std::string_view> labels_of(std::string_view domain) {
  constexpr std::string_view kDots[] = {".", "\u3002", "\uff0e", "\uff61"};
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < domain.size();) {
    std::size_t size = 0;
    for (const std::string_view dot : kDots)
      if (domain.substr(at, dot.size()) == dot) size = dot.size();
    if (size == 0) {
      ++at;
      continue;
    }
    out.push_back(domain.substr(begin, at - begin));
    begin = at += size;
  }
  out.push_back(domain.substr(begin));
  return out;
}

template <typename Map>
Value of_labels(std::string_view domain, const Map& map) {
  std::string out;
  for (const std::string_view label : labels_of(domain)) {
    const auto mapped = map(label);
    if (!mapped) return {};
    if (label.data() != domain.data()) out += '.';
    out += *mapped;
  }
  return Value::text(std::move(out));
}

constexpr std::string_view kPunycodePrefix = "xn--";

// The names tell of what the functions make the other way round than those of punycode_from_string().
Value domain_of_punycode(const Arguments& a) {
  return of_labels(a.text(0), [](std::string_view label) -> std::optional<std::string> {
    if (!begins_folded(label, kPunycodePrefix)) return std::string(label);
    return punycode_decoded(label.substr(kPunycodePrefix.size()));
  });
}
Value domain_to_punycode(const Arguments& a) {
  return of_labels(a.text(0), [](std::string_view label) -> std::optional<std::string> {
    if (is_ascii(label)) return std::string(label);
    auto encoded = punycode_encoded(label);
    if (encoded) encoded->insert(0, kPunycodePrefix);
    return encoded;
  });
}

}  // namespace

std::span<const Function> unicode_functions() {
  static constexpr Function kAll[] = {
      {.name = "unicode_codepoints_from_string", .signature = "(any) dynamic", .evaluate = code_points_of},
      {.name = "to_utf8", .signature = "(any) dynamic", .evaluate = code_points_of},
      {.name = "unicode_codepoints_to_string", .signature = "(any...) string", .evaluate = text_of_code_points, .check = check_code_points},
      {.name = "make_string", .signature = "(any...) string", .evaluate = text_of_code_points, .check = check_code_points},
      {.name = "isascii", .signature = "(any) bool", .evaluate = is_ascii_text},
      {.name = "isutf8", .signature = "(any) bool", .evaluate = is_utf8_text},
      {.name = "punycode_from_string", .signature = "(string) string", .evaluate = to_punycode},
      {.name = "punycode_to_string", .signature = "(string) string", .evaluate = of_punycode},
      {.name = "punycode_domain_from_string", .signature = "(string) string", .evaluate = domain_of_punycode},
      {.name = "punycode_domain_to_string", .signature = "(string) string", .evaluate = domain_to_punycode},
  };
  return kAll;
}

}  // namespace kql
