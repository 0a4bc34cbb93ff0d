// SPDX-License-Identifier: Apache-2.0
// Reads the text of datetimes and timespans from left to right.
#pragma once

#include <cctype>
#include <cstdint>
#include <optional>
#include <string_view>

#include "kql/time.hpp"

namespace kql {

inline bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

class TimeScanner {
 public:
  explicit TimeScanner(std::string_view text) : text_(text) {}
  bool at_end() const { return text_.empty(); }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool take(char c) {
    if (peek() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // At least `least` and at most `most` digits.
  std::optional<std::int64_t> number(int least, int most) {
    int count = 0;
    std::int64_t value = 0;
    while (count < most && is_decimal_digit(peek())) {
      value = value * 10 + (peek() - '0');
      text_.remove_prefix(1);
      ++count;
    }
    if (count < least) return std::nullopt;
    return value;
  }
  // The digits behind a decimal point as ticks; those behind the seventh are rounded away.
  std::optional<std::int64_t> fraction() {
    std::int64_t ticks = 0;
    std::int64_t unit = kTicksPerSecond;
    int count = 0;
    bool round_up = false;
    for (; is_decimal_digit(peek()); ++count, text_.remove_prefix(1)) {
      if (count == 7) round_up = peek() >= '5';
      if (count >= 7) continue;
      unit /= 10;
      ticks += (peek() - '0') * unit;
    }
    if (count == 0) return std::nullopt;
    return ticks + (round_up ? 1 : 0);
  }
  std::string_view word() {
    std::size_t size = 0;
    while (size < text_.size() && std::isalpha(static_cast<unsigned char>(text_[size])) != 0) ++size;
    const std::string_view word = text_.substr(0, size);
    text_.remove_prefix(size);
    return word;
  }
  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') text_.remove_prefix(1);
  }

 private:
  std::string_view text_;
};

// "05:06", "05:06:07", "05:06:07.123": ticks of the day.
std::optional<std::int64_t> read_clock(TimeScanner& in);

}  // namespace kql
