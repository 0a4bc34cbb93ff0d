// SPDX-License-Identifier: Apache-2.0
// The distribution of many values in little memory: all of them while they are few, a merging t-digest (Dunning and Ertl
// 2019) beyond.
#pragma once

#include <optional>
#include <vector>

#include "kql/value.hpp"

namespace kql {

class Digest {
 public:
  explicit Digest(Type type = Type::real) : type_(type) {}

  static bool takes(Type type);  // numbers, and ticks of time
  Type type() const { return type_; }

  // NaN and null are left out, and weights of zero and below.
  void add(const Value& value, double weight = 1);
  void merge(const Digest& other);
  double total() const { return total_; }

  // The nearest rank: the least value that this many percent are not above. Null where there are no values.
  Value percentile(double percent);
  double weight_up_to(const Value& value);

  // [[type], [values], [weights]].
  base::Json to_json();
  static std::optional<Digest> from_json(const base::Json& json);

 private:
  struct Centroid {
    long double mean;  // 64 bits of mantissa: ticks and longs stay what they are
    double weight;
  };
  void put(Centroid centroid);
  void order();     // by mean; equal values become one
  void compress();
  Value value_of(long double mean) const;

  Type type_;
  std::vector<Centroid> centroids_;
  bool ordered_ = true;
  double total_ = 0;
};

}  // namespace kql
