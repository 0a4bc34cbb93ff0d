// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/geo/spheroid.hpp"

#include <cmath>

namespace kql::geo {

namespace {

constexpr double kDegree = 3.14159265358979323846 / 180;
constexpr double kEquator = 6'378'137.0, kFlattening = 1 / 298.257223563, kPole = kEquator * (1 - kFlattening);

struct Arc {
  double sine, cosine, angle;      // of the way on the auxiliary sphere
  double cosine_squared_azimuth, cosine_of_middle;
};

double series_length(const Arc& arc) {
  const double u = arc.cosine_squared_azimuth * (kEquator * kEquator - kPole * kPole) / (kPole * kPole);
  const double a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)));
  const double b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)));
  const double middle = arc.cosine_of_middle, twice = 2 * middle * middle - 1;
  const double correction = b * arc.sine * (middle + b / 4 * (arc.cosine * twice - b / 6 * middle * (4 * arc.sine * arc.sine - 3) * (4 * middle * middle - 3)));
  return kPole * a * (arc.angle - correction);
}

}  // namespace

std::optional<double> spheroid_distance(Place from, Place to) {
  constexpr int kMostSteps = 200;
  constexpr double kExactEnough = 1e-12;
  const double along = (to.longitude - from.longitude) * kDegree;
  const double u1 = std::atan((1 - kFlattening) * std::tan(from.latitude * kDegree));
  const double u2 = std::atan((1 - kFlattening) * std::tan(to.latitude * kDegree));
  double lambda = along;
  for (int step = 0; step < kMostSteps; ++step) {
    const double x = std::cos(u2) * std::sin(lambda), y = std::cos(u1) * std::sin(u2) - std::sin(u1) * std::cos(u2) * std::cos(lambda);
    Arc arc{};
    arc.sine = std::hypot(x, y);
    if (arc.sine == 0) return 0;
    arc.cosine = std::sin(u1) * std::sin(u2) + std::cos(u1) * std::cos(u2) * std::cos(lambda);
    arc.angle = std::atan2(arc.sine, arc.cosine);
    const double sine_azimuth = std::cos(u1) * std::cos(u2) * std::sin(lambda) / arc.sine;
    arc.cosine_squared_azimuth = 1 - sine_azimuth * sine_azimuth;
    arc.cosine_of_middle = arc.cosine_squared_azimuth == 0 ? 0 : arc.cosine - 2 * std::sin(u1) * std::sin(u2) / arc.cosine_squared_azimuth;
    const double c = kFlattening / 16 * arc.cosine_squared_azimuth * (4 + kFlattening * (4 - 3 * arc.cosine_squared_azimuth));
    const double middle = arc.cosine_of_middle;
    const double next = along + (1 - c) * kFlattening * sine_azimuth * (arc.angle + c * arc.sine * (middle + c * arc.cosine * (2 * middle * middle - 1)));
    if (std::abs(next - lambda) < kExactEnough) return series_length(arc);
    lambda = next;
  }
  return std::nullopt;
}

}  // namespace kql::geo
