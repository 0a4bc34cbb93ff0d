// SPDX-License-Identifier: Apache-2.0
// The activity log: who wrote what, from where, with which result; and every refusal.
#pragma once

#include <string>

#include "base/json.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace arm {

struct Activity {
  std::string correlation_id;
  std::string caller, caller_id;  // name and object id; empty: nobody signed in
  std::string address;
  std::string method;
  std::string operation;          // "Microsoft.ContainerRegistry/registries/write"
  std::string resource_id;
  std::string category = "Administrative";
  int http_status = 0;
  store::Millis at = 0;
  base::JsonObject properties;    // message, hub's own facts; never a secret
};

base::Result<void> record_activity(store::Session& session, const Activity& activity);

// As `GET …/providers/Microsoft.Insights/eventtypes/management/values` shows it.
base::JsonObject activity_json(const store::Row& row);
inline constexpr std::string_view kActivityColumns =
    "event_id, at, correlation_id, caller, caller_id, address, method, operation, resource_id, category, level, status, "
    "http_status, properties, id";

}  // namespace arm
