// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/host_events.hpp"

#include "arm/resource.hpp"
#include "security/recommendations.hpp"

namespace providers::hybrid_compute {

base::Result<base::JsonObject> failed_controls(store::Session& session, const std::string& machine_key) {
  base::JsonObject out{{"critical", 0}, {"high", 0}, {"medium", 0}, {"low", 0}};
  TRY(session.query("SELECT critical, high, medium, low FROM assessments WHERE resource_key = ? AND assessment_key = ?",
                    {std::string_view(machine_key), security::kHostConfiguration}, [&](const store::Row& row) {
                      out = {{"critical", row.integer(0)}, {"high", row.integer(1)}, {"medium", row.integer(2)}, {"low", row.integer(3)}};
                    }));
  return out;
}

base::Result<void> tell_host(const Services& services, store::Session& session, const MachineRow& machine) {
  base::JsonObject data{{"name", machine.name}, {"id", machine.resource_id}, {"state", machine.state}};
  data["failed"] = TRY(failed_controls(session, machine.key));
  data["assessed"] = machine.assessed_at == 0 ? base::Json(nullptr) : base::Json(arm::format_millis(machine.assessed_at));
  session.after_commit([&services, data] { services.publish("host", data); });
  return {};
}

void tell_control(const Services& services, store::Session& session, const MachineRow& machine, const std::string& control, const std::string& before,
                  const std::string& after) {
  base::JsonObject data{{"host", machine.name}, {"id", machine.resource_id}, {"control", control}, {"before", before}, {"after", after}};
  session.after_commit([&services, data] { services.publish("control", data); });
}

}  // namespace providers::hybrid_compute
