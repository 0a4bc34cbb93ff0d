// SPDX-License-Identifier: Apache-2.0
// Whether two answers are the same: rows in any order unless theirs means something, reals to their last digits.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "kql/value.hpp"

namespace workspace_test {

inline bool equal_reals(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) && std::isnan(right);
  return left == right || std::abs(left - right) <= 1e-9 * std::max({1.0, std::abs(left), std::abs(right)});
}

inline std::string text_of_dynamic(const base::Json& json) {
  if (!json.is_double()) return kql::dynamic_text(json);
  return json.get_double() == 0 ? "0.0" : fmt::format("{:.12g}", json.get_double());
}

// A value as it is compared: no sign of zero, arrays in no order sorted.
inline std::string text_of_cell(const kql::Value& value, const kql::Column& column, std::string_view unordered) {
  if (value.is_null()) return "null";
  if (column.type == kql::Type::real) return fmt::format("{:.9g}", value.real() == 0 ? 0.0 : value.real());
  if (column.type == kql::Type::string) return '\'' + value.text() + '\'';
  const bool sorted = column.type == kql::Type::dynamic && !unordered.empty() && column.name.substr(0, unordered.size()) == unordered && value.json().is_array();
  if (!sorted) return column.type == kql::Type::dynamic ? text_of_dynamic(value.json()) : kql::to_text(value, column.type);
  std::vector<std::string> parts;
  for (const base::Json& part : value.json().get_array()) parts.push_back(text_of_dynamic(part));
  std::sort(parts.begin(), parts.end());
  std::string out;
  for (const std::string& part : parts) out += part + ",";
  return "{" + out + "}";
}

inline std::vector<std::string> texts_of_rows(const kql::Table& table, std::string_view unordered) {
  std::vector<std::string> out;
  for (const kql::Row& row : table.rows) {
    out.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) out.back() += (i > 0 ? " | " : "") + text_of_cell(row[i], table.schema[i], unordered);
  }
  return out;
}

inline bool equal_but_for_digits(const kql::Row& left, const kql::Row& right, const kql::Schema& schema, std::string_view unordered) {
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (schema[i].type == kql::Type::real && !left[i].is_null() && !right[i].is_null()) {
      if (!equal_reals(left[i].real(), right[i].real())) return false;
    } else if (text_of_cell(left[i], schema[i], unordered) != text_of_cell(right[i], schema[i], unordered)) {
      return false;
    }
  }
  return true;
}

// What differs, to be read by a person; empty where nothing does. `unordered`: how the names of columns begin whose arrays
// have no order.
inline std::string difference(const kql::Table& expected, const kql::Table& got, bool ordered, std::string_view unordered) {
  const std::vector<std::string> left = texts_of_rows(expected, unordered), right = texts_of_rows(got, unordered);
  std::vector<std::size_t> missing, added;
  if (ordered) {
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
      if (i < left.size() && i < right.size() && left[i] == right[i]) continue;
      if (i < left.size()) missing.push_back(i);
      if (i < right.size()) added.push_back(i);
    }
  } else {
    std::multimap<std::string_view, std::size_t> open;
    for (std::size_t i = 0; i < right.size(); ++i) open.emplace(right[i], i);
    for (std::size_t i = 0; i < left.size(); ++i) {
      const auto at = open.find(left[i]);
      if (at == open.end()) missing.push_back(i);
      else open.erase(at);
    }
    for (const auto& [text, i] : open) added.push_back(i);
  }
  for (std::size_t i = 0; i < missing.size();) {
    const auto at = std::find_if(added.begin(), added.end(), [&](std::size_t k) { return equal_but_for_digits(expected.rows[missing[i]], got.rows[k], expected.schema, unordered); });
    if (at == added.end() || (ordered && *at != missing[i])) {
      ++i;
      continue;
    }
    added.erase(at);
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
  }
  std::string out;
  constexpr std::size_t kMostShown = 3;
  for (std::size_t i = 0; i < std::min(missing.size(), kMostShown); ++i) out += "\n- " + left[missing[i]];
  for (std::size_t i = 0; i < std::min(added.size(), kMostShown); ++i) out += "\n+ " + right[added[i]];
  return out.empty() ? out : fmt::format("{} rows expected, {} got; expected alone (-) and got alone (+):{}", left.size(), right.size(), out);
}

}  // namespace workspace_test
