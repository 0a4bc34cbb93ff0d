// SPDX-License-Identifier: Apache-2.0
// The gate's answer about an image, or about all images of an index.
#pragma once

#include "base/json.hpp"
#include "net/server.hpp"
#include "providers/container_registry/images.hpp"
#include "providers/services.hpp"
#include "security/gate.hpp"

namespace providers {

// {allowed, scanned, approved, signed, reasons, counts, scannedAt}. Of an index the worst image decides, among those of the
// platforms that its registry covers; `images` then has each, with digest and platform.
base::Result<base::JsonObject> answer_gate(const Services& services, store::Session& session, const ImageRow& image,
                                           const security::GateRule& rule, store::Millis now);

// The parameters of "GET …/gate"; Kind::invalid_input names the wrong one.
base::Result<security::GateRule> read_gate_rule(const net::ServerRequest& request);

inline constexpr std::string_view kApprovalType = "Bulwark.Security/approvals";

}  // namespace providers
