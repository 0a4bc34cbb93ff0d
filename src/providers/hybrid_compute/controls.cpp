// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/controls.hpp"

#include <fmt/format.h>

#include "providers/hybrid_compute/evidence.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::size_t kWordsBytes = 2'000;

base::JsonArray evidence_of(std::string_view text) {
  auto json = base::parse_json(text, "evidence").value_or(base::JsonArray{});
  return json.is_array() ? std::move(json.get_array()) : base::JsonArray{};
}

}  // namespace

base::Result<StoredControls> load_controls(store::Session& session, const std::string& machine_key) {
  StoredControls out;
  TRY(session.query("SELECT control, status, failing, since, pass, fail, manual, not_applicable, error FROM host_controls WHERE machine_key = ?", {std::string_view(machine_key)},
                    [&](const store::Row& row) {
                      out[std::string(row.text(0))] = {std::string(row.text(1)), row.integer(2) != 0, row.integer(3),
                                                       {row.integer(4), row.integer(5), row.integer(6), row.integer(7), row.integer(8)}};
                    }));
  return out;
}

base::Result<StoredResources> load_control_resources(store::Session& session, const std::string& machine_key, const std::string& control) {
  StoredResources out;
  std::vector<store::Value> parameters{std::string_view(machine_key)};
  if (!control.empty()) parameters.emplace_back(std::string_view(control));
  TRY(session.query(fmt::format("SELECT control, scope, id, name, status, evidence FROM host_control_resources WHERE machine_key = ?{} ORDER BY control, CASE status WHEN "
                                "'fail' THEN 0 WHEN 'error' THEN 1 WHEN 'manual' THEN 2 ELSE 3 END, scope, name, id",
                                control.empty() ? "" : " AND control = ?"),
                    parameters, [&](const store::Row& row) {
                      out[std::string(row.text(0))].push_back({std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)), std::string(row.text(4)),
                                                               evidence_of(row.text(5))});
                    }));
  return out;
}

std::string control_words(const std::vector<StoredResource>& resources) {
  std::string out;
  for (const bool wrong : {true, false}) {
    for (const StoredResource& resource : resources) {
      if ((resource.status == "fail" || resource.status == "error") != wrong) continue;
      const std::string line = evidence_line(resource.scope, resource.name, resource.evidence);
      if (line.empty()) continue;
      if (out.size() + line.size() > kWordsBytes) return out + (out.empty() ? "…" : "; …");
      out += (out.empty() ? "" : "; ") + line;
    }
    if (!out.empty()) break;
  }
  return out;
}

}  // namespace providers::hybrid_compute
