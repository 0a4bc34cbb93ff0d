// SPDX-License-Identifier: Apache-2.0
// Findings as SARIF 2.1.0 (OASIS), for code scanning services and editors.
#pragma once

#include <vector>

#include "base/json.hpp"
#include "model/inventory.hpp"
#include "scan/report_json.hpp"

namespace scan {

// One run: a rule for each vulnerability id, a result for each finding, suppressed ones with `suppressions`. A result
// lies at the package's path in the artifact, at the artifact's name where it has none. Fingerprints do not depend on
// versions or layers, so that a result stays the same result over rebuilds of the image until it is mended.
base::Json to_sarif(const model::Inventory& inventory, const std::vector<model::Finding>& findings,
                    const ReportContext& context);

}  // namespace scan
