// SPDX-License-Identifier: Apache-2.0
#include "advisory/versions_table.hpp"

#include <fmt/format.h>

#include "advisory/version.hpp"
#include "base/text.hpp"

namespace advisory {
namespace {

base::Result<VersionRow> parse_version_row(std::string_view line) {
  const std::vector<std::string_view> cells = base::split(line, '\t');
  if (cells.size() != 4) {
    return base::fail(base::Kind::invalid_input,
                      fmt::format("{} cells where `ecosystem a op b` has 4; put one tab between two cells", cells.size()));
  }
  const std::string_view sign = base::trim(cells[2]);
  if (sign != "<" && sign != "=" && sign != ">") {
    return base::fail(base::Kind::invalid_input,
                      fmt::format("operator \"{}\" is none of <, = and >", base::printable(sign.substr(0, 40))));
  }
  VersionRow row;
  row.ecosystem = cells[0];
  row.a = cells[1];
  row.expected = sign.front();
  row.b = cells[3];
  row.answered = TRY(compare_in_ecosystem(row.ecosystem, row.a, row.b));
  return row;
}

}  // namespace

char order_sign(std::strong_ordering order) {
  if (order < 0) return '<';
  return order > 0 ? '>' : '=';
}

base::Result<char> compare_in_ecosystem(std::string_view ecosystem, std::string_view a, std::string_view b) {
  const std::optional<Scheme> scheme = scheme_of(ecosystem);
  if (!scheme) {
    return base::fail(base::Kind::invalid_input,
                      fmt::format("no version order is known for ecosystem \"{}\"; use an OSV name such as Debian, npm or PyPI",
                                  base::printable(ecosystem.substr(0, 80))));
  }
  return order_sign(compare_versions(*scheme, a, b));
}

base::Result<TableCheck> check_version_table(std::string_view text, std::string_view name) {
  TableCheck check;
  std::size_t number = 0;
  for (const std::string_view line : base::split_lines(text)) {
    ++number;
    if (base::trim(line).empty() || line.front() == '#') continue;
    VersionRow row = TRY_CONTEXT(parse_version_row(line), fmt::format("{}:{}", base::printable(name), number));
    row.line = number;
    ++check.rows;
    if (row.answered != row.expected) check.wrong.push_back(std::move(row));
  }
  return check;
}

std::string describe_wrong_row(const VersionRow& row, std::string_view name) {
  return base::printable(fmt::format("{}:{}: {} {} {} {}, answered {}", name, row.line, row.ecosystem, row.a, row.expected,
                                     row.b, row.answered));
}

}  // namespace advisory
