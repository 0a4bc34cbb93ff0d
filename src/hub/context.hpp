// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "arm/resource_manager.hpp"
#include "hub/event_bus.hpp"
#include "hub/hub.hpp"
#include "identity/identity.hpp"
#include "providers/hybrid_compute/hosts.hpp"
#include "providers/resources/resources.hpp"
#include "providers/services.hpp"
#include "security/recommendations.hpp"

namespace hub {

// What the routes of /api/v1 work with. Everything outlives them.
struct Context {
  const HubOptions& options;
  const providers::Installation& installation;
  const providers::Services& services;
  const security::Recommendations& recommendations;
  store::Database& database;
  identity::Identity& identity;
  arm::AccessControl& access_control;
  arm::ResourceManager& manager;
  EventBus& events;
  const std::string& url;  // where the hub is reached; set once it listens
  providers::hybrid_compute::Hosts& hosts;
  const std::string& pin;  // SHA-256 of the certificate that enrolment tokens carry, hex; empty: authorities vouch for it, or there is none

  std::string subscription() const { return "/subscriptions/" + installation.subscription_id; }
};

}  // namespace hub
