// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace advisory {

// Base score of a CVSS vector: v2 ("AV:N/AC:L/…", parenthesised or not), v3.0, v3.1 and v4.0 (MacroVectors with
// interpolation, specification section 8); temporal and environmental metrics are read and do not enter for v2/v3,
// and for v4 the threat and environmental metrics do, as its nomenclature says (CVSS-BTE). nullopt for anything that is
// not a complete, valid vector.
std::optional<double> cvss_score(std::string_view vector);

}  // namespace advisory
