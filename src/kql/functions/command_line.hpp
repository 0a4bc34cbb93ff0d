// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kql {

// The arguments of a command line as CommandLineToArgvW of Windows tells them apart: the program's name ends at its quote
// or at a blank; in the others 2n backslashes before a quote are n, 2n+1 are n and a quote, and a quote behind one that
// closes is a quote.
std::vector<std::string> windows_arguments(std::string_view line);

}  // namespace kql
