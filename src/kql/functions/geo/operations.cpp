// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/geo/operations.hpp"

#include <s2/s2boolean_operation.h>
#include <s2/s2buffer_operation.h>
#include <s2/s2builderutil_closed_set_normalizer.h>
#include <s2/s2builderutil_s2point_vector_layer.h>
#include <s2/s2builderutil_s2polygon_layer.h>
#include <s2/s2builderutil_s2polyline_vector_layer.h>
#include <s2/s2builderutil_snap_functions.h>
#include <s2/s2cell.h>
#include <s2/s2closest_edge_query.h>
#include <s2/s2edge_distances.h>
#include <s2/s2latlng.h>
#include <s2/s2point_vector_shape.h>
#include <s2/s2shape_index_buffered_region.h>
#include <s2/s2shape_index_region.h>

#include <algorithm>
#include <cmath>

namespace kql::geo {

namespace {

constexpr double kBufferTolerance = 10;
constexpr std::size_t kMostCells = 65'536;
constexpr std::size_t kMostDensified = 100'000;

// Depth first, in the order of cell ids; false beyond the limit.
bool cover(const S2Region& region, const S2Cell& cell, int level, base::JsonArray& out) {
  if (!region.MayIntersect(cell)) return true;
  if (cell.level() == level) {
    if (out.size() == kMostCells) return false;
    out.emplace_back(boost::json::string(cell.id().ToToken()));
    return true;
  }
  S2Cell children[4];
  if (!cell.Subdivide(children)) return true;
  return std::all_of(std::begin(children), std::end(children), [&](const S2Cell& child) { return cover(region, child, level, out); });
}

S2Point on_map(Place place) { return S2LatLng::FromDegrees(place.latitude, place.longitude).ToPoint(); }

// How far the geodesic and the straight edge are apart at the same fraction of their ways: taken where that is most, or
// nearly so (Rote's and Klein's bound as S2 uses it), and raised by what may be missed.
double edge_error(Place from, Place to) {
  constexpr double kFraction = 0.31215691082248312, kScale = 0.83829992569888509;
  double out = 0;
  const S2Point a = on_map(from), b = on_map(to);
  for (const double t : {kFraction, 1 - kFraction}) {
    const Place straight{from.longitude + t * (to.longitude - from.longitude), from.latitude + t * (to.latitude - from.latitude)};
    out = std::max(out, S1Angle(S2::Interpolate(a, b, t), on_map(straight)).radians());
  }
  return out / kScale;
}

// Puts in the points between two places, `from` left out and `to` included.
bool densify_edge(Place from, Place to, double tolerance, int depth, std::vector<Place>& out) {
  constexpr int kDeepest = 24;
  if (out.size() >= kMostDensified) return false;
  if (depth == kDeepest || edge_error(from, to) <= tolerance) {
    out.push_back(to);
    return true;
  }
  const Place middle{(from.longitude + to.longitude) / 2, (from.latitude + to.latitude) / 2};
  return densify_edge(from, middle, tolerance, depth + 1, out) && densify_edge(middle, to, tolerance, depth + 1, out);
}

}  // namespace

double meters_of(double radians) { return radians * kEarthRadiusMeters; }
double radians_of(double meters) { return meters / kEarthRadiusMeters; }

std::unique_ptr<MutableS2ShapeIndex> index_of(const Lines& lines) {
  auto out = std::make_unique<MutableS2ShapeIndex>();
  for (const auto& line : lines) out->Add(std::make_unique<S2Polyline::OwningShape>(std::unique_ptr<S2Polyline>(line->Clone())));
  return out;
}

std::unique_ptr<MutableS2ShapeIndex> index_of(std::unique_ptr<S2Polygon> polygon) {
  auto out = std::make_unique<MutableS2ShapeIndex>();
  out->Add(std::make_unique<S2Polygon::OwningShape>(std::move(polygon)));
  return out;
}

std::unique_ptr<MutableS2ShapeIndex> index_of(const S2Point& point) {
  auto out = std::make_unique<MutableS2ShapeIndex>();
  out->Add(std::make_unique<S2PointVectorShape>(std::vector<S2Point>{point}));
  return out;
}

double distance_to(const MutableS2ShapeIndex& index, const S2Point& point) {
  S2ClosestEdgeQuery query(&index);
  S2ClosestEdgeQuery::PointTarget target(point);
  const auto nearest = query.FindClosestEdge(&target);
  if (nearest.is_interior()) return 0;
  // Anew from the edge: a chord's angle is not exact.
  const S2Shape::Edge edge = query.GetEdge(nearest);
  return S2::GetDistance(point, edge.v0, edge.v1).radians();
}

S2Point closest_point(const MutableS2ShapeIndex& index, const S2Point& point) {
  S2ClosestEdgeQuery query(&index);
  S2ClosestEdgeQuery::PointTarget target(point);
  const auto nearest = query.FindClosestEdge(&target);
  return nearest.is_interior() ? point : query.Project(point, nearest);
}

std::unique_ptr<S2Polygon> buffered(const MutableS2ShapeIndex& index, double radius, double tolerance) {
  constexpr double kLeastFraction = 1e-6, kMostFraction = 0.99;
  if (!(radius > 0) || !(tolerance >= radius * kLeastFraction) || radius > kEarthRadiusMeters * 3.14159) return nullptr;
  S2BufferOperation::Options options(S1Angle::Radians(radians_of(radius)));
  options.set_error_fraction(std::clamp(tolerance / radius, kLeastFraction, kMostFraction));
  auto out = std::make_unique<S2Polygon>();
  out->set_s2debug_override(S2Debug::DISABLE);
  S2BufferOperation operation(std::make_unique<s2builderutil::S2PolygonLayer>(out.get()), options);
  operation.AddShapeIndex(index);
  S2Error error;
  return operation.Build(&error) ? std::move(out) : nullptr;
}

Value buffer_json(const MutableS2ShapeIndex& index, const Arguments& arguments, std::size_t radius) {
  const double tolerance = arguments.size() > radius + 1 ? arguments.number(radius + 1) : kBufferTolerance;
  const auto polygon = buffered(index, arguments.number(radius), tolerance);
  return polygon && polygon->num_loops() > 0 ? Value::dynamic(polygon_json(*polygon)) : Value();
}

Value intersection_json(const MutableS2ShapeIndex& left, const MutableS2ShapeIndex& right) {
  std::vector<S2Point> points;
  Lines lines;
  S2Polygon polygon;
  polygon.set_s2debug_override(S2Debug::DISABLE);
  s2builderutil::LayerVector layers(3);
  layers[0] = std::make_unique<s2builderutil::S2PointVectorLayer>(&points);
  s2builderutil::S2PolylineVectorLayer::Options once;  // an edge that both lines have
  once.set_duplicate_edges(s2builderutil::S2PolylineVectorLayer::Options::DuplicateEdges::MERGE);
  layers[1] = std::make_unique<s2builderutil::S2PolylineVectorLayer>(&lines, once);
  layers[2] = std::make_unique<s2builderutil::S2PolygonLayer>(&polygon);
  S2BooleanOperation::Options options{s2builderutil::IdentitySnapFunction(S2::kIntersectionMergeRadius)};
  options.set_polygon_model(S2BooleanOperation::PolygonModel::CLOSED);
  options.set_polyline_model(S2BooleanOperation::PolylineModel::CLOSED);
  S2BooleanOperation operation(S2BooleanOperation::OpType::INTERSECTION, s2builderutil::NormalizeClosedSet(std::move(layers)), options);
  S2Error error;
  if (!operation.Build(left, right, &error)) return {};
  base::JsonArray shapes;
  if (points.size() == 1) {
    shapes.push_back(point_json(points[0]));
  } else if (!points.empty()) {
    base::JsonArray places;
    for (const S2Point& point : points) places.push_back(place_json(place_of(point)));
    shapes.push_back(shape_json("MultiPoint", std::move(places)));
  }
  if (!lines.empty()) shapes.push_back(lines_json(lines));
  if (polygon.num_loops() > 0) shapes.push_back(polygon_json(polygon));
  return Value::dynamic(shapes.size() == 1 ? std::move(shapes[0]) : collection_json(std::move(shapes)));
}

bool intersects(const MutableS2ShapeIndex& left, const MutableS2ShapeIndex& right) {
  S2BooleanOperation::Options options;
  options.set_polygon_model(S2BooleanOperation::PolygonModel::CLOSED);
  options.set_polyline_model(S2BooleanOperation::PolylineModel::CLOSED);
  return S2BooleanOperation::Intersects(left, right, options);
}

Value covering_json(const MutableS2ShapeIndex& index, const Arguments& arguments, std::size_t level) {
  constexpr double kDefaultLevel = 11;
  const double wanted = arguments.size() > level ? arguments.number(level) : kDefaultLevel;
  const double radius = arguments.size() > level + 1 ? arguments.number(level + 1) : 0;
  if (!(wanted >= 0 && wanted <= S2CellId::kMaxLevel) || !(radius >= 0) || radius > kEarthRadiusMeters * 3.14159) return {};
  const auto plain = MakeS2ShapeIndexRegion(&index);
  const S2ShapeIndexBufferedRegion wide(&index, S1ChordAngle(S1Angle::Radians(radians_of(radius))));
  const S2Region& region = radius > 0 ? static_cast<const S2Region&>(wide) : plain;
  base::JsonArray out;
  for (int face = 0; face < 6; ++face)
    if (!cover(region, S2Cell::FromFace(face), static_cast<int>(wanted), out)) return {};
  return Value::dynamic(std::move(out));
}

std::optional<std::vector<Place>> densified(const std::vector<Place>& places, double tolerance) {
  constexpr double kLeastTolerance = 0.1, kMostTolerance = 10'000;
  if (!(tolerance >= kLeastTolerance && tolerance <= kMostTolerance) || places.empty()) return std::nullopt;
  std::vector<Place> out{places.front()};
  for (std::size_t i = 1; i < places.size(); ++i)
    if (!densify_edge(places[i - 1], places[i], radians_of(tolerance), 0, out)) return std::nullopt;
  return out;
}

}  // namespace kql::geo
