// SPDX-License-Identifier: Apache-2.0
// Cells of the H3 grid (h3geo.org: "H3 index" for the form of the ids).
#pragma once

#include <s2/s2point.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kql::geo {

constexpr int kFinestH3 = 15;

using H3Cell = std::uint64_t;

std::optional<H3Cell> h3_of_text(std::string_view text);  // nothing where it is no valid cell
std::string h3_text(H3Cell cell);
int h3_level(H3Cell cell);
bool h3_is_pentagon(H3Cell cell);

H3Cell h3_at(const S2Point& point, int level);
S2Point h3_center(H3Cell cell);
std::vector<S2Point> h3_boundary(H3Cell cell);  // counterclockwise; with points where it crosses the icosahedron's edges
H3Cell h3_parent(H3Cell cell, int level);       // `level` is at most the cell's
std::vector<H3Cell> h3_children(H3Cell cell, int level);
std::vector<H3Cell> h3_neighbors(H3Cell cell);
// The cells at each distance from 0 to this one. Each ring counterclockwise but near a pentagon, where it has no order.
std::vector<std::vector<H3Cell>> h3_rings(H3Cell cell, int distance);

}  // namespace kql::geo
