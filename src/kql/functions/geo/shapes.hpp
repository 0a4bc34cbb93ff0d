// SPDX-License-Identifier: Apache-2.0
// Shapes of GeoJSON (RFC 7946) on the sphere, and back. Edges are geodesics; the sphere is that of S2.
#pragma once

#include <s2/s2point.h>
#include <s2/s2polygon.h>
#include <s2/s2polyline.h>

#include <memory>
#include <optional>
#include <vector>

#include "kql/functions/function.hpp"
#include "kql/value.hpp"

namespace kql::geo {

constexpr double kEarthRadiusMeters = 6'371'010;
constexpr std::size_t kMostVertices = 1'000'000;

struct Place {
  double longitude = 0, latitude = 0;  // degrees
};

bool is_valid(Place place);
std::optional<S2Point> point_of(double longitude, double latitude);
// Of two arguments that follow one another.
std::optional<S2Point> point_argument(const Arguments& arguments, std::size_t longitude);
Place place_of(const S2Point& point);

using Lines = std::vector<std::unique_ptr<S2Polyline>>;

// Nothing (or null) where the shape is not valid, as KQL's documentation of the geo_ functions says what that is.
std::optional<std::vector<Place>> read_places(const base::Json& array);
std::optional<Lines> read_lines(const base::Json& shape);                 // LineString, MultiLineString
std::unique_ptr<S2Polygon> read_polygon(const base::Json& shape);         // Polygon; the union of a MultiPolygon
std::optional<std::vector<std::vector<std::vector<Place>>>> read_rings(const base::Json& shape);  // of each polygon
const base::Json* member(const base::Json& shape, std::string_view name);
std::string_view type_of(const base::Json& shape);                        // "" where there is none

base::Json shape_json(std::string_view type, base::Json coordinates);
base::Json collection_json(base::JsonArray shapes);
base::Json place_json(Place place);
base::Json point_json(const S2Point& point);
base::Json line_json(const S2Polyline& line);      // coordinates alone
base::Json lines_json(const Lines& lines);         // LineString or MultiLineString
base::Json polygon_json(const S2Polygon& polygon); // Polygon or MultiPolygon
base::Json ring_json(const std::vector<S2Point>& vertices);  // Polygon of one ring that is not closed yet

}  // namespace kql::geo
