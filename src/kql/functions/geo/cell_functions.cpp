// SPDX-License-Identifier: Apache-2.0
// geo_ functions of grids: geohashes and S2 cells.
#include <s2/s2cell.h>
#include <s2/s2cell_id.h>

#include <algorithm>
#include <cmath>

#include "kql/functions/geo/shapes.hpp"

namespace kql::geo {

namespace {

// --- Geohash: letters of five bits, in turn one of longitude and one of latitude, each the half that a place lies in ---

constexpr std::string_view kLetters = "0123456789bcdefghjkmnpqrstuvwxyz";
constexpr int kMostLetters = 18;

struct Box {
  double west = -180, east = 180, south = -90, north = 90;
  Place center() const { return {(west + east) / 2, (south + north) / 2}; }
};

void take_half(double& low, double& high, bool upper) { (upper ? low : high) = (low + high) / 2; }

std::string geohash_of(Place place, int letters) {
  Box box;
  std::string out;
  bool of_longitude = true;
  for (int i = 0; i < letters; ++i) {
    std::size_t letter = 0;
    for (int bit = 0; bit < 5; ++bit, of_longitude = !of_longitude) {
      const bool upper = of_longitude ? place.longitude >= (box.west + box.east) / 2 : place.latitude >= (box.south + box.north) / 2;
      if (of_longitude) take_half(box.west, box.east, upper);
      else take_half(box.south, box.north, upper);
      letter = letter * 2 + (upper ? 1 : 0);
    }
    out += kLetters[letter];
  }
  return out;
}

std::optional<Box> box_of(const std::string& geohash) {
  if (geohash.empty() || geohash.size() > kMostLetters) return std::nullopt;
  Box box;
  bool of_longitude = true;
  for (const char c : geohash) {
    const std::size_t letter = kLetters.find(c);
    if (letter == std::string_view::npos) return std::nullopt;
    for (int bit = 4; bit >= 0; --bit, of_longitude = !of_longitude) {
      const bool upper = (letter >> bit & 1U) != 0;
      if (of_longitude) take_half(box.west, box.east, upper);
      else take_half(box.south, box.north, upper);
    }
  }
  return box;
}

// Neighbors stand in the order of the documentation: that of a hash table of eight buckets (FNV-1a), in which a text goes
// in front of those of its bucket.
base::JsonArray in_hashed_order(const std::vector<std::string>& texts) {
  constexpr std::uint64_t kBuckets = 8;
  const auto bucket_of = [](std::string_view text) {
    std::uint64_t hash = 14695981039346656037u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return hash % kBuckets;
  };
  std::vector<std::string> ordered;
  for (const std::string& text : texts) {
    if (std::find(ordered.begin(), ordered.end(), text) != ordered.end()) continue;
    const auto at = std::find_if(ordered.begin(), ordered.end(), [&](const std::string& other) { return bucket_of(other) == bucket_of(text); });
    ordered.insert(at, text);
  }
  base::JsonArray out;
  for (const std::string& text : ordered) out.emplace_back(boost::json::string(text));
  return out;
}

// A whole number among the last arguments, or its default; nothing beyond its bounds.
std::optional<int> level_argument(const Arguments& a, std::size_t at, int otherwise, int least, int most) {
  const double level = a.size() > at ? a.number(at) : otherwise;
  return level >= least && level <= most ? std::optional(static_cast<int>(level)) : std::nullopt;
}

Value point_to_geohash(const Arguments& a) {
  constexpr int kDefaultLetters = 5;
  const Place place{a.number(0), a.number(1)};
  const auto letters = level_argument(a, 2, kDefaultLetters, 1, kMostLetters);
  return letters && is_valid(place) ? Value::text(geohash_of(place, *letters)) : Value();
}

Value geohash_center(const Arguments& a) {
  const auto box = box_of(a.text(0));
  return box ? Value::dynamic(shape_json("Point", place_json(box->center()))) : Value();
}

Value geohash_polygon(const Arguments& a) {
  const auto box = box_of(a.text(0));
  if (!box) return {};
  const Place corners[] = {{box->west, box->south}, {box->east, box->south}, {box->east, box->north}, {box->west, box->north}, {box->west, box->south}};
  base::JsonArray ring;
  for (const Place corner : corners) ring.push_back(place_json(corner));
  return Value::dynamic(shape_json("Polygon", base::JsonArray{std::move(ring)}));
}

// From the north southwards, in each row first the west. Round the world; none beyond the poles.
Value geohash_neighbors(const Arguments& a) {
  const auto box = box_of(a.text(0));
  if (!box) return {};
  const double width = box->east - box->west, height = box->north - box->south;
  const Place center = box->center();
  std::vector<std::string> around;
  constexpr int kAround[][2] = {{-1, 1}, {0, 1}, {1, 1}, {-1, 0}, {1, 0}, {-1, -1}, {0, -1}, {1, -1}};
  for (const auto& [east, north] : kAround) {
    Place place{center.longitude + east * width, center.latitude + north * height};
    if (place.longitude > 180) place.longitude -= 360;
    if (place.longitude < -180) place.longitude += 360;
    if (std::abs(place.latitude) <= 90) around.push_back(geohash_of(place, static_cast<int>(a.text(0).size())));
  }
  return Value::dynamic(in_hashed_order(around));
}

// --- S2 ---

std::optional<S2CellId> cell_of(const std::string& token) {
  constexpr std::size_t kLongestToken = 16;
  if (token.empty() || token.size() > kLongestToken) return std::nullopt;
  const S2CellId id = S2CellId::FromToken(token);
  return id.is_valid() ? std::optional(id) : std::nullopt;
}

Value point_to_cell(const Arguments& a) {
  constexpr int kDefaultLevel = 11;
  const auto point = point_argument(a, 0);
  const auto level = level_argument(a, 2, kDefaultLevel, 0, S2CellId::kMaxLevel);
  return point && level ? Value::text(S2CellId(*point).parent(*level).ToToken()) : Value();
}

Value cell_center(const Arguments& a) {
  const auto id = cell_of(a.text(0));
  return id ? Value::dynamic(point_json(id->ToPoint())) : Value();
}

Value cell_polygon(const Arguments& a) {
  const auto id = cell_of(a.text(0));
  if (!id) return {};
  const S2Cell cell(*id);
  std::vector<S2Point> corners;
  for (int i = 0; i < 4; ++i) corners.push_back(cell.GetVertex(i));
  return Value::dynamic(ring_json(corners));
}

Value cell_neighbors(const Arguments& a) {
  const auto id = cell_of(a.text(0));
  if (!id) return {};
  std::vector<S2CellId> around;
  id->AppendAllNeighbors(id->level(), &around);
  std::vector<std::string> tokens;
  for (const S2CellId neighbor : around) tokens.push_back(neighbor.ToToken());
  return Value::dynamic(in_hashed_order(tokens));
}

constexpr Function kCellFunctions[] = {
    {.name = "geo_point_to_geohash", .signature = "(number, number, number?) string", .evaluate = point_to_geohash},
    {.name = "geo_geohash_to_central_point", .signature = "(string) dynamic", .evaluate = geohash_center},
    {.name = "geo_geohash_to_polygon", .signature = "(string) dynamic", .evaluate = geohash_polygon},
    {.name = "geo_geohash_neighbors", .signature = "(string) dynamic", .evaluate = geohash_neighbors},
    {.name = "geo_point_to_s2cell", .signature = "(number, number, number?) string", .evaluate = point_to_cell},
    {.name = "geo_s2cell_to_central_point", .signature = "(string) dynamic", .evaluate = cell_center},
    {.name = "geo_s2cell_to_polygon", .signature = "(string) dynamic", .evaluate = cell_polygon},
    {.name = "geo_s2cell_neighbors", .signature = "(string) dynamic", .evaluate = cell_neighbors},
};

}  // namespace

}  // namespace kql::geo

namespace kql {

std::span<const Function> geo_cell_functions() { return geo::kCellFunctions; }

}  // namespace kql
