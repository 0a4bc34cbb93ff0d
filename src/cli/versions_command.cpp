// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "advisory/versions_table.hpp"
#include "base/files.hpp"
#include "cli/console.hpp"

namespace cli {

int run_versions_compare(const VersionsFlags& flags) {
  const auto order = advisory::compare_in_ecosystem(flags.ecosystem, flags.a, flags.b);
  if (!order) {
    print_error(order.error());
    return kUsage;
  }
  fmt::print("{}\n", *order);
  return kDone;
}

int run_versions_check(const VersionsFlags& flags) {
  std::size_t rows = 0;
  std::size_t wrong = 0;
  for (const auto& file : flags.files) {
    const auto text = base::read_file(file);
    if (!text) return fail_with(text.error());
    const auto checked = advisory::check_version_table(*text, file);
    if (!checked) return fail_with(checked.error());
    rows += checked->rows;
    wrong += checked->wrong.size();
    for (const auto& row : checked->wrong) fmt::print("{}\n", advisory::describe_wrong_row(row, file));
  }
  fmt::print("{} rows, {} wrong\n", rows, wrong);
  return wrong == 0 ? kDone : kThresholdCrossed;
}

}  // namespace cli
