// SPDX-License-Identifier: Apache-2.0
// Decimal numbers as text, read without loss: "12", "-3.50", "1.2e3".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace workspace {

// Nothing where the text is no number, has a part behind the point that is not zero, or does not fit.
std::optional<std::int64_t> exact_integer(std::string_view text);

// Nothing where the text is no number or too large for a double. Takes "NaN", "Infinity" and "-Infinity", too.
std::optional<double> nearest_double(std::string_view text);

// The digits of a Decimal(38, 16), as plain text: "-3.5". What is behind the sixteenth place is rounded away. Nothing where
// the text is no number or has more than 22 digits before the point.
std::optional<std::string> decimal_text(std::string_view text);

}  // namespace workspace
