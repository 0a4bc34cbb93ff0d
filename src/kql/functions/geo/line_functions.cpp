// SPDX-License-Identifier: Apache-2.0
// geo_ functions of lines.
#include <s2/s2builder.h>
#include <s2/s2builderutil_s2polyline_vector_layer.h>
#include <s2/s2builderutil_snap_functions.h>
#include <s2/s2edge_distances.h>
#include <s2/s2error.h>

#include <cmath>

#include "kql/functions/geo/operations.hpp"
#include "kql/functions/geo/spheroid.hpp"

namespace kql::geo {

namespace {

constexpr double kLineTolerance = 10;

double length_of(const Lines& lines) {
  double out = 0;
  for (const auto& line : lines) out += line->GetLength().radians();
  return out;
}

Value line_length(const Arguments& a) {
  const auto lines = read_lines(a.json(0));
  return lines ? Value::real(meters_of(length_of(*lines))) : Value();
}

Value line_centroid(const Arguments& a) {
  const auto lines = read_lines(a.json(0));
  if (!lines) return {};
  S2Point sum;
  for (const auto& line : *lines) sum += line->GetCentroid();
  return sum == S2Point() ? Value() : Value::dynamic(point_json(sum.Normalize()));
}

Value line_buffer(const Arguments& a) {
  const auto lines = read_lines(a.json(0));
  return lines ? buffer_json(*index_of(*lines), a, 1) : Value();
}

Value line_to_cells(const Arguments& a) {
  const auto lines = read_lines(a.json(0));
  return lines ? covering_json(*index_of(*lines), a, 1) : Value();
}

Value line_densify(const Arguments& a) {
  const base::Json& shape = a.json(0);
  if (!read_lines(shape)) return {};
  const double tolerance = a.size() > 1 ? a.number(1) : kLineTolerance;
  base::JsonArray out;
  const auto add = [&](const base::Json& coordinates) {
    const auto places = read_places(coordinates);
    const auto dense = places ? densified(*places, tolerance) : std::nullopt;
    if (!dense) return false;
    base::JsonArray line;
    for (const Place place : *dense) line.push_back(place_json(place));
    out.push_back(std::move(line));
    return true;
  };
  const base::Json& coordinates = *member(shape, "coordinates");
  if (type_of(shape) == "LineString") return add(coordinates) ? Value::dynamic(shape_json("LineString", std::move(out[0]))) : Value();
  for (const base::Json& line : coordinates.get_array())
    if (!add(line)) return {};
  return Value::dynamic(shape_json("MultiLineString", std::move(out)));
}

// Vertices nearer to one another than the tolerance become one; a line that is left with one goes.
Value line_simplify(const Arguments& a) {
  const auto lines = read_lines(a.json(0));
  const double tolerance = radians_of(a.size() > 1 ? a.number(1) : kLineTolerance);
  if (!lines || !(tolerance >= 0) || tolerance > S2Builder::SnapFunction::kMaxSnapRadius().radians()) return {};
  S2Builder::Options options{s2builderutil::IdentitySnapFunction(S1Angle::Radians(tolerance))};
  options.set_simplify_edge_chains(true);
  S2Builder simplifier(options);
  std::vector<Lines> out(lines->size());
  for (std::size_t i = 0; i < lines->size(); ++i) {
    simplifier.StartLayer(std::make_unique<s2builderutil::S2PolylineVectorLayer>(&out[i]));
    simplifier.AddPolyline(*(*lines)[i]);
  }
  S2Error error;
  if (!simplifier.Build(&error)) return {};
  Lines all;
  for (Lines& some : out)
    for (auto& line : some) all.push_back(std::move(line));
  return all.empty() ? Value() : Value::dynamic(lines_json(all));
}

Value line_interpolate(const Arguments& a) {
  const auto lines = read_lines(a.json(0));
  const double fraction = a.number(1);
  if (!lines || !(fraction >= 0 && fraction <= 1)) return {};
  double left = fraction * length_of(*lines);
  for (const auto& line : *lines) {
    const double length = line->GetLength().radians();
    if (left <= length || &line == &lines->back()) return Value::dynamic(point_json(line->Interpolate(std::min(1.0, left / length))));
    left -= length;
  }
  return {};
}

double way(const S2Point& from, const S2Point& to, bool on_spheroid) {
  if (!on_spheroid) return S1Angle(from, to).radians();
  return spheroid_distance(place_of(from), place_of(to));
}

// The fraction of the way along the lines at which the point nearest to this one lies.
Value line_locate(const Arguments& a) {
  const auto lines = read_lines(a.json(0));
  const auto point = point_argument(a, 1);
  if (!lines || !point) return {};
  const bool on_spheroid = a.size() > 3 && a.number(3) != 0;
  double nearest = 1e9, total = 0, at = 0;
  for (const auto& line : *lines)
    for (int i = 0; i + 1 < line->num_vertices(); ++i) {
      const S2Point& from = line->vertex(i);
      const S2Point& to = line->vertex(i + 1);
      const double distance = S2::GetDistance(*point, from, to).radians();
      if (distance < nearest) {
        nearest = distance;
        at = total + way(from, S2::Project(*point, from, to), on_spheroid);
      }
      total += way(from, to, on_spheroid);
    }
  return total > 0 ? Value::real(std::clamp(at / total, 0.0, 1.0)) : Value();
}

Value lines_intersect(const Arguments& a) {
  const auto left = read_lines(a.json(0)), right = read_lines(a.json(1));
  return left && right ? Value::boolean(intersects(*index_of(*left), *index_of(*right))) : Value();
}

Value lines_intersection(const Arguments& a) {
  const auto left = read_lines(a.json(0)), right = read_lines(a.json(1));
  return left && right ? intersection_json(*index_of(*left), *index_of(*right)) : Value();
}

Value lines_union(const Arguments& a) {
  const auto* array = a.json(0).if_array();
  if (array == nullptr || array->empty()) return {};
  S2Builder::Options options{s2builderutil::IdentitySnapFunction(S2::kIntersectionMergeRadius)};
  options.set_split_crossing_edges(true);
  S2Builder joiner(options);
  Lines out;
  s2builderutil::S2PolylineVectorLayer::Options layer;
  layer.set_edge_type(S2Builder::EdgeType::UNDIRECTED);
  layer.set_polyline_type(s2builderutil::S2PolylineVectorLayer::Options::PolylineType::WALK);
  layer.set_duplicate_edges(S2Builder::GraphOptions::DuplicateEdges::MERGE);
  joiner.StartLayer(std::make_unique<s2builderutil::S2PolylineVectorLayer>(&out, layer));
  for (const base::Json& shape : *array) {
    const auto lines = read_lines(shape);
    if (!lines) return {};
    for (const auto& line : *lines) joiner.AddPolyline(*line);
  }
  S2Error error;
  return joiner.Build(&error) && !out.empty() ? Value::dynamic(lines_json(out)) : Value();
}

constexpr Function kLineFunctions[] = {
    {.name = "geo_line_length", .signature = "(dynamic) real", .evaluate = line_length},
    {.name = "geo_line_centroid", .signature = "(dynamic) dynamic", .evaluate = line_centroid},
    {.name = "geo_line_buffer", .signature = "(dynamic, number, number?) dynamic", .evaluate = line_buffer},
    {.name = "geo_line_to_s2cells", .signature = "(dynamic, number?, number?) dynamic", .evaluate = line_to_cells},
    {.name = "geo_line_densify", .signature = "(dynamic, number?, bool?) dynamic", .evaluate = line_densify},
    {.name = "geo_line_simplify", .signature = "(dynamic, number?) dynamic", .evaluate = line_simplify},
    {.name = "geo_line_interpolate_point", .signature = "(dynamic, number) dynamic", .evaluate = line_interpolate},
    {.name = "geo_line_locate_point", .signature = "(dynamic, number, number, bool?) real", .evaluate = line_locate},
    {.name = "geo_intersects_2lines", .signature = "(dynamic, dynamic) bool", .evaluate = lines_intersect},
    {.name = "geo_intersection_2lines", .signature = "(dynamic, dynamic) dynamic", .evaluate = lines_intersection},
    {.name = "geo_union_lines_array", .signature = "(dynamic) dynamic", .evaluate = lines_union},
};

}  // namespace

}  // namespace kql::geo

namespace kql {

std::span<const Function> geo_line_functions() { return geo::kLineFunctions; }

}  // namespace kql
