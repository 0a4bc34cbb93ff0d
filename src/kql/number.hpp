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

std::optional<std::string> parse_decimal(std::string_view text);  // in its canonical form; nothing for no number
std::string decimal_of_real(double real);
double decimal_to_real(std::string_view decimal);
int compare_decimals(std::string_view left, std::string_view right);  // < 0, 0, > 0

// `operation` is one of + - * / %; nothing for a division by zero and what 34 digits do not hold.
std::optional<std::string> decimal_arithmetic(char operation, std::string_view left, std::string_view right);

}  // namespace kql
