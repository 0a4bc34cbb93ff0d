// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/punycode.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/text.hpp"
#include "kql/utf8.hpp"

namespace kql {

namespace {

// RFC 3492, section 5.
constexpr std::uint32_t kBase = 36, kLeast = 1, kMost = 26, kSkew = 38, kDamp = 700, kFirstBias = 72, kFirstPoint = 128;
constexpr std::size_t kMostPoints = 4096;

// Section 6.1.
std::uint32_t adapted_bias(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > (kBase - kLeast) * kMost / 2; k += kBase) delta /= kBase - kLeast;
  return k + (kBase - kLeast + 1) * delta / (delta + kSkew);
}

std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) { return std::clamp(k > bias ? k - bias : 0, kLeast, kMost); }

char digit_of(std::uint32_t value) { return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26)); }

std::optional<std::uint32_t> value_of_digit(char c) {
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0' + 26);
  return std::nullopt;
}

void append_number(std::uint32_t number, std::uint32_t bias, std::string& out) {
  for (std::uint32_t k = kBase;; k += kBase) {
    const std::uint32_t t = threshold(k, bias);
    if (number < t) break;
    out += digit_of(t + (number - t) % (kBase - t));
    number = (number - t) / (kBase - t);
  }
  out += digit_of(number);
}

std::optional<std::uint64_t> taken_number(std::string_view& digits, std::uint32_t bias) {
  std::uint64_t number = 0;
  std::uint64_t weight = 1;
  for (std::uint32_t k = kBase;; k += kBase) {
    if (digits.empty()) return std::nullopt;
    const auto digit = value_of_digit(digits.front());
    digits.remove_prefix(1);
    if (!digit) return std::nullopt;
    number += *digit * weight;
    if (number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    const std::uint32_t t = threshold(k, bias);
    if (*digit < t) return number;
    weight *= kBase - t;
    if (weight > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  }
}

std::optional<std::vector<std::uint32_t>> points_of(std::string_view text) {
  std::vector<std::uint32_t> out;
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (!point || out.size() == kMostPoints) return std::nullopt;
    out.push_back(*point);
  }
  return out;
}

}  // namespace

// Section 6.3.
std::optional<std::string> punycode_encoded(std::string_view label) {
  const auto points = points_of(label);
  if (!points) return std::nullopt;
  std::string out;
  for (const std::uint32_t point : *points)
    if (point < kFirstPoint) out += static_cast<char>(point);
  auto handled = static_cast<std::uint32_t>(out.size());
  const std::uint32_t plain = handled;
  if (plain > 0) out += '-';
  std::uint32_t next = kFirstPoint;
  std::uint32_t delta = 0;
  std::uint32_t bias = kFirstBias;
  while (handled < points->size()) {
    std::uint32_t smallest = std::numeric_limits<std::uint32_t>::max();
    for (const std::uint32_t point : *points)
      if (point >= next) smallest = std::min(smallest, point);
    const std::uint64_t step = std::uint64_t{smallest - next} * (handled + 1);
    if (step > std::numeric_limits<std::uint32_t>::max() - delta) return std::nullopt;
    delta += static_cast<std::uint32_t>(step);
    next = smallest;
    for (const std::uint32_t point : *points) {
      if (point < next) ++delta;
      if (point != next) continue;
      append_number(delta, bias, out);
      bias = adapted_bias(delta, handled + 1, handled == plain);
      delta = 0;
      ++handled;
    }
    ++delta;
    ++next;
  }
  return out;
}

// Section 6.2.
std::optional<std::string> punycode_decoded(std::string_view encoded) {
  const auto dash = encoded.rfind('-');
  const std::string_view plain = dash == std::string_view::npos ? std::string_view() : encoded.substr(0, dash);
  std::string_view digits = dash == std::string_view::npos ? encoded : encoded.substr(dash + 1);
  auto points = points_of(plain);
  if (!points || std::any_of(points->begin(), points->end(), [](std::uint32_t point) { return point >= kFirstPoint; })) return std::nullopt;
  std::uint64_t point = kFirstPoint;
  std::uint64_t at = 0;
  std::uint32_t bias = kFirstBias;
  while (!digits.empty()) {
    const auto delta = taken_number(digits, bias);
    if (!delta || points->size() >= kMostPoints) return std::nullopt;
    const std::uint64_t count = points->size() + 1;
    bias = adapted_bias(static_cast<std::uint32_t>(*delta), static_cast<std::uint32_t>(count), at == 0);
    point += (at + *delta) / count;
    at = (at + *delta) % count;
    if (!is_code_point(static_cast<std::int64_t>(point))) return std::nullopt;
    points->insert(points->begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint32_t>(point));
    ++at;
  }
  std::string out;
  for (const std::uint32_t each : *points) base::append_utf8(each, out);
  return out;
}

}  // namespace kql
