// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/geo/spheroid.hpp"

#include <boost/geometry/core/cs.hpp>
#include <boost/geometry/formulas/karney_inverse.hpp>
#include <boost/geometry/srs/spheroid.hpp>

namespace kql::geo {

namespace {

constexpr double kDegree = 3.14159265358979323846 / 180;
constexpr double kEquator = 6'378'137.0, kFlattening = 1 / 298.257223563, kPole = kEquator * (1 - kFlattening);

}  // namespace

double spheroid_distance(Place from, Place to) {
  using Inverse = boost::geometry::formula::karney_inverse<double, true, false>;
  const boost::geometry::srs::spheroid<double> earth(kEquator, kPole);
  return Inverse::apply(from.longitude * kDegree, from.latitude * kDegree, to.longitude * kDegree, to.latitude * kDegree, earth).distance;
}

}  // namespace kql::geo
