// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/geo/icosahedron.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace kql::geo {

namespace {

constexpr double kRoot3 = 1.7320508075688772935;
constexpr double kLatticeStep = 0.38196601125010500003;   // on the plane that touches the unit sphere at a face's middle
constexpr double kClassTurn = 0.33347317225183211534;     // of the odd lattices: asin(√(3/28))

// H3's orientation, in which all twelve corners lie in the sea: the middle of a first face and the direction of a corner.
constexpr double kFirstLatitude = 0.803582649718989942, kFirstLongitude = 1.248397419617396099, kFirstAzimuth = 5.619958268523939882;
// Which corner of each face, in the order in which they are found below, is at 0°.
constexpr std::string_view kFirstCorners = "01201210202122021212";

S2Point on_sphere(double latitude, double longitude) {
  return {std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude), std::sin(latitude)};
}

struct Corners {
  std::vector<S2Point> points;
  std::vector<std::array<int, 3>> faces;  // counterclockwise from outside
};

int number_of(std::vector<S2Point>& points, const S2Point& point) {
  for (std::size_t i = 0; i < points.size(); ++i)
    if ((points[i] - point).Norm() < 1e-6) return static_cast<int>(i);
  points.push_back(point);
  return static_cast<int>(points.size()) - 1;
}

bool is_known(const std::vector<std::array<int, 3>>& all, std::array<int, 3> face) {
  std::sort(face.begin(), face.end());
  return std::any_of(all.begin(), all.end(), [&](std::array<int, 3> other) {
    std::sort(other.begin(), other.end());
    return other == face;
  });
}

// Face by face, each mirrored at its edges.
Corners find_corners() {
  Corners out;
  const S2Point center = on_sphere(kFirstLatitude, kFirstLongitude);
  const S2Point east = S2Point(0, 0, 1).CrossProd(center).Normalize(), north = center.CrossProd(east);
  const double radius = std::atan(2 * kLatticeStep);
  for (int k = 0; k < 3; ++k) {
    const double azimuth = kFirstAzimuth - k * 2 * M_PI / 3;
    out.points.push_back(center * std::cos(radius) + (north * std::cos(azimuth) + east * std::sin(azimuth)) * std::sin(radius));
  }
  out.faces.push_back({0, 1, 2});
  for (std::size_t i = 0; i < out.faces.size(); ++i) {
    const std::array<int, 3> face = out.faces[i];
    for (std::size_t k = 0; k < 3; ++k) {
      const int from = face[k], to = face[(k + 1) % 3];
      const S2Point opposite = out.points[static_cast<std::size_t>(face[(k + 2) % 3])];
      const S2Point mirror = out.points[static_cast<std::size_t>(from)].CrossProd(out.points[static_cast<std::size_t>(to)]).Normalize();
      const std::array<int, 3> next{to, from, number_of(out.points, opposite - 2 * mirror * opposite.DotProd(mirror))};
      if (!is_known(out.faces, next)) out.faces.push_back(next);
    }
  }
  return out;
}

// Both corners of an edge have to come to where the neighbor has them.
Move move_across(const Face& face, std::size_t edge, const Face& neighbor) {
  const int from = face.corners[edge], to = face.corners[(edge + 1) % 3];
  const auto place = [&](int corner) {
    const auto at = std::find(neighbor.corners.begin(), neighbor.corners.end(), corner);
    return corner_at(static_cast<int>(at - neighbor.corners.begin()));
  };
  const Axial here_from = corner_at(static_cast<int>(edge)), here_to = corner_at(static_cast<int>((edge + 1) % 3));
  for (int sixths = 0; sixths < 6; ++sixths)
    if (turned(here_to - here_from, sixths) == place(to) - place(from)) return {sixths, place(from) - turned(here_from, sixths)};
  return {};
}

std::array<Face, kFaces> make_faces() {
  const Corners corners = find_corners();
  std::array<Face, kFaces> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    Face& face = out[i];
    const auto first = static_cast<std::size_t>(kFirstCorners[i] - '0');
    S2Point sum;
    for (std::size_t k = 0; k < 3; ++k) {
      face.corners[k] = corners.faces[i][(first + k) % 3];
      sum += corners.points[static_cast<std::size_t>(face.corners[k])];
    }
    face.center = sum.Normalize();
    const S2Point& corner = corners.points[static_cast<std::size_t>(face.corners[0])];
    face.x = (corner - face.center * corner.DotProd(face.center)).Normalize();
    face.y = face.center.CrossProd(face.x);
  }
  for (Face& face : out)
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t other = 0; other < out.size(); ++other) {
        const auto& c = out[other].corners;
        const bool shared = std::count(c.begin(), c.end(), face.corners[k]) + std::count(c.begin(), c.end(), face.corners[(k + 1) % 3]) == 2;
        if (!shared || &out[other] == &face) continue;
        face.neighbors[k] = static_cast<int>(other);
        face.moves[k] = move_across(face, k, out[other]);
      }
  return out;
}

std::int64_t rounded_seventh(std::int64_t seventh) { return static_cast<std::int64_t>(std::llround(static_cast<double>(seventh) / 7)); }

Planar turned_by(Planar at, double angle, double scale) {
  const double c = std::cos(angle) * scale, s = std::sin(angle) * scale;
  return {at.x * c - at.y * s, at.x * s + at.y * c};
}

double step_of(int level) { return std::pow(7.0, -0.5 * level); }

}  // namespace

const std::array<Face, kFaces>& faces() {
  static const std::array<Face, kFaces> all = make_faces();
  return all;
}

Axial turned(Axial at, int sixths) {
  for (int i = 0; i < (sixths % 6 + 6) % 6; ++i) at = {at.a - at.b, at.a};
  return at;
}

Axial parent_of(Axial at, int level) {
  if (level % 2 != 0) return {rounded_seventh(3 * at.a - at.b), rounded_seventh(at.a + 2 * at.b)};
  return {rounded_seventh(2 * at.a + at.b), rounded_seventh(3 * at.b - at.a)};
}

Axial center_child(Axial at, int level) {
  if (level % 2 != 0) return {2 * at.a + at.b, 3 * at.b - at.a};
  return {3 * at.a - at.b, at.a + 2 * at.b};
}

Planar planar_of(Axial at, int level) {
  const Planar straight{static_cast<double>(at.a) - 0.5 * static_cast<double>(at.b), static_cast<double>(at.b) * kRoot3 / 2};
  return turned_by(straight, level % 2 != 0 ? kClassTurn : 0, step_of(level));
}

// As cubes are rounded: the coordinate that was rounded most is taken from the other two.
Axial nearest(Planar at, int level) {
  const Planar straight = turned_by(at, level % 2 != 0 ? -kClassTurn : 0, 1 / step_of(level));
  const double b = straight.y * 2 / kRoot3, a = straight.x + b / 2, c = b - a;
  double ra = std::round(a), rb = std::round(b);
  const double rc = std::round(c), da = std::abs(ra - a), db = std::abs(rb - b), dc = std::abs(rc - c);
  if (da > db && da > dc) ra = rb - rc;
  else if (db > dc) rb = ra + rc;
  return {static_cast<std::int64_t>(ra), static_cast<std::int64_t>(rb)};
}

Axial moved(Axial at, const Move& move, int level) {
  Axial by = move.by;
  for (int i = 1; i <= level; ++i) by = center_child(by, i);
  return turned(at, move.sixths) + by;
}

Planar moved(Planar at, const Move& move) {
  const Planar by = planar_of(move.by, 0), around = turned_by(at, move.sixths * M_PI / 3, 1);
  return {around.x + by.x, around.y + by.y};
}

Move then(const Move& first, const Move& second) { return {(first.sixths + second.sixths) % 6, turned(first.by, second.sixths) + second.by}; }

Move inverse(const Move& move) {
  const int back = (6 - move.sixths) % 6;
  return {back, Axial{} - turned(move.by, back)};
}

Axial corner_at(int corner) { return turned({2, 0}, 2 * corner); }

int face_at(const S2Point& point) {
  const auto& all = faces();
  std::size_t best = 0;
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].center.DotProd(point) > all[best].center.DotProd(point)) best = i;
  return static_cast<int>(best);
}

Planar project(const Face& face, const S2Point& point) {
  const double depth = point.DotProd(face.center) * kLatticeStep;
  return {point.DotProd(face.x) / depth, point.DotProd(face.y) / depth};
}

S2Point unproject(const Face& face, Planar at) { return (face.center + (face.x * at.x + face.y * at.y) * kLatticeStep).Normalize(); }

// The edges are 1 away from the middle, at 60°, 180° and 300°.
int edge_before(Planar at) {
  constexpr double kOnEdge = 1 + 1e-9;
  const double distances[] = {at.x / 2 + at.y * kRoot3 / 2, -at.x, at.x / 2 - at.y * kRoot3 / 2};
  const auto furthest = std::max_element(std::begin(distances), std::end(distances));
  return *furthest > kOnEdge ? static_cast<int>(furthest - std::begin(distances)) : -1;
}

}  // namespace kql::geo
