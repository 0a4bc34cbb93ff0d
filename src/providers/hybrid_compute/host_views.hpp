// SPDX-License-Identifier: Apache-2.0
// Hosts as pages list them: rows of docs/rest-api.md, "Hosts". Kind::invalid_input names a filter that does not hold.
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "providers/hybrid_compute/machine.hpp"
#include "security/queries.hpp"

namespace providers::hybrid_compute {

// Hosts at or below the scopes of the query. Filters state, managed, engine, status, q (name, system, labels).
base::Result<base::JsonArray> host_rows(store::Session& session, const security::Query& query);

// The host of this name that stands at or below one of the scopes; nothing where there is none.
base::Result<std::optional<MachineRow>> find_host(store::Session& session, const std::string& name, const std::vector<std::string>& scopes);

// One host in full; workspace and what else the hub knows of itself is added there.
base::Result<base::JsonObject> host_details(store::Session& session, const security::Recommendations& recommendations, const MachineRow& machine);

// All controls of the benchmark. Filters section, status, severity, q.
base::Result<base::JsonArray> control_rows(store::Session& session, const MachineRow& machine, const security::Query& query);

// Filters state, vulnerable (true), q.
base::Result<base::JsonArray> container_rows(store::Session& session, const MachineRow& machine, const security::Query& query);
// Filters vulnerable (true), q.
base::Result<base::JsonArray> image_rows(store::Session& session, const MachineRow& machine, const security::Query& query);
base::Result<base::JsonArray> object_rows(store::Session& session, const MachineRow& machine, const std::string& kind, const security::Query& query);

struct HistoryPage {
  base::JsonArray rows;
  std::int64_t total = 0;
  std::string next;
};
// The newest first. Filters kind, control, from, to (times), q.
base::Result<HistoryPage> history_page(store::Session& session, const MachineRow& machine, const security::Query& query);

// Images with open vulnerabilities that containers run now, over all hosts below the scopes. Filters host, severity (the worst), q.
base::Result<base::JsonArray> running_image_rows(store::Session& session, const security::Query& query);

base::Json time_or_nothing(store::Millis time);

}  // namespace providers::hybrid_compute
