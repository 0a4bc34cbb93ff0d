// SPDX-License-Identifier: Apache-2.0
// How many different values there are: exact for a few, HyperLogLog beyond (Flajolet et al. 2007, with the estimator of
// Ertl 2017, which needs no tables of corrections).
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "kql/value.hpp"

namespace kql {

class DistinctSketch {
 public:
  // KQL's accuracy 0 to 4: 2^12, 2^14, 2^16, 2^17 or 2^18 counters; 1 for any other number.
  explicit DistinctSketch(std::int64_t accuracy = 1);

  void add(Type type, const Value& value);
  void merge(const DistinctSketch& other);
  std::int64_t count() const;

  // [[counters, bits], hashes of the values while they are few, else a text with a letter for each counter].
  base::Json to_json() const;
  static std::optional<DistinctSketch> from_json(const base::Json& json);

 private:
  bool is_exact() const { return counters_.empty(); }
  std::size_t most_exact() const { return (std::size_t{1} << bits_) / 16; }
  void add_hash(std::uint64_t hash);
  void count_hash(std::uint64_t hash);
  void give_up_exactness();
  void reduce_to(int bits);

  int bits_;
  std::unordered_set<std::uint64_t> hashes_;
  std::vector<std::uint8_t> counters_;  // empty while exact
};

// The same for equal values of a type in every process and at every time: sketches are stored.
std::uint64_t stable_hash(Type type, const Value& value);

}  // namespace kql
