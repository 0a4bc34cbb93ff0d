// SPDX-License-Identifier: Apache-2.0
// What is kept of an engine's answers: what checks read. Everything else, tokens and the values of variables among it,
// never reaches a document.
#pragma once

#include <string_view>

#include "base/json.hpp"

namespace benchmark {

// The members that `shape` names: "Id State{Running Health{Status}}"; '*' is any name, lists are gone through. A member
// of another type than the shape expects is kept, cut short, so that a check can tell that it is wrong.
base::Json keep_only(const base::Json& value, std::string_view shape);

extern const std::string_view kVersionShape, kInfoShape, kNetworkShape, kSwarmShape, kNodeShape, kServiceShape, kSecretShape,
    kContainerShape, kExecShape, kImageShape, kHistoryShape, kDaemonConfigShape;

// keep_only, and the answers' own dangers taken out: variables and build steps masked, labels but those of orchestrators
// dropped, health checks cut to their kind.
base::Json kept_container(const base::Json& inspect);
base::Json kept_image(const base::Json& inspect);
base::Json kept_history(const base::Json& history);

}  // namespace benchmark
