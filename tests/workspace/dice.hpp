// SPDX-License-Identifier: Apache-2.0
// Choices of randomized tests: the same seed makes the same choices on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace workspace_test {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  // 0 to n-1 (splitmix64; distributions of the standard library differ between libraries).
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <typename T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }
  template <typename T, std::size_t N>
  const T& of(const std::array<T, N>& all) {
    return all[below(N)];
  }
  template <typename T>
  const T& of(std::span<const T> all) {
    return all[below(all.size())];
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace workspace_test
