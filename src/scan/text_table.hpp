// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scan {

// Lays rows out in columns that fit a width: cells wrap at blanks, then anywhere; nothing is cut off.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : header_(std::move(header)) {}

  void add_row(std::vector<std::string> cells);

  // `colours[row]`, when given, is an ANSI sequence around that row's cells in column `coloured_column`.
  std::string text(std::size_t width, bool unicode, const std::vector<std::string>& colours = {},
                   std::size_t coloured_column = 0) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

// Columns a UTF-8 text takes on a terminal, one a code point, two for wide East Asian characters.
std::size_t display_width(std::string_view text);

}  // namespace scan
