// SPDX-License-Identifier: Apache-2.0
// The text of dynamic values.
#include <fmt/format.h>

#include <cmath>

#include "kql/number.hpp"
#include "kql/value.hpp"

namespace kql {

namespace {

constexpr std::size_t kDeepestDynamic = 64;

// NOLINTNEXTLINE(misc-no-recursion): as deep as the value, which is capped where it is read
void append_dynamic(const base::Json& json, std::string& out) {
  if (const auto* object = json.if_object()) {
    out += '{';
    for (const auto& member : *object) {
      if (out.back() != '{') out += ',';
      out += boost::json::serialize(member.key());
      out += ':';
      append_dynamic(member.value(), out);
    }
    out += '}';
  } else if (const auto* array = json.if_array()) {
    out += '[';
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) out += ',';
      append_dynamic((*array)[i], out);
    }
    out += ']';
  } else if (const auto* real = json.if_double()) {
    // JSON has no form for a number that is infinite.
    out += std::isfinite(*real) ? real_text(*real) : '"' + real_text(*real) + '"';
  } else {
    out += boost::json::serialize(json);
  }
}

}  // namespace

std::string dynamic_text(const base::Json& json) {
  std::string out;
  append_dynamic(json, out);
  return out;
}

Value parse_dynamic(std::string_view text) {
  if (text.empty()) return {};
  boost::json::parse_options options;
  options.max_depth = kDeepestDynamic;
  boost::json::error_code error;
  base::Json json = boost::json::parse(text, error, {}, options);
  if (error) return Value::dynamic(boost::json::string(text));
  return Value::dynamic(std::move(json));
}

}  // namespace kql
