// SPDX-License-Identifier: Apache-2.0
// geo_ functions of H3 cells.
#include <s2/s2edge_distances.h>

#include <cmath>
#include <set>

#include "kql/functions/geo/h3.hpp"
#include "kql/functions/geo/operations.hpp"

namespace kql::geo {

namespace {

constexpr int kDefaultH3Level = 6;
constexpr std::size_t kMostPolygonCells = 61'680;

base::Json cells_json(const std::vector<H3Cell>& cells) {
  base::JsonArray out;
  for (const H3Cell cell : cells) out.emplace_back(boost::json::string(h3_text(cell)));
  return out;
}

std::optional<int> h3_level_argument(const Arguments& a, std::size_t at, double otherwise, int least, int most) {
  const double level = a.size() > at ? a.number(at) : otherwise;
  return level >= least && level <= most ? std::optional(static_cast<int>(level)) : std::nullopt;
}

Value point_to_h3(const Arguments& a) {
  const auto point = point_argument(a, 0);
  const auto level = h3_level_argument(a, 2, kDefaultH3Level, 0, kFinestH3);
  return point && level ? Value::text(h3_text(h3_at(*point, *level))) : Value();
}

Value h3_central_point(const Arguments& a) {
  const auto cell = h3_of_text(a.text(0));
  return cell ? Value::dynamic(point_json(h3_center(*cell))) : Value();
}

Value h3_polygon(const Arguments& a) {
  const auto cell = h3_of_text(a.text(0));
  return cell ? Value::dynamic(ring_json(h3_boundary(*cell))) : Value();
}

Value h3_cell_neighbors(const Arguments& a) {
  const auto cell = h3_of_text(a.text(0));
  return cell ? Value::dynamic(cells_json(h3_neighbors(*cell))) : Value();
}

Value h3_cell_level(const Arguments& a) {
  const auto cell = h3_of_text(a.text(0));
  return cell ? Value::integer(h3_level(*cell)) : Value();
}

Value h3_cell_parent(const Arguments& a) {
  const auto cell = h3_of_text(a.text(0));
  if (!cell) return {};
  const auto level = h3_level_argument(a, 1, h3_level(*cell) - 1, 0, h3_level(*cell));
  return level ? Value::text(h3_text(h3_parent(*cell, *level))) : Value();
}

Value h3_cell_children(const Arguments& a) {
  constexpr int kMostLevelsDeeper = 5;
  const auto cell = h3_of_text(a.text(0));
  if (!cell) return {};
  const int own = h3_level(*cell);
  const auto level = h3_level_argument(a, 1, own + 1, own, std::min(kFinestH3, own + kMostLevelsDeeper));
  return level ? Value::dynamic(cells_json(h3_children(*cell, *level))) : Value();
}

Value h3_cell_rings(const Arguments& a) {
  constexpr double kMostDistance = 142;
  const auto cell = h3_of_text(a.text(0));
  const double distance = a.number(1);
  if (!cell || !(distance >= 0 && distance <= kMostDistance)) return {};
  base::JsonArray out;
  for (const auto& ring : h3_rings(*cell, static_cast<int>(distance))) out.push_back(cells_json(ring));
  return Value::dynamic(std::move(out));
}

// Cells along the edges of the polygon, close enough to one another that none of its parts is missed.
std::optional<std::vector<H3Cell>> cells_along(const S2Polygon& polygon, int level) {
  constexpr double kMostSamples = 400'000;
  const double step = 0.2 * std::pow(7.0, -0.5 * level);  // well below a cell's width, which is 0.33 · 7^(-level / 2) and more
  std::vector<H3Cell> out;
  double samples = 0;
  for (int i = 0; i < polygon.num_loops(); ++i)
    for (int k = 0; k < polygon.loop(i)->num_vertices(); ++k) {
      const S2Point& from = polygon.loop(i)->vertex(k);
      const S2Point& to = polygon.loop(i)->vertex(k + 1);
      const double count = std::ceil(S1Angle(from, to).radians() / step);
      if ((samples += count + 1) > kMostSamples) return std::nullopt;
      for (double at = 0; at <= count; ++at) out.push_back(h3_at(S2::Interpolate(from, to, count > 0 ? at / count : 0), level));
    }
  return out;
}

// The cells whose middles lie in the polygon: from those along its edges inwards.
Value polygon_to_h3(const Arguments& a) {
  auto polygon = read_polygon(a.json(0));
  const auto level = h3_level_argument(a, 1, kDefaultH3Level, 0, kFinestH3);
  const double radius = a.size() > 2 ? a.number(2) : 0;
  if (!polygon || !level || !(radius >= 0)) return {};
  if (radius > 0) polygon = buffered(*index_of(std::move(polygon)), radius, radius / 100);
  const auto edge_cells = polygon ? cells_along(*polygon, *level) : std::nullopt;
  if (!edge_cells) return {};
  std::set<H3Cell> met;
  std::vector<H3Cell> inside;
  const auto meet = [&](H3Cell cell) {
    if (!met.insert(cell).second) return;
    if (polygon->Contains(h3_center(cell))) inside.push_back(cell);
  };
  for (const H3Cell cell : *edge_cells) {
    if (met.count(cell) > 0) continue;
    meet(cell);
    for (const H3Cell neighbor : h3_neighbors(cell)) meet(neighbor);
  }
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside.size() > kMostPolygonCells) return {};
    for (const H3Cell neighbor : h3_neighbors(inside[i])) meet(neighbor);
  }
  return Value::dynamic(cells_json(inside));
}

constexpr Function kH3Functions[] = {
    {.name = "geo_point_to_h3cell", .signature = "(number, number, number?) string", .evaluate = point_to_h3},
    {.name = "geo_h3cell_to_central_point", .signature = "(string) dynamic", .evaluate = h3_central_point},
    {.name = "geo_h3cell_to_polygon", .signature = "(string) dynamic", .evaluate = h3_polygon},
    {.name = "geo_h3cell_neighbors", .signature = "(string) dynamic", .evaluate = h3_cell_neighbors},
    {.name = "geo_h3cell_level", .signature = "(string) int", .evaluate = h3_cell_level},
    {.name = "geo_h3cell_parent", .signature = "(string, number?) string", .evaluate = h3_cell_parent},
    {.name = "geo_h3cell_children", .signature = "(string, number?) dynamic", .evaluate = h3_cell_children},
    {.name = "geo_h3cell_rings", .signature = "(string, number) dynamic", .evaluate = h3_cell_rings},
    {.name = "geo_polygon_to_h3cells", .signature = "(dynamic, number?, number?) dynamic", .evaluate = polygon_to_h3},
};

}  // namespace

}  // namespace kql::geo

namespace kql {

std::span<const Function> geo_h3_functions() { return geo::kH3Functions; }

}  // namespace kql
