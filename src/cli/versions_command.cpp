// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "advisory/version.hpp"
#include "advisory/versions_table.hpp"
#include "base/files.hpp"
#include "cli/console.hpp"

namespace cli {

int run_versions_compare(const VersionsFlags& flags) {
  const auto scheme = advisory::scheme_of(flags.ecosystem);
  if (!scheme) {
    print_error({base::Kind::invalid_input,
                 fmt::format("no version order is known for ecosystem '{}'; known are Debian, Alpine, rpm, npm, PyPI, "
                             "Maven, RubyGems, Go, crates.io, NuGet, Packagist, Pub, Hex, CRAN, Hackage",
                             flags.ecosystem)});
    return kUsage;
  }
  const auto order = advisory::compare_versions(*scheme, flags.a, flags.b);
  fmt::print("{}\n", order < 0 ? "<" : order > 0 ? ">" : "=");
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
    for (const auto& line : checked->wrong) fmt::print("{}\n", line);
  }
  fmt::print("{} rows, {} wrong\n", rows, wrong);
  return wrong == 0 ? kDone : kThresholdCrossed;
}

}  // namespace cli
