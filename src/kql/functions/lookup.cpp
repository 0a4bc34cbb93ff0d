// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kql {

namespace {

constexpr std::size_t kMostRows = 5'000'000;

}  // namespace

LookupRows::LookupRows(const PluginCall& call, const std::vector<std::size_t>& left_out, bool keeps_unmatched, Order order)
    : second_(call.second()), keeps_unmatched_(keeps_unmatched), order_(order) {
  Schema found;
  for (std::size_t i = 0; i < second_.schema.size(); ++i) {
    if (std::find(left_out.begin(), left_out.end(), i) != left_out.end()) continue;
    columns_.push_back(i);
    found.push_back(second_.schema[i]);
  }
  add_columns(order_ == Order::input_first ? call.input().schema : found);
  add_columns(order_ == Order::input_first ? found : call.input().schema);
}

// A name that is there already gets a number.
void LookupRows::add_columns(const Schema& schema) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(out_.schema.begin(), out_.schema.end(), [&](const Column& column) { return column.name == name; });
  };
  for (const Column& column : schema) {
    std::string name = column.name;
    for (int number = 1; taken(name); ++number) name = fmt::format("{}{}", column.name, number);
    out_.schema.push_back({std::move(name), column.type});
  }
}

void LookupRows::add_row(const Row& row, const Row& found) {
  Row made = order_ == Order::input_first ? row : found;
  const Row& rest = order_ == Order::input_first ? found : row;
  made.insert(made.end(), rest.begin(), rest.end());
  out_.rows.push_back(std::move(made));
}

base::Result<void> LookupRows::add(const Row& row, const std::vector<std::size_t>& partners) {
  if (out_.rows.size() + partners.size() > kMostRows)
    return base::fail(base::Kind::too_large, fmt::format("the lookup makes more than {} rows; filter the rows first", kMostRows));
  for (const std::size_t partner : partners) {
    Row found;
    for (const std::size_t column : columns_) found.push_back(second_.rows[partner][column]);
    add_row(row, found);
  }
  if (!partners.empty() || !keeps_unmatched_) return {};
  Row nothing;
  for (const std::size_t column : columns_) nothing.push_back(missing(second_.schema[column].type));
  add_row(row, nothing);
  return {};
}

}  // namespace kql
