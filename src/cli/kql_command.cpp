// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/console.hpp"
#include "cli/query_options.hpp"
#include "kql/conformance/conformance.hpp"
#include "kql/run.hpp"
#include "kql/time.hpp"

namespace cli {

namespace {

constexpr std::size_t kLargestCases = 256u << 20;

base::Result<kql::Table> run_alone(std::string_view query) {
  kql::BindOptions options;
  options.now = kql::ticks_now();
  const auto none = [](const kql::Relation&) -> base::Result<std::optional<kql::Rows>> { return std::nullopt; };
  kql::QueryRows rows = TRY(kql::run_query(query, options, none));
  return std::move(rows.answers.front().table);
}

}  // namespace

int run_kql_conformance(const ConformanceFlags& flags) {
  std::size_t passed = 0, failed = 0, skipped = 0;
  for (const std::string& file : flags.files) {
    const auto text = base::read_file(file, kLargestCases);
    if (!text) return fail_with(text.error());
    for (const std::string_view line : base::split_lines(*text)) {
      if (base::trim(line).empty()) continue;
      const auto outcome = kql::run_case(line, run_alone);
      if (!outcome) return fail_with(outcome.error().with_context(file));
      using Status = kql::CaseOutcome::Status;
      ++(outcome->status == Status::passed ? passed : outcome->status == Status::failed ? failed : skipped);
      if (outcome->status == Status::failed)
        fmt::print("FAILED {}\n{}\nexpected: {}\ngot: {}\n\n", outcome->id, outcome->query, outcome->expected, outcome->got);
    }
  }
  fmt::print("{} passed, {} failed, {} skipped\n", passed, failed, skipped);
  return failed == 0 ? kDone : kThresholdCrossed;
}

}  // namespace cli
