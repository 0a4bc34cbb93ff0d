// SPDX-License-Identifier: Apache-2.0
// What decides whether an image may be used: signatures, approvals, the registry's quarantine, the gate.
#pragma once

#include "base/json.hpp"
#include "arm/resource_manager.hpp"
#include "providers/container_registry/image_details.hpp"
#include "providers/services.hpp"
#include "security/gate.hpp"

namespace providers {

// Looks for a Cosign signature by one of the registry's keys. Nothing where it has none.
std::optional<SignatureState> check_signature(const RegistryConnection& connection, const Registry& registry,
                                              const ImageRow& image);

// Where the registry asks for it: marks the image Passed or Failed there (a finding of severity High or above fails it).
base::Result<void> mark_quarantine(const Services& services, const RegistryConnection& connection, const Registry& registry,
                                   const ImageRow& image);

// What the gate knows of an image.
base::Result<security::ImageFacts> gate_facts(store::Session& session, const ImageRow& image);

// The parameters of "GET …/gate"; Kind::invalid_input names the wrong one.
base::Result<security::GateRule> read_gate_rule(const net::ServerRequest& request);
base::JsonObject to_json(const security::GateAnswer& decision, const security::ImageFacts& facts);

inline constexpr std::string_view kApprovalType = "Bulwark.Security/approvals";

}  // namespace providers
