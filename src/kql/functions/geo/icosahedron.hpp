// SPDX-License-Identifier: Apache-2.0
// The icosahedron that H3's grid lies on (h3geo.org, "Overview of the H3 geospatial indexing system"): each face a plane
// with a lattice of hexagons, seen from the sphere's middle.
//
// Lengths are those of the coarsest lattice: a face's middle is 0, its corners lie 2 away at 0°, 120° and 240°.
#pragma once

#include <s2/s2point.h>

#include <array>
#include <cstdint>

namespace kql::geo {

struct Planar {
  double x = 0, y = 0;
};

// A hexagon of a lattice: `a` steps at 0° and `b` at 120°.
struct Axial {
  std::int64_t a = 0, b = 0;
  friend bool operator==(Axial l, Axial r) { return l.a == r.a && l.b == r.b; }
  friend Axial operator+(Axial l, Axial r) { return {l.a + r.a, l.b + r.b}; }
  friend Axial operator-(Axial l, Axial r) { return {l.a - r.a, l.b - r.b}; }
};

Axial turned(Axial at, int sixths);     // counterclockwise about 0
Axial parent_of(Axial at, int level);   // the hexagon of the next coarser lattice that one of `level` belongs to
Axial center_child(Axial at, int level);  // of the next finer lattice, `level`, in the middle of one
Planar planar_of(Axial at, int level);
Axial nearest(Planar at, int level);

// From the plane of one face to that of another: turned, then moved.
struct Move {
  int sixths = 0;
  Axial by;  // of the coarsest lattice
};
Axial moved(Axial at, const Move& move, int level);
Planar moved(Planar at, const Move& move);
Move then(const Move& first, const Move& second);
Move inverse(const Move& move);

struct Face {
  S2Point center, x, y;
  std::array<int, 3> corners{};    // numbers of the icosahedron's; corner k lies at k · 120°
  std::array<int, 3> neighbors{};  // the face behind the edge from corner k to the next
  std::array<Move, 3> moves{};     // to its plane
};

constexpr int kFaces = 20;
const std::array<Face, kFaces>& faces();

Axial corner_at(int corner);                       // of any face, in the coarsest lattice
int face_at(const S2Point& point);
Planar project(const Face& face, const S2Point& point);
S2Point unproject(const Face& face, Planar at);
// The edge that a place of a face's plane lies behind, the furthest; -1 where it lies in the face or on its edge.
int edge_before(Planar at);

}  // namespace kql::geo
