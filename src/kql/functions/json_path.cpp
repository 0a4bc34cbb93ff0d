// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/json_path.hpp"

#include <charconv>

#include "base/text.hpp"

namespace kql {

namespace {

// "name" of ".name": as far as the next '.' or '['.
bool take_name(std::string_view& rest, JsonPath& path) {
  const std::size_t end = std::min(rest.find_first_of(".["), rest.size());
  if (end == 0 || rest.substr(0, end) == "*") return false;
  path.emplace_back(std::string(rest.substr(0, end)));
  rest.remove_prefix(end);
  return true;
}

// "'name']" or "12]", behind the '['.
bool take_bracket(std::string_view& rest, JsonPath& path) {
  const bool quoted = rest.substr(0, 1) == "'" || rest.substr(0, 1) == "\"";
  const std::size_t close = quoted ? rest.find(std::string{rest.front(), ']'}, 1) : rest.find(']');
  if (close == std::string_view::npos) return false;
  const std::string_view inner = quoted ? rest.substr(1, close - 1) : rest.substr(0, close);
  if (quoted) {
    path.emplace_back(std::string(inner));
  } else {
    std::uint64_t index = 0;
    const auto read = std::from_chars(inner.data(), inner.data() + inner.size(), index);
    if (!base::is_digits(inner) || read.ec != std::errc()) return false;
    path.emplace_back(index);
  }
  rest.remove_prefix(close + (quoted ? 2 : 1));
  return true;
}

}  // namespace

std::optional<JsonPath> parse_json_path(std::string_view text) {
  if (text.substr(0, 1) != "$") return std::nullopt;
  JsonPath path;
  for (std::string_view rest = text.substr(1); !rest.empty();) {
    const char mark = rest.front();
    rest.remove_prefix(1);
    const bool taken = mark == '.' ? take_name(rest, path) : mark == '[' && take_bracket(rest, path);
    if (!taken) return std::nullopt;
  }
  return path;
}

const base::Json* at_json_path(const base::Json& document, const JsonPath& path) {
  const base::Json* at = &document;
  for (const auto& step : path) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      at = base::find(*at, *name);
    } else {
      const auto* array = at->if_array();
      const std::uint64_t index = std::get<std::uint64_t>(step);
      at = array != nullptr && index < array->size() ? &(*array)[index] : nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace kql
