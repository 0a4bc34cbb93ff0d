// SPDX-License-Identifier: Apache-2.0
// The report for people: a summary line, then a table that wraps and never cuts an id short.
#pragma once

#include <string>

#include "scan/scan.hpp"

namespace scan {

struct TableStyle {
  std::size_t width = 100;  // of the terminal, in columns
  bool unicode = false;     // box-drawing characters, else ASCII
  bool colour = false;      // ANSI colours
};

// Findings by severity, suppressed ones in a table of their own when `show_suppressed`; without a database the packages.
std::string findings_table(const Report& report, const TableStyle& style, bool show_suppressed);

// The packages of an inventory.
std::string packages_table(const model::Inventory& inventory, const TableStyle& style);

}  // namespace scan
