// SPDX-License-Identifier: Apache-2.0
// What several families of geo_ functions need of the geometry.
#pragma once

#include <s2/mutable_s2shape_index.h>
#include <s2/s2region.h>

#include "kql/functions/geo/shapes.hpp"

namespace kql::geo {

double meters_of(double radians);
double radians_of(double meters);

std::unique_ptr<MutableS2ShapeIndex> index_of(const Lines& lines);
std::unique_ptr<MutableS2ShapeIndex> index_of(std::unique_ptr<S2Polygon> polygon);
std::unique_ptr<MutableS2ShapeIndex> index_of(const S2Point& point);

// The distance in radians to the nearest point of the shape, 0 within a polygon.
double distance_to(const MutableS2ShapeIndex& index, const S2Point& point);
S2Point closest_point(const MutableS2ShapeIndex& index, const S2Point& point);

// All that is nearer than `radius` meters; it may be `tolerance` meters off. Null where the two make no sense.
std::unique_ptr<S2Polygon> buffered(const MutableS2ShapeIndex& index, double radius, double tolerance);
// The arguments (…, radius, tolerance?) from `radius` on.
Value buffer_json(const MutableS2ShapeIndex& index, const Arguments& arguments, std::size_t radius);

// What two shapes have in common as GeoJSON: a shape, or a collection of several or none.
Value intersection_json(const MutableS2ShapeIndex& left, const MutableS2ShapeIndex& right);
bool intersects(const MutableS2ShapeIndex& left, const MutableS2ShapeIndex& right);

// Tokens of the cells of a level that cover the shape and what is within `radius` meters of it; null beyond 65,536.
Value covering_json(const MutableS2ShapeIndex& index, const Arguments& arguments, std::size_t level);

// The edges that are straight on a map of longitudes and latitudes, with points put in so that geodesics between them are
// nowhere further off than `tolerance` meters.
std::optional<std::vector<Place>> densified(const std::vector<Place>& places, double tolerance);

}  // namespace kql::geo
