// SPDX-License-Identifier: Apache-2.0
// Numbers as KQL reads and prints them, and decimals: 34 digits, kept as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kql {

std::optional<std::int64_t> parse_whole_number(std::string_view text);  // "-12", "0x1F"
std::optional<double> parse_real_number(std::string_view text);         // "1.5e3", "NaN", "Infinity", "+inf"

// The shortest text that is read as the same number, with a point or an exponent: "1.0", "1E+20", "NaN", "-Infinity".
std::string real_text(double real);

// To a number of decimal digits, a half away from zero; fewer than none are those before the point.
double round_to_digits(double real, double digits);

// In its canonical form: plain digits, 34 of them significant. Nothing for no number.
std::optional<std::string> parse_decimal(std::string_view text);
std::string decimal_of_real(double real);
double decimal_to_real(std::string_view decimal);
int compare_decimals(std::string_view left, std::string_view right);  // < 0, 0, > 0

// `operation` is one of + - * / %; nothing for a division by zero and what 34 digits do not hold.
std::optional<std::string> decimal_arithmetic(char operation, std::string_view left, std::string_view right);

// The largest multiple of `size` that is not above the value; nothing for sizes that are none.
std::optional<std::string> floor_decimal(std::string_view value, std::string_view size);
std::optional<std::string> round_decimal(std::string_view decimal, int digits);  // a half away from zero

}  // namespace kql
