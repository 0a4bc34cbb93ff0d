// SPDX-License-Identifier: Apache-2.0
// geo_ functions of points: distances, directions, and whether they lie in a shape.
#include <s2/s2edge_distances.h>
#include <s2/s2measures.h>
#include <s2/s2pointutil.h>

#include <cmath>

#include "kql/functions/geo/operations.hpp"
#include "kql/functions/geo/spheroid.hpp"

namespace kql::geo {

namespace {

constexpr double kPi = 3.14159265358979323846;

bool are_antipodal(const S2Point& a, const S2Point& b) { return S2::ApproxEquals(a, -b); }  // 180° are not quite π

// Clockwise from north, in [0, 2π).
double azimuth(const S2Point& from, const S2Point& to) {
  const Place a = place_of(from), b = place_of(to);
  const double radians = kPi / 180;
  const double lat1 = a.latitude * radians, lat2 = b.latitude * radians, along = (b.longitude - a.longitude) * radians;
  const double out = std::atan2(std::sin(along) * std::cos(lat2), std::cos(lat1) * std::sin(lat2) - std::sin(lat1) * std::cos(lat2) * std::cos(along));
  return out < 0 ? out + 2 * kPi : out;
}

Value geo_azimuth(const Arguments& a) {
  const auto from = point_argument(a, 0), to = point_argument(a, 2);
  if (!from || !to || *from == *to || are_antipodal(*from, *to)) return {};
  return Value::real(azimuth(*from, *to));
}

Value geo_angle(const Arguments& a) {
  const auto first = point_argument(a, 0), middle = point_argument(a, 2), last = point_argument(a, 4);
  if (!first || !middle || !last || *first == *middle || *middle == *last) return {};
  if (are_antipodal(*first, *middle) || are_antipodal(*middle, *last)) return {};
  const double angle = azimuth(*middle, *last) - azimuth(*middle, *first);
  return Value::real(angle < 0 ? angle + 2 * kPi : angle);
}

Value geo_distance(const Arguments& a) {
  const auto from = point_argument(a, 0), to = point_argument(a, 2);
  if (!from || !to) return {};
  if (a.size() > 4 && a.number(4) != 0) return Value::real(spheroid_distance({a.number(0), a.number(1)}, {a.number(2), a.number(3)}));
  return Value::real(meters_of(S1Angle(*from, *to).radians()));
}

Value geo_in_circle(const Arguments& a) {
  const auto point = point_argument(a, 0), center = point_argument(a, 2);
  const double radius = a.number(4);
  if (!point || !center || !(radius > 0) || std::isinf(radius)) return {};
  return Value::boolean(meters_of(S1Angle(*point, *center).radians()) <= radius);
}

Value geo_in_polygon(const Arguments& a) {
  const auto point = point_argument(a, 0);
  const auto polygon = point ? read_polygon(a.json(2)) : nullptr;
  return polygon ? Value::boolean(polygon->Contains(*point)) : Value();
}

Value geo_point_buffer(const Arguments& a) {
  const auto point = point_argument(a, 0);
  return point ? buffer_json(*index_of(*point), a, 2) : Value();
}

Value distance_to_line(const Arguments& a) {
  const auto point = point_argument(a, 0);
  const auto lines = point ? read_lines(a.json(2)) : std::nullopt;
  return lines ? Value::real(meters_of(distance_to(*index_of(*lines), *point))) : Value();
}

Value distance_to_polygon(const Arguments& a) {
  const auto point = point_argument(a, 0);
  auto polygon = point ? read_polygon(a.json(2)) : nullptr;
  return polygon ? Value::real(meters_of(distance_to(*index_of(std::move(polygon)), *point))) : Value();
}

Value closest_on_line(const Arguments& a) {
  const auto point = point_argument(a, 0);
  const auto lines = point ? read_lines(a.json(2)) : std::nullopt;
  return lines ? Value::dynamic(point_json(closest_point(*index_of(*lines), *point))) : Value();
}

Value closest_on_polygon(const Arguments& a) {
  const auto point = point_argument(a, 0);
  auto polygon = point ? read_polygon(a.json(2)) : nullptr;
  return polygon ? Value::dynamic(point_json(closest_point(*index_of(std::move(polygon)), *point))) : Value();
}

constexpr std::string_view kTwoPointsMaybeSpheroid = "(number, number, number, number, bool?) real";

constexpr Function kPointFunctions[] = {
    {.name = "geo_angle", .signature = "(number, number, number, number, number, number) real", .evaluate = geo_angle},
    {.name = "geo_azimuth", .signature = "(number, number, number, number) real", .evaluate = geo_azimuth},
    {.name = "geo_distance_2points", .signature = kTwoPointsMaybeSpheroid, .evaluate = geo_distance},
    {.name = "geo_distance_2points", .signature = "(number, number, number, number, number) real", .evaluate = geo_distance},
    {.name = "geo_distance_point_to_line", .signature = "(number, number, dynamic) real", .evaluate = distance_to_line},
    {.name = "geo_distance_point_to_polygon", .signature = "(number, number, dynamic) real", .evaluate = distance_to_polygon},
    {.name = "geo_closest_point_on_line", .signature = "(number, number, dynamic) dynamic", .evaluate = closest_on_line},
    {.name = "geo_closest_point_on_polygon", .signature = "(number, number, dynamic) dynamic", .evaluate = closest_on_polygon},
    {.name = "geo_point_in_circle", .signature = "(number, number, number, number, number) bool", .evaluate = geo_in_circle},
    {.name = "geo_point_in_polygon", .signature = "(number, number, dynamic) bool", .evaluate = geo_in_polygon},
    {.name = "geo_point_buffer", .signature = "(number, number, number, number?) dynamic", .evaluate = geo_point_buffer},
};

}  // namespace

}  // namespace kql::geo

namespace kql {

std::span<const Function> geo_point_functions() { return geo::kPointFunctions; }

}  // namespace kql
