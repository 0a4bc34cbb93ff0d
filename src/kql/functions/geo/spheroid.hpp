// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "kql/functions/geo/shapes.hpp"

namespace kql::geo {

// Meters along the ellipsoid WGS-84 (Vincenty 1975, inverse problem); nothing for nearly antipodal places, where the
// iteration finds no end.
std::optional<double> spheroid_distance(Place from, Place to);

}  // namespace kql::geo
