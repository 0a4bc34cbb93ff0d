// SPDX-License-Identifier: Apache-2.0
// Tables of known version orders, one tab-separated `ecosystem a op b` a line, op one of `<`, `=`, `>`; empty lines and
// lines that start with `#` are skipped.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace advisory {

// '<', '=' or '>'.
char order_sign(std::strong_ordering order);

struct VersionRow {
  std::size_t line = 0;  // from 1
  std::string ecosystem;
  std::string a;
  char expected = '=';
  std::string b;
  char answered = '=';  // what compare_versions says
};

struct TableCheck {
  std::size_t rows = 0;
  std::vector<VersionRow> wrong;
};

// Kind::invalid_input, with `name` and the line, for a line that is no row or names an unknown ecosystem.
base::Result<TableCheck> check_version_table(std::string_view text, std::string_view name);

// "rpm.tsv:12: rpm 1.0 < 1.0~rc1, answered >", safe to print on a terminal.
std::string describe_wrong_row(const VersionRow& row, std::string_view name);

// `versions compare`: '<', '=' or '>'; Kind::invalid_input for an unknown ecosystem.
base::Result<char> compare_in_ecosystem(std::string_view ecosystem, std::string_view a, std::string_view b);

}  // namespace advisory
