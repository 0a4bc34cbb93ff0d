// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/options.hpp"
#include "scan/scan.hpp"

namespace cli {

// One `--format NAME[=FILE]`.
struct OutputFormat {
  std::string name;
  std::string file;  // empty: standard output
};

// Checks the names against `allowed`; at most one format goes to standard output. `otherwise` when none is given.
base::Result<std::vector<OutputFormat>> parse_formats(const OutputFlags& flags, const std::vector<std::string>& allowed,
                                                      const std::string& otherwise);

// What was left out and what is to be said loudly, on standard error.
void print_warnings(const scan::Report& report);

// Writes every format asked for.
base::Result<void> write_report(const scan::Report& report, const std::vector<OutputFormat>& formats,
                                const GlobalOptions& global, bool show_suppressed);

}  // namespace cli
