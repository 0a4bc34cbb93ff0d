// SPDX-License-Identifier: Apache-2.0
// geo_polygon_lookup and geo_line_lookup: a join of points with the shapes that they lie in or are near to.
#include "kql/functions/geo/operations.hpp"
#include "kql/functions/lookup.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

std::vector<std::unique_ptr<MutableS2ShapeIndex>> read_shapes(const Table& table, std::size_t key, bool of_lines) {
  std::vector<std::unique_ptr<MutableS2ShapeIndex>> out;
  for (const Row& row : table.rows) {
    out.emplace_back();
    if (row[key].is_null()) continue;
    const auto lines = of_lines ? geo::read_lines(row[key].json()) : std::nullopt;
    if (lines) out.back() = geo::index_of(*lines);
    auto polygon = of_lines ? nullptr : geo::read_polygon(row[key].json());
    if (polygon) out.back() = geo::index_of(std::move(polygon));
  }
  return out;
}

std::optional<S2Point> point_in(const Row& row, const Schema& schema, std::size_t longitude, std::size_t latitude) {
  const Value x = convert(row[longitude], schema[longitude].type, Type::real), y = convert(row[latitude], schema[latitude].type, Type::real);
  return x.is_null() || y.is_null() ? std::nullopt : geo::point_of(x.real(), y.real());
}

template <bool of_lines>
base::Result<Table> geo_lookup(const PluginCall& call) {
  const Schema& schema = call.input().schema;
  const std::size_t key = call.column("LookupKey"), longitude = call.column("SourceLongitude"), latitude = call.column("SourceLatitude");
  const double radius = call.number("radius", 0);
  if (call.second().schema[key].type != Type::dynamic)
    return base::fail(base::Kind::invalid_input, "the lookup key '" + call.second().schema[key].name + "' has to be a dynamic with a shape in GeoJSON");
  if (!(radius >= 0)) return base::fail(base::Kind::invalid_input, "the radius is a number of meters of at least 0");
  std::vector<std::size_t> left_out;
  if (!call.flag("return_lookup_key")) left_out.push_back(key);
  const auto shapes = read_shapes(call.second(), key, of_lines);
  LookupRows out(call, left_out, call.flag("return_unmatched"));
  for (const Row& row : call.input().rows) {
    std::vector<std::size_t> partners;
    if (const auto point = point_in(row, schema, longitude, latitude))
      for (std::size_t i = 0; i < shapes.size(); ++i)
        if (shapes[i] && geo::meters_of(geo::distance_to(*shapes[i], *point)) <= radius) partners.push_back(i);
    TRY(out.add(row, partners));
  }
  return out.take();
}

constexpr Plugin kGeoPlugins[] = {
    {.name = "geo_polygon_lookup",
     .parameters = "LookupTable table, LookupKey key, SourceLongitude column, SourceLatitude column, radius real?, return_unmatched bool?, "
                   "lookup_area_radius real?, return_lookup_key bool?",
     .run = geo_lookup<false>},
    {.name = "geo_line_lookup",
     .parameters = "LookupTable table, LookupKey key, SourceLongitude column, SourceLatitude column, radius real, return_unmatched bool?, "
                   "lookup_area_radius real?, return_lookup_key bool?",
     .run = geo_lookup<true>},
};

}  // namespace

std::span<const Plugin> geo_plugins() { return kGeoPlugins; }

}  // namespace kql
