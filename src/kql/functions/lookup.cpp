// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kql {

namespace {

constexpr std::size_t kMostRows = 5'000'000;

}  // namespace

LookupRows::LookupRows(const PluginCall& call, const std::vector<std::size_t>& left_out, bool keeps_unmatched)
    : second_(call.second()), keeps_unmatched_(keeps_unmatched), out_{call.input().schema, {}} {
  const auto taken = [&](const std::string& name) {
    return std::any_of(out_.schema.begin(), out_.schema.end(), [&](const Column& column) { return column.name == name; });
  };
  for (std::size_t i = 0; i < second_.schema.size(); ++i) {
    if (std::find(left_out.begin(), left_out.end(), i) != left_out.end()) continue;
    columns_.push_back(i);
    std::string name = second_.schema[i].name;
    for (int number = 1; taken(name); ++number) name = fmt::format("{}{}", second_.schema[i].name, number);
    out_.schema.push_back({std::move(name), second_.schema[i].type});
  }
}

base::Result<void> LookupRows::add(const Row& row, const std::vector<std::size_t>& partners) {
  if (out_.rows.size() + partners.size() > kMostRows)
    return base::fail(base::Kind::too_large, fmt::format("the lookup makes more than {} rows; filter the rows first", kMostRows));
  for (const std::size_t partner : partners) {
    out_.rows.push_back(row);
    for (const std::size_t column : columns_) out_.rows.back().push_back(second_.rows[partner][column]);
  }
  if (!partners.empty() || !keeps_unmatched_) return {};
  out_.rows.push_back(row);
  for (const std::size_t column : columns_) out_.rows.back().push_back(missing(second_.schema[column].type));
  return {};
}

}  // namespace kql
