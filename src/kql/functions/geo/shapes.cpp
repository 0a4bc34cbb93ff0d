// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/geo/shapes.hpp"

#include <s2/s2builderutil_snap_functions.h>
#include <s2/s2error.h>
#include <s2/s2latlng.h>
#include <s2/s2loop.h>

#include <cmath>

namespace kql::geo {

namespace {

S2Point point_at(Place place) { return S2LatLng::FromDegrees(place.latitude, place.longitude).ToPoint(); }

std::optional<Place> read_place(const base::Json& json) {
  const auto* pair = json.if_array();
  if (pair == nullptr || pair->size() < 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number()) return std::nullopt;
  const Place place{(*pair)[0].to_number<double>(), (*pair)[1].to_number<double>()};
  return is_valid(place) ? std::optional(place) : std::nullopt;
}

bool same_place(Place a, Place b) { return a.longitude == b.longitude && a.latitude == b.latitude; }

std::unique_ptr<S2Polyline> read_line(const base::Json& coordinates) {
  const auto places = read_places(coordinates);
  if (!places || places->size() < 2) return nullptr;
  std::vector<S2Point> points;
  for (const Place place : *places) {
    const S2Point point = point_at(place);
    if (points.empty() || points.back() != point) points.push_back(point);
  }
  if (points.size() < 2) return nullptr;
  auto line = std::make_unique<S2Polyline>(points, S2Debug::DISABLE);
  S2Error error;
  return line->FindValidationError(&error) ? nullptr : std::move(line);
}

// The smaller of the two regions that the ring makes.
std::unique_ptr<S2Loop> read_loop(const std::vector<Place>& ring) {
  std::vector<S2Point> points;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) points.push_back(point_at(ring[i]));
  auto loop = std::make_unique<S2Loop>(points, S2Debug::DISABLE);
  S2Error error;
  if (points.size() < 3 || loop->FindValidationError(&error)) return nullptr;
  loop->Normalize();
  return loop;
}

std::unique_ptr<S2Polygon> polygon_of_rings(const std::vector<std::vector<Place>>& rings) {
  std::vector<std::unique_ptr<S2Loop>> loops;
  for (const auto& ring : rings) {
    loops.push_back(read_loop(ring));
    if (!loops.back()) return nullptr;
  }
  auto polygon = std::make_unique<S2Polygon>();
  polygon->set_s2debug_override(S2Debug::DISABLE);
  polygon->InitNested(std::move(loops));
  S2Error error;
  return polygon->FindValidationError(&error) ? nullptr : std::move(polygon);
}

base::Json degrees_json(double degrees) {
  if (std::abs(degrees) <= 180 && degrees == std::floor(degrees)) return static_cast<std::int64_t>(degrees);
  return degrees;
}

base::JsonArray loop_json(const S2Loop& loop) {
  base::JsonArray out;
  const int count = loop.num_vertices();
  for (int i = 0; i <= count; ++i) out.push_back(place_json(place_of(loop.oriented_vertex(i < count ? i : 0))));
  return out;
}

}  // namespace

bool is_valid(Place place) { return std::abs(place.longitude) <= 180 && std::abs(place.latitude) <= 90; }

std::optional<S2Point> point_of(double longitude, double latitude) {
  if (!is_valid({longitude, latitude})) return std::nullopt;
  return point_at({longitude, latitude});
}

std::optional<S2Point> point_argument(const Arguments& arguments, std::size_t longitude) {
  return point_of(arguments.number(longitude), arguments.number(longitude + 1));
}

Place place_of(const S2Point& point) {
  const S2LatLng at(point);
  return {at.lng().degrees(), at.lat().degrees()};
}

const base::Json* member(const base::Json& shape, std::string_view name) {
  const auto* object = shape.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string_view type_of(const base::Json& shape) {
  const base::Json* type = member(shape, "type");
  return type == nullptr || !type->is_string() ? std::string_view() : base::as_string(*type);
}

std::optional<std::vector<Place>> read_places(const base::Json& json) {
  const auto* array = json.if_array();
  if (array == nullptr || array->size() > kMostVertices) return std::nullopt;
  std::vector<Place> out;
  for (const base::Json& element : *array) {
    const auto place = read_place(element);
    if (!place) return std::nullopt;
    out.push_back(*place);
  }
  return out;
}

std::optional<Lines> read_lines(const base::Json& shape) {
  const base::Json* coordinates = member(shape, "coordinates");
  if (coordinates == nullptr || !coordinates->is_array()) return std::nullopt;
  Lines out;
  if (type_of(shape) == "LineString") out.push_back(read_line(*coordinates));
  else if (type_of(shape) == "MultiLineString")
    for (const base::Json& line : coordinates->get_array()) out.push_back(read_line(line));
  if (out.empty()) return std::nullopt;
  for (const auto& line : out)
    if (!line) return std::nullopt;
  return out;
}

std::optional<std::vector<std::vector<std::vector<Place>>>> read_rings(const base::Json& shape) {
  const base::Json* coordinates = member(shape, "coordinates");
  const auto* list = coordinates == nullptr ? nullptr : coordinates->if_array();
  const bool several = type_of(shape) == "MultiPolygon";
  if (list == nullptr || list->empty() || (!several && type_of(shape) != "Polygon")) return std::nullopt;
  std::vector<std::vector<std::vector<Place>>> out;
  std::size_t vertices = 0;
  const auto read = [&](const base::Json& rings) {
    out.emplace_back();
    if (!rings.is_array() || rings.get_array().empty()) return false;
    for (const base::Json& ring : rings.get_array()) {
      auto places = read_places(ring);
      if (!places || places->size() < 4 || !same_place(places->front(), places->back())) return false;
      vertices += places->size();
      out.back().push_back(std::move(*places));
    }
    return vertices <= kMostVertices;
  };
  if (!several) return read(*coordinates) ? std::optional(std::move(out)) : std::nullopt;
  for (const base::Json& polygon : *list)
    if (!read(polygon)) return std::nullopt;
  return out;
}

std::unique_ptr<S2Polygon> read_polygon(const base::Json& shape) {
  const auto polygons = read_rings(shape);
  if (!polygons) return nullptr;
  std::vector<std::unique_ptr<S2Polygon>> parts;
  for (const auto& rings : *polygons) {
    parts.push_back(polygon_of_rings(rings));
    if (!parts.back()) return nullptr;
  }
  if (parts.size() == 1) return std::move(parts[0]);
  return S2Polygon::DestructiveUnion(std::move(parts));
}

base::Json shape_json(std::string_view type, base::Json coordinates) {
  return base::JsonObject{{"type", boost::json::string(type)}, {"coordinates", std::move(coordinates)}};
}

base::Json collection_json(base::JsonArray shapes) { return base::JsonObject{{"type", "GeometryCollection"}, {"geometries", std::move(shapes)}}; }

base::Json place_json(Place place) { return base::JsonArray{degrees_json(place.longitude), degrees_json(place.latitude)}; }

base::Json point_json(const S2Point& point) { return shape_json("Point", place_json(place_of(point))); }

base::Json line_json(const S2Polyline& line) {
  base::JsonArray out;
  for (int i = 0; i < line.num_vertices(); ++i) out.push_back(place_json(place_of(line.vertex(i))));
  return out;
}

base::Json lines_json(const Lines& lines) {
  if (lines.size() == 1) return shape_json("LineString", line_json(*lines[0]));
  base::JsonArray all;
  for (const auto& line : lines) all.push_back(line_json(*line));
  return shape_json("MultiLineString", std::move(all));
}

base::Json polygon_json(const S2Polygon& polygon) {
  base::JsonArray polygons;
  for (int i = 0; i < polygon.num_loops(); ++i) {
    if (polygon.loop(i)->is_hole()) continue;
    base::JsonArray rings{loop_json(*polygon.loop(i))};
    for (int k = i + 1; k <= polygon.GetLastDescendant(i); ++k)
      if (polygon.loop(k)->depth() == polygon.loop(i)->depth() + 1) rings.push_back(loop_json(*polygon.loop(k)));
    polygons.push_back(std::move(rings));
  }
  if (polygons.size() == 1) return shape_json("Polygon", std::move(polygons[0]));
  return shape_json("MultiPolygon", std::move(polygons));
}

base::Json ring_json(const std::vector<S2Point>& vertices) {
  base::JsonArray ring;
  for (const S2Point& vertex : vertices) ring.push_back(place_json(place_of(vertex)));
  if (!ring.empty()) ring.push_back(base::Json(ring.front()));
  return shape_json("Polygon", base::JsonArray{std::move(ring)});
}

}  // namespace kql::geo
