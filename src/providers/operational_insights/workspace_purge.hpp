// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "providers/operational_insights/operational_insights.hpp"
#include "store/jobs.hpp"

namespace providers {

// A purge that was asked for, until its rows are gone. The subject is its operation id.
inline constexpr std::string_view kPurgeJob = "workspace.purge";

base::Result<void> run_purge(const Services& services, const WorkspaceTables& tables, const store::Job& job);

}  // namespace providers
