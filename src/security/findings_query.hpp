// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "security/queries.hpp"

namespace security {

// The row of one finding of one resource as the list shows it; nothing where there is none below the scopes.
base::Result<std::optional<FindingView>> find_finding_row(store::Session& session, const std::string& finding_id,
                                                          const std::string& resource_key,
                                                          const std::vector<std::string>& scopes);

}  // namespace security
