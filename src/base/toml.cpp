// SPDX-License-Identifier: Apache-2.0
#include "base/toml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

// The library's own limit counts arrays and inline tables; dotted keys are limited before it sees the text.
#define TOML_EXCEPTIONS 0
#define TOML_MAX_NESTED_VALUES 64
#define TOML_ENABLE_FORMATTERS 1
#include <toml++/toml.h>

namespace base {

namespace {

constexpr std::size_t kTomlKeyParts = 32;

// Position behind the string that starts at `at` (TOML 1.0 "String"), or the end of an unfinished one: at the line
// feed for one-line strings, where the parser gives up as well.
std::size_t skip_toml_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool multi_line = text.substr(at, 3) == three;
  at += multi_line ? 3 : 1;
  if (!multi_line && at < text.size() && text[at] == quote) return at + 1;
  while (at < text.size()) {
    if (quote == '"' && text[at] == '\\') {
      at += 2;
    } else if (multi_line && text.substr(at, 3) == three) {
      at += 3;
      for (int extra = 0; extra < 2 && at < text.size() && text[at] == quote; ++extra) ++at;
      return at;
    } else if (!multi_line && (text[at] == quote || text[at] == '\n')) {
      return at + 1;
    } else {
      ++at;
    }
  }
  return text.size();
}

// A key of a million parts is a million nested tables, whose destruction would exhaust the stack.
bool toml_keys_are_short(std::string_view text) {
  std::size_t dots = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = skip_toml_string(text, at);
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '.' && ++dots >= kTomlKeyParts) return false;
    if (c == '=' || c == '\n' || c == ',' || c == '[' || c == '{') dots = 0;
    ++at;
  }
  return true;
}

Json toml_to_json(const toml::node& node);

Json toml_table_to_json(const toml::table& table) {
  JsonObject object;
  for (auto&& [key, value] : table) object.emplace(key.str(), toml_to_json(value));
  return object;
}

template <typename T>
Json toml_text(const T& value) {
  std::ostringstream out;
  out << value;
  return Json(out.str());
}

Json toml_to_json(const toml::node& node) {
  if (const auto* table = node.as_table()) return toml_table_to_json(*table);
  if (const auto* array = node.as_array()) {
    JsonArray out;
    out.reserve(array->size());
    for (const toml::node& element : *array) out.push_back(toml_to_json(element));
    return out;
  }
  if (const auto* text = node.as_string()) return Json(text->get());
  if (const auto* number = node.as_integer()) return Json(number->get());
  if (const auto* number = node.as_floating_point())
    return std::isfinite(number->get()) ? Json(number->get()) : Json(nullptr);
  if (const auto* flag = node.as_boolean()) return Json(flag->get());
  if (const auto* date = node.as_date()) return toml_text(date->get());
  if (const auto* time = node.as_time()) return toml_text(time->get());
  if (const auto* moment = node.as_date_time()) return toml_text(moment->get());
  return Json(nullptr);
}

}  // namespace

Result<Json> parse_toml(std::string_view text, std::string_view what) {
  if (!toml_keys_are_short(text))
    return fail(Kind::too_large, fmt::format("{}: a dotted key has more than {} parts", what, kTomlKeyParts));
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::source_position at = parsed.error().source().begin;
    return fail(Kind::invalid_input, fmt::format("{}: not valid TOML at line {}, column {}: {}", what, at.line, at.column,
                                                 parsed.error().description()));
  }
  return toml_table_to_json(parsed.table());
}

}  // namespace base
