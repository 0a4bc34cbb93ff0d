// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kql/functions/geo/shapes.hpp"

namespace kql::geo {

// Meters along the ellipsoid WGS-84 (Karney 2013, Algorithms for geodesics: the inverse problem, for antipodal places, too).
double spheroid_distance(Place from, Place to);

}  // namespace kql::geo
