// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/context.hpp"
#include "net/server.hpp"

namespace hub {

// GET /metrics in Prometheus' text format 0.0.4; for callers that may read Bulwark.Hub/metrics.
net::ServerResponse serve_metrics(const Context& context, const net::ServerRequest& request, const net::ServerStats& stats);

}  // namespace hub
