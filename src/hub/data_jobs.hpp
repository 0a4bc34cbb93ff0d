// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/context.hpp"
#include "hub/job_runner.hpp"

namespace hub {

inline constexpr std::string_view kMatchJob = "data.match", kRefreshJob = "data.refresh";

// Jobs about vulnerability data: downloading it, and matching stored package lists again.
void add_data_jobs(JobRunner& jobs, const Context& context, net::HttpTransport& transport);

// Queues a re-match of everything that was matched with other data than there is now.
base::Result<void> queue_match(const Context& context);
base::Result<void> queue_refresh(const Context& context, store::Millis at);
// Queues the refresh of the schedule (--refresh-hours) where it is due; one that failed is due again after half an hour.
base::Result<void> queue_due_refresh(const Context& context, store::Millis now);

// {built, advisories, sources, lastRefresh, lastError, next}
base::Result<base::JsonObject> data_status(const Context& context);

}  // namespace hub
