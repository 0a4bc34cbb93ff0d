// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/geo/h3.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "kql/functions/geo/icosahedron.hpp"

namespace kql::geo {

namespace {

constexpr int kBaseCells = 122;
// The face on whose plane each base cell has its axes. They are numbered from the north to the south.
constexpr std::string_view kHomes =
    "djdjaddjajddeeobaiajpjaihieobeabcapophqipbeebiokcgcqhbqpohlhofkikfgcskcqpqhflsnnsglckgfgtqstnsfnlkltmgmtltsfnnrrmtmrrmmrmr";

enum Digit : int { kCenter, kK, kJ, kJK, kI, kIK, kIJ, kUnused };
constexpr Axial kStep[] = {{0, 0}, {-1, -1}, {0, 1}, {-1, 0}, {1, 0}, {0, -1}, {1, 1}};
// Each digit's direction turned by a sixth, counterclockwise.
constexpr int kTurnedDigit[] = {kCenter, kIK, kJK, kK, kIJ, kI, kJ};

struct BaseCell {
  S2Point center;
  int home = 0;
  Axial at;               // on its plane
  bool pentagon = false;
  std::array<int, 5> around{};  // of a pentagon: the faces that meet there, from the home clockwise
};

// How a face sees a base cell.
struct Seen {
  int base = 0;
  Move to_home;
  int turn = 0;  // of a pentagon: which of its faces this one is
};

struct Grid {
  std::array<BaseCell, kBaseCells> cells;
  std::array<std::map<std::pair<std::int64_t, std::int64_t>, Seen>, kFaces> seen;
};

// --- Base cells ---

std::vector<Axial> lattice_points_of_face() {
  std::vector<Axial> out;
  for (std::int64_t a = -2; a <= 2; ++a)
    for (std::int64_t b = -2; b <= 2; ++b)
      if (edge_before(planar_of({a, b}, 0)) < 0) out.push_back({a, b});
  return out;
}

int base_cell_at(const Grid& grid, const S2Point& center) {
  for (int i = 0; i < kBaseCells; ++i)
    if ((grid.cells[static_cast<std::size_t>(i)].center - center).Norm() < 1e-6) return i;
  return 0;
}

std::vector<int> faces_around(int home) {
  std::vector<int> out{home};
  const int corner = faces()[static_cast<std::size_t>(home)].corners[0];
  while (out.size() < 5) {
    // Over the edge that begins at the corner, which goes round it clockwise.
    const Face& face = faces()[static_cast<std::size_t>(out.back())];
    const auto at = std::find(face.corners.begin(), face.corners.end(), corner) - face.corners.begin();
    out.push_back(face.neighbors[static_cast<std::size_t>(at)]);
  }
  return out;
}

void find_base_cells(Grid& grid) {
  std::vector<S2Point> centers;
  for (const Face& face : faces())
    for (const Axial at : lattice_points_of_face()) {
      const S2Point center = unproject(face, planar_of(at, 0));
      if (std::none_of(centers.begin(), centers.end(), [&](const S2Point& c) { return (c - center).Norm() < 1e-6; })) centers.push_back(center);
    }
  std::sort(centers.begin(), centers.end(), [](const S2Point& a, const S2Point& b) { return a.z() > b.z(); });
  for (std::size_t i = 0; i < grid.cells.size(); ++i) {
    BaseCell& cell = grid.cells[i];
    cell.center = centers[i];
    cell.home = kHomes[i] - 'a';
    cell.at = nearest(project(faces()[static_cast<std::size_t>(cell.home)], cell.center), 0);
    cell.pentagon = cell.at == corner_at(0);
    if (!cell.pentagon) continue;
    const std::vector<int> around = faces_around(cell.home);
    std::copy(around.begin(), around.end(), cell.around.begin());
  }
}

// A pentagon's corner is turned so that the faces follow one another by 60° clockwise on the home's plane, from 180°.
Seen seen_pentagon(const BaseCell& cell, int base, int face, Axial at) {
  Seen out{base, {}, 0};
  while (cell.around[static_cast<std::size_t>(out.turn)] != face) ++out.turn;
  int corner = 0;
  while (!(corner_at(corner) == at)) ++corner;
  const int sixths = ((-out.turn - 2 * corner) % 6 + 6) % 6;
  out.to_home = {sixths, cell.at - turned(at, sixths)};
  return out;
}

Seen seen_on_face(const Grid& grid, int face, Axial at) {
  const Face& plane = faces()[static_cast<std::size_t>(face)];
  const int base = base_cell_at(grid, unproject(plane, planar_of(at, 0)));
  const BaseCell& cell = grid.cells[static_cast<std::size_t>(base)];
  if (cell.pentagon) return seen_pentagon(cell, base, face, at);
  for (std::size_t k = 0; k < 3; ++k)
    if (cell.home != face && plane.neighbors[k] == cell.home) return {base, plane.moves[k], 0};
  return {base, {}, 0};
}

Grid make_grid() {
  Grid grid;
  find_base_cells(grid);
  for (int face = 0; face < kFaces; ++face)
    for (const Axial at : lattice_points_of_face()) grid.seen[static_cast<std::size_t>(face)].emplace(std::pair(at.a, at.b), seen_on_face(grid, face, at));
  // Behind the edges: fine cells of a face may belong to a coarse one of its neighbor.
  for (std::size_t face = 0; face < kFaces; ++face)
    for (std::size_t k = 0; k < 3; ++k) {
      const Face& plane = faces()[face];
      const Move back = inverse(plane.moves[k]);
      for (const Axial at : lattice_points_of_face()) {
        const Axial here = moved(at, back, 0);
        Seen seen = grid.seen[static_cast<std::size_t>(plane.neighbors[k])].at(std::pair(at.a, at.b));
        seen.to_home = then(plane.moves[k], seen.to_home);
        grid.seen[face].emplace(std::pair(here.a, here.b), seen);
      }
    }
  return grid;
}

const Grid& the_grid() {
  static const Grid grid = make_grid();
  return grid;
}

// --- Ids: 0 0001 000 level(4) base cell(7) and fifteen digits of three bits ---

constexpr int kLevelShift = 52, kBaseShift = 45;
constexpr H3Cell kMode = H3Cell{1} << 59;

int digit_shift(int level) { return 3 * (kFinestH3 - level); }
int digit_of(H3Cell cell, int level) { return static_cast<int>(cell >> digit_shift(level) & 7U); }
H3Cell with_digit(H3Cell cell, int level, int digit) {
  return (cell & ~(H3Cell{7} << digit_shift(level))) | static_cast<H3Cell>(digit) << digit_shift(level);
}
H3Cell empty_cell(int base, int level) {
  H3Cell out = kMode | static_cast<H3Cell>(level) << kLevelShift | static_cast<H3Cell>(base) << kBaseShift;
  for (int i = 1; i <= kFinestH3; ++i) out = with_digit(out, i, i <= level ? kCenter : kUnused);
  return out;
}
int base_of(H3Cell cell) { return static_cast<int>(cell >> kBaseShift & 0x7FU); }
const BaseCell& base_cell_of(H3Cell cell) { return the_grid().cells[static_cast<std::size_t>(base_of(cell))]; }

int leading_digit(H3Cell cell) {
  for (int i = 1; i <= h3_level(cell); ++i)
    if (digit_of(cell, i) != kCenter) return digit_of(cell, i);
  return kCenter;
}

H3Cell turned_digits(H3Cell cell, int sixths) {
  for (int turn = 0; turn < (sixths + 6) % 6; ++turn)
    for (int i = 1; i <= h3_level(cell); ++i) cell = with_digit(cell, i, kTurnedDigit[digit_of(cell, i)]);
  return cell;
}

// --- From a plane to an id, and back ---

// A place of a lattice on a face's plane, and how a direction has been turned on the way there.
struct OnFace {
  int face = 0;
  Axial at;
  int turned_by = 0;
};

// On the face that it really lies on.
OnFace settled(OnFace place, int level) {
  constexpr int kMostEdges = 5;
  for (int i = 0; i < kMostEdges; ++i) {
    const int edge = edge_before(planar_of(place.at, level));
    if (edge < 0) break;
    const Face& face = faces()[static_cast<std::size_t>(place.face)];
    const Move& move = face.moves[static_cast<std::size_t>(edge)];
    place = {face.neighbors[static_cast<std::size_t>(edge)], moved(place.at, move, level), (place.turned_by + move.sixths) % 6};
  }
  return place;
}

int digit_of_step(Axial step) {
  const auto at = std::find(std::begin(kStep), std::end(kStep), step);
  return at == std::end(kStep) ? kCenter : static_cast<int>(at - std::begin(kStep));
}

Axial coarsest(Axial at, int level) {
  for (int i = level; i >= 1; --i) at = parent_of(at, i);
  return at;
}

H3Cell cell_of(const OnFace& place, int level) {
  const Axial coarse = coarsest(place.at, level);
  const auto& known = the_grid().seen[static_cast<std::size_t>(place.face)];
  const auto at = known.find({coarse.a, coarse.b});
  const Seen seen = at == known.end() ? Seen{} : at->second;
  Axial here = moved(place.at, seen.to_home, level);
  H3Cell out = empty_cell(seen.base, level);
  for (int i = level; i >= 1; --i) {
    const Axial parent = parent_of(here, i);
    out = with_digit(out, i, digit_of_step(here - center_child(parent, i)));
    here = parent;
  }
  // Of a pentagon the sixth in the direction K is cut out and its edges joined: what is in it belongs to the other edge.
  if (base_cell_of(out).pentagon && leading_digit(out) == kK) out = turned_digits(out, seen.turn == 0 ? 1 : -1);
  return out;
}

// The place of a cell's middle on its home's plane, the cut closed: 0 to 4 sixths clockwise from the home's own.
struct AtHome {
  Axial at;
  int turn = 0;       // of a pentagon's cells
  int turned_by = 0;  // where it came over the cut
};

AtHome at_home(H3Cell cell) {
  const int level = h3_level(cell);
  const BaseCell& base = base_cell_of(cell);
  Axial at = base.at, corner = base.at;
  for (int i = 1; i <= level; ++i) {
    at = center_child(at, i) + kStep[digit_of(cell, i)];
    corner = center_child(corner, i);
  }
  if (!base.pentagon || at == corner) return {at, 0, 0};
  const Planar way = planar_of(at - corner, level);
  const auto turn_of = [](Planar to) {
    const double sixths = (M_PI - std::atan2(to.y, to.x)) / (M_PI / 3);
    return static_cast<int>(std::lround(sixths + 1e-9)) % 6;  // on the cut's edges: the home's face
  };
  const int turn = turn_of(way);
  constexpr int kCut = 5;
  if (turn != kCut) return {at, turn, 0};
  const bool before_cut = leading_digit(cell) == kJK;
  return {corner + turned(at - corner, before_cut ? 1 : -1), before_cut ? 4 : 0, before_cut ? 1 : -1};
}

OnFace on_face(H3Cell cell) {
  const BaseCell& base = base_cell_of(cell);
  const AtHome home = at_home(cell);
  if (!base.pentagon) return settled({base.home, home.at, 0}, h3_level(cell));
  const int face = base.around[static_cast<std::size_t>(home.turn)];
  for (int corner = 0; corner < 3; ++corner) {
    const Axial at = corner_at(corner);
    const auto& known = the_grid().seen[static_cast<std::size_t>(face)].at({at.a, at.b});
    if (known.base != base_of(cell)) continue;
    const Move back = inverse(known.to_home);
    return settled({face, moved(home.at, back, h3_level(cell)), back.sixths + home.turned_by + 6}, h3_level(cell));
  }
  return {base.home, home.at, 0};
}

S2Point point_at(int face, Planar at) {
  constexpr int kMostEdges = 5;
  for (int i = 0; i < kMostEdges; ++i) {
    const int edge = edge_before(at);
    if (edge < 0) break;
    const Face& plane = faces()[static_cast<std::size_t>(face)];
    at = moved(at, plane.moves[static_cast<std::size_t>(edge)]);
    face = plane.neighbors[static_cast<std::size_t>(edge)];
  }
  return unproject(faces()[static_cast<std::size_t>(face)], at);
}

// --- Boundaries ---

Planar around(Planar center, double angle, double radius) { return {center.x + radius * std::cos(angle), center.y + radius * std::sin(angle)}; }

double corner_radius(int level) { return std::pow(7.0, -0.5 * level) / std::sqrt(3.0); }
double first_corner(int level) { return M_PI / 6 + (level % 2 != 0 ? std::asin(std::sqrt(3.0 / 28)) : 0); }

// Where the way from one place to another, behind the edge, comes to that edge.
Planar crossing(Planar from, Planar to, int edge) {
  const double angle = M_PI / 3 + edge * 2 * M_PI / 3;
  const double a = from.x * std::cos(angle) + from.y * std::sin(angle), b = to.x * std::cos(angle) + to.y * std::sin(angle);
  const double t = (1 - a) / (b - a);
  return {from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)};
}

bool is_near(Planar a, Planar b) { return std::hypot(a.x - b.x, a.y - b.y) < 1e-9; }

std::vector<S2Point> hexagon_boundary(H3Cell cell) {
  const int level = h3_level(cell);
  const OnFace place = on_face(cell);
  const Planar center = planar_of(place.at, level);
  std::vector<S2Point> out;
  for (int i = 0; i < 6; ++i) {
    const Planar corner = around(center, first_corner(level) + i * M_PI / 3, corner_radius(level));
    const Planar next = around(center, first_corner(level) + (i + 1) * M_PI / 3, corner_radius(level));
    out.push_back(point_at(place.face, corner));
    const int edge = edge_before(corner), next_edge = edge_before(next);
    if (level % 2 == 0 || edge == next_edge) continue;
    const bool leaves = edge < 0;
    const Planar on_edge = crossing(leaves ? corner : next, leaves ? next : corner, leaves ? next_edge : edge);
    if (is_near(on_edge, corner) || is_near(on_edge, next)) continue;  // a corner that lies on the edge
    out.push_back(unproject(faces()[static_cast<std::size_t>(place.face)], on_edge));
  }
  return out;
}

// Of a pentagon: five corners around the icosahedron's, the angles on the home's plane with the cut closed.
std::vector<S2Point> pentagon_boundary(H3Cell cell) {
  const int level = h3_level(cell);
  const BaseCell& base = base_cell_of(cell);
  const auto point = [&](double angle, double radius) {
    if (angle > 7 * M_PI / 6 + 1e-9) angle += M_PI / 3;
    const int turn = (static_cast<int>(std::lround((M_PI - angle) / (M_PI / 3))) % 6 + 6) % 6;
    const int face = base.around[static_cast<std::size_t>(std::min(turn, 4))];
    int corner = 0;
    while (the_grid().seen[static_cast<std::size_t>(face)].at({corner_at(corner).a, corner_at(corner).b}).base != base_of(cell)) ++corner;
    const Planar middle = planar_of(corner_at(corner), 0);
    // On that face the direction to its middle is what is 180° - 60° · turn at home.
    const double here = angle - (M_PI - std::min(turn, 4) * M_PI / 3) + M_PI + corner * 2 * M_PI / 3;
    return unproject(faces()[static_cast<std::size_t>(face)], around(middle, here, radius));
  };
  std::vector<S2Point> out;
  for (int i = 0; i < 5; ++i) {
    const double angle = first_corner(level) + i * M_PI / 3, radius = corner_radius(level);
    out.push_back(point(angle, radius));
    if (level % 2 == 0) continue;
    const double edge = M_PI / 2 + i * M_PI / 3;  // from 90°, where the first two faces meet
    const double height = radius * std::cos(M_PI / 6), off = angle + M_PI / 6 - edge;
    out.push_back(point(edge, height / std::cos(off)));
  }
  return out;
}

}  // namespace

std::optional<H3Cell> h3_of_text(std::string_view text) {
  H3Cell cell = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cell, 16);
  if (error != std::errc() || end != text.data() + text.size() || text.size() > 16) return std::nullopt;
  constexpr H3Cell kHead = ~((H3Cell{1} << 56) - 1);
  if ((cell & kHead) != kMode || base_of(cell) >= kBaseCells) return std::nullopt;
  for (int i = 1; i <= kFinestH3; ++i)
    if ((digit_of(cell, i) == kUnused) != (i > h3_level(cell))) return std::nullopt;
  if (base_cell_of(cell).pentagon && leading_digit(cell) == kK) return std::nullopt;
  return cell;
}

std::string h3_text(H3Cell cell) { return fmt::format("{:x}", cell); }
int h3_level(H3Cell cell) { return static_cast<int>(cell >> kLevelShift & 0xFU); }
bool h3_is_pentagon(H3Cell cell) { return base_cell_of(cell).pentagon && leading_digit(cell) == kCenter; }

H3Cell h3_at(const S2Point& point, int level) {
  const int face = face_at(point);
  return cell_of({face, nearest(project(faces()[static_cast<std::size_t>(face)], point), level), 0}, level);
}

S2Point h3_center(H3Cell cell) {
  const OnFace place = on_face(cell);
  return unproject(faces()[static_cast<std::size_t>(place.face)], planar_of(place.at, h3_level(cell)));
}

std::vector<S2Point> h3_boundary(H3Cell cell) { return h3_is_pentagon(cell) ? pentagon_boundary(cell) : hexagon_boundary(cell); }

H3Cell h3_parent(H3Cell cell, int level) {
  for (int i = level + 1; i <= kFinestH3; ++i) cell = with_digit(cell, i, kUnused);
  return (cell & ~(H3Cell{0xF} << kLevelShift)) | static_cast<H3Cell>(level) << kLevelShift;
}

std::vector<H3Cell> h3_children(H3Cell cell, int level) {
  std::vector<H3Cell> out{cell};
  for (int at = h3_level(cell) + 1; at <= level; ++at) {
    std::vector<H3Cell> finer;
    for (const H3Cell parent : out) {
      const H3Cell child = (parent & ~(H3Cell{0xF} << kLevelShift)) | static_cast<H3Cell>(at) << kLevelShift;
      for (int digit = kCenter; digit < kUnused; ++digit)
        if (digit != kK || !h3_is_pentagon(parent)) finer.push_back(with_digit(child, at, digit));
    }
    out = std::move(finer);
  }
  return out;
}

// Counterclockwise from the direction IJ of the cell's home.
std::vector<H3Cell> h3_neighbors(H3Cell cell) {
  constexpr int kDirections[] = {kIJ, kJ, kJK, kK, kIK, kI};
  const int level = h3_level(cell);
  const BaseCell& base = base_cell_of(cell);
  std::vector<H3Cell> out;
  if (h3_is_pentagon(cell)) {
    for (const int direction : kDirections)
      if (direction != kK) {
        // A step from the corner into the middle of a face, as its digits say it one level finer up to here.
        Axial at = base.at;
        for (int i = 1; i <= level; ++i) at = center_child(at, i);
        const int turn = static_cast<int>(std::lround((M_PI - std::atan2(planar_of(kStep[direction], 0).y, planar_of(kStep[direction], 0).x)) / (M_PI / 3))) % 6;
        const int face = base.around[static_cast<std::size_t>(turn)];
        for (int corner = 0; corner < 3; ++corner) {
          const Seen& seen = the_grid().seen[static_cast<std::size_t>(face)].at({corner_at(corner).a, corner_at(corner).b});
          if (seen.base != base_of(cell)) continue;
          out.push_back(cell_of(settled({face, moved(at + kStep[direction], inverse(seen.to_home), level), 0}, level), level));
        }
      }
    return out;
  }
  const OnFace place = on_face(cell);
  for (const int direction : kDirections) {
    const H3Cell next = cell_of(settled({place.face, place.at + turned(kStep[direction], place.turned_by), 0}, level), level);
    if (std::find(out.begin(), out.end(), next) == out.end()) out.push_back(next);
  }
  return out;
}

namespace {

// Round the cell, ring by ring, each from the one before; nothing where a pentagon is met.
std::optional<std::vector<std::vector<H3Cell>>> walked_rings(H3Cell cell, int distance) {
  constexpr int kDirections[] = {kJ, kJK, kK, kIK, kI, kIJ};
  const int level = h3_level(cell);
  std::vector<std::vector<H3Cell>> out{{cell}};
  if (h3_is_pentagon(cell)) return std::nullopt;
  OnFace place = on_face(cell);
  const auto step = [&](int direction) { place = settled({place.face, place.at + turned(kStep[direction], place.turned_by), place.turned_by}, level); };
  for (int ring = 1; ring <= distance; ++ring) {
    step(kI);
    const H3Cell begin = cell_of(place, level);
    out.emplace_back();
    for (const int direction : kDirections)
      for (int i = 0; i < ring; ++i) {
        step(direction);
        out.back().push_back(cell_of(place, level));
        if (h3_is_pentagon(out.back().back())) return std::nullopt;
      }
    if (out.back().back() != begin) return std::nullopt;
  }
  return out;
}

}  // namespace

std::vector<std::vector<H3Cell>> h3_rings(H3Cell cell, int distance) {
  if (auto walked = walked_rings(cell, distance)) return std::move(*walked);
  std::vector<std::vector<H3Cell>> out{{cell}};
  std::set<H3Cell> known{cell};
  for (int ring = 1; ring <= distance; ++ring) {
    out.emplace_back();
    for (const H3Cell from : out[out.size() - 2])
      for (const H3Cell next : h3_neighbors(from))
        if (known.insert(next).second) out.back().push_back(next);
  }
  return out;
}

}  // namespace kql::geo
