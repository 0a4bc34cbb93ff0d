// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/distinct_sketch.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace kql {

namespace {

constexpr char kFirstLetter = '0';
constexpr int kLeastBits = 12, kMostBits = 18;

int bits_of_accuracy(std::int64_t accuracy) {
  constexpr int kBits[] = {12, 14, 16, 17, 18};
  return accuracy >= 0 && accuracy <= 4 ? kBits[accuracy] : kBits[1];
}

// The finalizer of SplitMix64.
std::uint64_t mixed(std::uint64_t hash) {
  hash += 0x9E3779B97F4A7C15;
  hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
  hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
  return hash ^ (hash >> 31);
}

std::uint64_t hash_of_text(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return mixed(hash);
}

// Ertl's sigma and tau: what the counters at both ends of their range add.
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double y = 1, z = x, before = 0;
  do {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  } while (z != before);
  return z;
}
double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1, z = 1 - x, before = 0;
  do {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  } while (z != before);
  return z / 3;
}

}  // namespace

std::uint64_t stable_hash(Type type, const Value& value) {
  switch (type) {
    case Type::real: {
      const double one_zero = value.real() == 0 ? 0.0 : value.real();
      const double real = std::isnan(one_zero) ? std::numeric_limits<double>::quiet_NaN() : one_zero;  // arithmetic makes NaNs of both signs
      std::uint64_t bits = 0;
      std::memcpy(&bits, &real, sizeof bits);
      return mixed(bits);
    }
    case Type::string:
    case Type::guid:
    case Type::decimal: return hash_of_text(value.text());
    case Type::dynamic: return hash_of_text(dynamic_text(value.json()));
    default: return mixed(static_cast<std::uint64_t>(value.integer()));
  }
}

DistinctSketch::DistinctSketch(std::int64_t accuracy) : bits_(bits_of_accuracy(accuracy)) {}

void DistinctSketch::add(Type type, const Value& value) {
  if (!value.is_null()) add_hash(stable_hash(type, value));
}

void DistinctSketch::add_hash(std::uint64_t hash) {
  if (!is_exact()) return count_hash(hash);
  hashes_.insert(hash);
  if (hashes_.size() > most_exact()) give_up_exactness();
}

// The first bits say which counter; it keeps the most zeros that follow them, plus one.
void DistinctSketch::count_hash(std::uint64_t hash) {
  const std::size_t counter = static_cast<std::size_t>(hash >> (64 - bits_));
  const std::uint64_t rest = hash << bits_;
  const int zeros = rest == 0 ? 64 - bits_ : __builtin_clzll(rest);
  counters_[counter] = std::max(counters_[counter], static_cast<std::uint8_t>(zeros + 1));
}

void DistinctSketch::give_up_exactness() {
  counters_.assign(std::size_t{1} << bits_, 0);
  for (const std::uint64_t hash : hashes_) count_hash(hash);
  hashes_.clear();
}

// The counters of fewer bits, as if all values had been counted so.
void DistinctSketch::reduce_to(int bits) {
  if (bits >= bits_) return;
  const int lost = bits_ - bits;
  std::vector<std::uint8_t> counters(is_exact() ? 0 : std::size_t{1} << bits, 0);
  for (std::size_t i = 0; i < counters_.size(); ++i) {
    if (counters_[i] == 0) continue;
    const std::uint32_t low = static_cast<std::uint32_t>(i & ((std::size_t{1} << lost) - 1));
    const int zeros = low == 0 ? counters_[i] + lost : __builtin_clz(low) - (32 - lost) + 1;
    counters[i >> lost] = std::max(counters[i >> lost], static_cast<std::uint8_t>(zeros));
  }
  bits_ = bits;
  counters_ = std::move(counters);
  if (is_exact() && hashes_.size() > most_exact()) give_up_exactness();
}

void DistinctSketch::merge(const DistinctSketch& other) {
  reduce_to(other.bits_);
  if (other.is_exact()) {
    for (const std::uint64_t hash : other.hashes_) add_hash(hash);
    return;
  }
  DistinctSketch reduced = other;
  reduced.reduce_to(bits_);
  if (is_exact()) give_up_exactness();
  for (std::size_t i = 0; i < counters_.size(); ++i) counters_[i] = std::max(counters_[i], reduced.counters_[i]);
}

std::int64_t DistinctSketch::count() const {
  if (is_exact()) return static_cast<std::int64_t>(hashes_.size());
  const int most = 64 - bits_;
  std::vector<double> having(static_cast<std::size_t>(most) + 2, 0);
  for (const std::uint8_t counter : counters_) having[std::min<std::size_t>(counter, having.size() - 1)] += 1;
  const double all = static_cast<double>(counters_.size());
  double z = all * tau(1 - having.back() / all);
  for (std::size_t k = static_cast<std::size_t>(most); k >= 1; --k) z = 0.5 * (z + having[k]);
  z += all * sigma(having[0] / all);
  const double estimate = all * all / (2 * std::log(2.0) * z);
  return estimate < 9e18 ? std::llround(estimate) : std::numeric_limits<std::int64_t>::max();
}

base::Json DistinctSketch::to_json() const {
  base::JsonArray head{std::int64_t{1} << bits_, bits_};
  if (!is_exact()) {
    boost::json::string letters;
    for (const std::uint8_t counter : counters_) letters.push_back(static_cast<char>(kFirstLetter + counter));
    return base::JsonArray{std::move(head), std::move(letters)};
  }
  std::vector<std::uint64_t> hashes(hashes_.begin(), hashes_.end());
  std::sort(hashes.begin(), hashes.end());
  base::JsonArray list;
  for (const std::uint64_t hash : hashes) list.emplace_back(static_cast<std::int64_t>(hash));
  return base::JsonArray{std::move(head), std::move(list)};
}

std::optional<DistinctSketch> DistinctSketch::from_json(const base::Json& json) {
  const auto* parts = json.if_array();
  const auto* head = parts == nullptr || parts->size() != 2 ? nullptr : (*parts)[0].if_array();
  const auto* bits = head == nullptr || head->size() != 2 ? nullptr : (*head)[1].if_int64();
  if (bits == nullptr || *bits < kLeastBits || *bits > kMostBits) return std::nullopt;
  DistinctSketch out;
  out.bits_ = static_cast<int>(*bits);
  if (const auto* list = (*parts)[1].if_array()) {
    for (const base::Json& hash : *list) {
      if (!hash.is_int64()) return std::nullopt;
      out.add_hash(static_cast<std::uint64_t>(hash.get_int64()));
    }
    return out;
  }
  const auto* letters = (*parts)[1].if_string();
  if (letters == nullptr || letters->size() != std::size_t{1} << *bits) return std::nullopt;
  for (const char letter : *letters) {
    if (letter < kFirstLetter || letter > kFirstLetter + 65 - *bits) return std::nullopt;
    out.counters_.push_back(static_cast<std::uint8_t>(letter - kFirstLetter));
  }
  return out;
}

}  // namespace kql
