// SPDX-License-Identifier: Apache-2.0
// Results of an audit as the formats of the command line have them.
#pragma once

#include <string>
#include <vector>

#include "benchmark/judge.hpp"
#include "scan/report_table.hpp"

namespace cli {

// Lines on the host, a table of the controls that did not pass, the counts.
std::string audit_table(const benchmark::HostFacts& facts, const benchmark::Benchmark& controls,
                        const std::vector<benchmark::ControlResult>& results, const scan::TableStyle& style);

// SARIF 2.1.0: a rule for each control that fails, a result for each resource at fault.
std::string audit_sarif(const benchmark::HostFacts& facts, const std::vector<benchmark::ControlResult>& results);

}  // namespace cli
