// SPDX-License-Identifier: Apache-2.0
// What the verbs share: standard output carries the report alone; everything else goes to standard error.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/options.hpp"
#include "scan/report_table.hpp"

namespace cli {

// "bulwark: <message>" on standard error.
void print_error(const base::Error& error);
void print_warning(std::string_view text);
void print_hint(const GlobalOptions& global, std::string_view text);  // silent with --quiet

// Prints the error and answers kFailed, or kUsage where the words given were wrong.
int fail_with(const base::Error& error);

// Terminal facts of standard output: width, UTF-8, colours (--color, NO_COLOR, CLICOLOR_FORCE).
scan::TableStyle table_style(const GlobalOptions& global);
bool wants_progress(const GlobalOptions& global);  // standard error is a terminal, not --quiet, not CI

// Whole text to standard output, or to a file; Kind::unavailable when it cannot be written.
base::Result<void> write_output(std::string_view text, const std::string& file);

std::string tool_version();

}  // namespace cli
