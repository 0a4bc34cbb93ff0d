// SPDX-License-Identifier: Apache-2.0
// What one batch, row or value may be. Where Log Analytics has a limit it is the same one.
#pragma once

#include <chrono>
#include <cstddef>

namespace workspace {

inline constexpr std::size_t kLargestBatch = std::size_t{32} << 20;  // bytes of all rows; the largest API takes 30 MB
inline constexpr std::size_t kMostRowsOfBatch = 500'000;
inline constexpr std::size_t kLargestRow = std::size_t{1} << 20;
inline constexpr std::size_t kLongestValue = std::size_t{64} << 10;  // of a string or dynamic; what is longer is cut off
inline constexpr std::size_t kMostMembers = 1'000;                   // of a row
inline constexpr std::size_t kDeepestJson = 64;
inline constexpr std::size_t kMostCustomColumns = 500;  // of a custom table, besides the standard ones
inline constexpr std::size_t kMostCustomTables = 1'000;  // of a workspace
inline constexpr std::size_t kMostRefusalsTold = 20;
inline constexpr std::size_t kLongestReason = 300;

// A row may be late by this much: agents spool while the hub is away, and a row is stored in the day of its time, of
// which each costs a part of the table. A clock that is ahead by more is wrong, and would keep the row at the top of
// every "last records" until then.
inline constexpr std::chrono::hours kLatestRow{48};
inline constexpr std::chrono::hours kEarliestRow{24};

}  // namespace workspace
