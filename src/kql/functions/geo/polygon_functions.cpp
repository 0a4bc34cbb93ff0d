// SPDX-License-Identifier: Apache-2.0
// geo_ functions of polygons.
#include <s2/s2builder.h>
#include <s2/s2builderutil_s2polygon_layer.h>
#include <s2/s2builderutil_snap_functions.h>
#include <s2/s2error.h>

#include "kql/functions/geo/operations.hpp"

namespace kql::geo {

namespace {

constexpr double kPolygonTolerance = 10;

Value polygon_area(const Arguments& a) {
  const auto polygon = read_polygon(a.json(0));
  return polygon ? Value::real(polygon->GetArea() * kEarthRadiusMeters * kEarthRadiusMeters) : Value();
}

Value polygon_perimeter(const Arguments& a) {
  const auto polygon = read_polygon(a.json(0));
  if (!polygon) return {};
  double radians = 0;
  for (int i = 0; i < polygon->num_loops(); ++i)
    for (int k = 0; k < polygon->loop(i)->num_vertices(); ++k) radians += S1Angle(polygon->loop(i)->vertex(k), polygon->loop(i)->vertex(k + 1)).radians();
  return Value::real(meters_of(radians));
}

Value polygon_centroid(const Arguments& a) {
  const auto polygon = read_polygon(a.json(0));
  if (!polygon || polygon->num_loops() == 0) return {};
  const S2Point centroid = polygon->GetCentroid();
  return centroid == S2Point() ? Value() : Value::dynamic(point_json(centroid.Normalize()));
}

Value polygon_buffer(const Arguments& a) {
  auto polygon = read_polygon(a.json(0));
  return polygon ? buffer_json(*index_of(std::move(polygon)), a, 1) : Value();
}

Value polygon_to_cells(const Arguments& a) {
  auto polygon = read_polygon(a.json(0));
  return polygon ? covering_json(*index_of(std::move(polygon)), a, 1) : Value();
}

Value polygon_densify(const Arguments& a) {
  const base::Json& shape = a.json(0);
  const auto polygons = read_rings(shape);
  if (!polygons || !read_polygon(shape)) return {};
  const double tolerance = a.size() > 1 ? a.number(1) : kPolygonTolerance;
  base::JsonArray all;
  for (const auto& rings : *polygons) {
    base::JsonArray polygon;
    for (const auto& ring : rings) {
      const auto dense = densified(ring, tolerance);
      if (!dense) return {};
      base::JsonArray out;
      for (const Place place : *dense) out.push_back(place_json(place));
      polygon.push_back(std::move(out));
    }
    all.push_back(std::move(polygon));
  }
  if (type_of(shape) == "Polygon") return Value::dynamic(shape_json("Polygon", std::move(all[0])));
  return Value::dynamic(shape_json("MultiPolygon", std::move(all)));
}

// Vertices nearer to one another than the tolerance become one, for all polygons together: borders that they share stay
// shared. Null where nothing is left.
Value simplified(const std::vector<std::unique_ptr<S2Polygon>>& polygons, double tolerance) {
  if (!(tolerance >= 0) || tolerance > S2Builder::SnapFunction::kMaxSnapRadius().radians()) return {};
  S2Builder::Options options{s2builderutil::IdentitySnapFunction(S1Angle::Radians(tolerance))};
  options.set_simplify_edge_chains(true);
  S2Builder simplifier(options);
  std::vector<std::unique_ptr<S2Polygon>> out;
  for (const auto& polygon : polygons) {
    out.push_back(std::make_unique<S2Polygon>());
    out.back()->set_s2debug_override(S2Debug::DISABLE);
    simplifier.StartLayer(std::make_unique<s2builderutil::S2PolygonLayer>(out.back().get()));
    simplifier.AddPolygon(*polygon);
  }
  S2Error error;
  if (!simplifier.Build(&error)) return {};
  base::JsonArray all;
  for (const auto& polygon : out) {
    if (polygon->num_loops() == 0 || polygon->is_full()) continue;
    base::Json json = polygon_json(*polygon);
    const bool single = type_of(json) == "Polygon";
    base::Json& coordinates = json.get_object().at("coordinates");
    if (single) all.push_back(std::move(coordinates));
    else for (base::Json& part : coordinates.get_array()) all.push_back(std::move(part));
  }
  if (all.empty()) return {};
  if (all.size() == 1) return Value::dynamic(shape_json("Polygon", std::move(all[0])));
  return Value::dynamic(shape_json("MultiPolygon", std::move(all)));
}

double tolerance_of(const Arguments& a) { return radians_of(a.size() > 1 ? a.number(1) : kPolygonTolerance); }

Value polygon_simplify(const Arguments& a) {
  std::vector<std::unique_ptr<S2Polygon>> one;
  one.push_back(read_polygon(a.json(0)));
  return one[0] ? simplified(one, tolerance_of(a)) : Value();
}

// All polygons of an array, or none where one of them is not valid.
std::vector<std::unique_ptr<S2Polygon>> read_polygons(const base::Json& json) {
  std::vector<std::unique_ptr<S2Polygon>> out;
  const auto* array = json.if_array();
  if (array == nullptr) return out;
  for (const base::Json& shape : *array) {
    out.push_back(read_polygon(shape));
    if (!out.back()) return {};
  }
  return out;
}

Value simplify_polygons(const Arguments& a) {
  const auto polygons = read_polygons(a.json(0));
  return polygons.empty() ? Value() : simplified(polygons, tolerance_of(a));
}

Value union_polygons(const Arguments& a) {
  auto polygons = read_polygons(a.json(0));
  if (polygons.empty()) return {};
  const auto all = S2Polygon::DestructiveUnion(std::move(polygons));
  return all->num_loops() > 0 ? Value::dynamic(polygon_json(*all)) : Value();
}

Value line_intersects_polygon(const Arguments& a) {
  const auto lines = read_lines(a.json(0));
  auto polygon = lines ? read_polygon(a.json(1)) : nullptr;
  return polygon ? Value::boolean(intersects(*index_of(*lines), *index_of(std::move(polygon)))) : Value();
}

Value line_intersection_polygon(const Arguments& a) {
  const auto lines = read_lines(a.json(0));
  auto polygon = lines ? read_polygon(a.json(1)) : nullptr;
  return polygon ? intersection_json(*index_of(*lines), *index_of(std::move(polygon))) : Value();
}

Value polygons_intersect(const Arguments& a) {
  auto left = read_polygon(a.json(0)), right = read_polygon(a.json(1));
  return left && right ? Value::boolean(intersects(*index_of(std::move(left)), *index_of(std::move(right)))) : Value();
}

Value polygons_intersection(const Arguments& a) {
  auto left = read_polygon(a.json(0)), right = read_polygon(a.json(1));
  return left && right ? intersection_json(*index_of(std::move(left)), *index_of(std::move(right))) : Value();
}

constexpr Function kPolygonFunctions[] = {
    {.name = "geo_polygon_area", .signature = "(dynamic) real", .evaluate = polygon_area},
    {.name = "geo_polygon_perimeter", .signature = "(dynamic) real", .evaluate = polygon_perimeter},
    {.name = "geo_polygon_centroid", .signature = "(dynamic) dynamic", .evaluate = polygon_centroid},
    {.name = "geo_polygon_buffer", .signature = "(dynamic, number, number?) dynamic", .evaluate = polygon_buffer},
    {.name = "geo_polygon_densify", .signature = "(dynamic, number?, bool?) dynamic", .evaluate = polygon_densify},
    {.name = "geo_polygon_simplify", .signature = "(dynamic, number?) dynamic", .evaluate = polygon_simplify},
    {.name = "geo_polygon_to_s2cells", .signature = "(dynamic, number?, number?) dynamic", .evaluate = polygon_to_cells},
    {.name = "geo_simplify_polygons_array", .signature = "(dynamic, number?) dynamic", .evaluate = simplify_polygons},
    {.name = "geo_union_polygons_array", .signature = "(dynamic) dynamic", .evaluate = union_polygons},
    {.name = "geo_intersects_line_with_polygon", .signature = "(dynamic, dynamic) bool", .evaluate = line_intersects_polygon},
    {.name = "geo_intersects_2polygons", .signature = "(dynamic, dynamic) bool", .evaluate = polygons_intersect},
    {.name = "geo_intersection_line_with_polygon", .signature = "(dynamic, dynamic) dynamic", .evaluate = line_intersection_polygon},
    {.name = "geo_intersection_2polygons", .signature = "(dynamic, dynamic) dynamic", .evaluate = polygons_intersection},
};

}  // namespace

}  // namespace kql::geo

namespace kql {

std::span<const Function> geo_polygon_functions() { return geo::kPolygonFunctions; }

}  // namespace kql
