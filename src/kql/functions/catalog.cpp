// SPDX-License-Identifier: Apache-2.0
// All families by name.
#include <algorithm>
#include <cctype>
#include <map>

#include "kql/functions/aggregate.hpp"
#include "kql/functions/function.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

template <typename Entry>
using ByName = std::map<std::string_view, std::vector<const Entry*>>;

template <typename Entry>
ByName<Entry> by_name(std::initializer_list<std::span<const Entry>> families) {
  ByName<Entry> out;
  for (const std::span<const Entry> family : families)
    for (const Entry& entry : family) out[entry.name].push_back(&entry);
  return out;
}

const ByName<Function>& functions() {
  static const auto all = by_name<Function>({operator_functions(), string_operator_functions(), conversion_functions(), conditional_functions(),
                                             string_functions(), search_functions(), regex_functions(), unicode_functions(), parse_functions(),
                                             document_functions(), value_functions(), ipv4_functions(), ipv6_functions(), ip_text_functions(), hash_functions(), encoding_functions(),
                                             math_functions(), window_functions(), series_functions(), sketch_functions(),
                                             dynamic_functions(), array_functions(), array_order_functions(), range_functions(), set_functions(), bag_functions(),
                                             datetime_functions(), datetime_unit_functions(), datetime_making_functions(), time_zone_functions(), format_functions(),
                                             bin_functions(), bit_functions(), distribution_functions(), unit_functions(),
                                             geo_point_functions(), geo_line_functions(), geo_polygon_functions(), geo_shape_functions(), geo_cell_functions(),
                                             geo_h3_functions()});
  return all;
}

const ByName<Aggregate>& aggregates() {
  static const auto all = by_name<Aggregate>({basic_aggregates(), collecting_aggregates(), sketch_aggregates(), percentile_aggregates(), statistic_aggregates(),
                                               schema_aggregates()});
  return all;
}

template <typename Entry>
std::span<const Entry* const> named(const ByName<Entry>& all, std::string_view name) {
  const auto at = all.find(name);
  if (at == all.end()) return {};
  return at->second;
}

template <typename Entry>
std::vector<std::string_view> names_of(const ByName<Entry>& all) {
  std::vector<std::string_view> out;
  for (const auto& [name, entries] : all)
    if (std::isalpha(static_cast<unsigned char>(name.front())) != 0) out.push_back(name);
  return out;
}

}  // namespace

std::span<const Function* const> functions_named(std::string_view name) { return named(functions(), name); }
std::vector<std::string_view> function_names() { return names_of(functions()); }
std::string_view refused_function(std::string_view name) {
  constexpr std::string_view kElsewhere = "would reach out of the workspace and is not allowed";
  constexpr std::string_view kStore = "tells of the inside of another engine and is not supported";
  constexpr std::string_view kUntold = "is not supported: nothing tells what it gives";
  static const std::map<std::string_view, std::string_view> kRefused{
      {"external_table", kElsewhere},
      {"stored_query_result", "is not supported: the workspace stores no results; write the query itself"},
      {"materialized_view", "is not supported: the workspace has none; write the query itself, or a function"},
      {"entity_group", "is not supported: tables of other workspaces are named by workspace(\"…\").Table"},
      {"row_id", kStore}, {"rowstore_ordinal_range", kStore},
      {"tdigest_isvalid", kUntold}, {"hll_isvalid", kUntold}, {"passthrough", kUntold}};
  if (name.substr(0, 2) == "__") return "is internal to another engine and is not supported";
  const auto at = kRefused.find(name);
  return at == kRefused.end() ? std::string_view() : at->second;
}

std::span<const Aggregate* const> aggregates_named(std::string_view name) { return named(aggregates(), name); }
std::vector<std::string_view> aggregate_names() { return names_of(aggregates()); }

double Arguments::number(std::size_t i) const {
  const Value number = convert(values[i], types[i], Type::real);
  return number.is_null() ? 0 : number.real();
}

}  // namespace kql
