// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/host_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "arm/resource.hpp"
#include "base/text.hpp"
#include "benchmark/control.hpp"
#include "providers/hybrid_compute/controls.hpp"
#include "providers/hybrid_compute/host_records.hpp"
#include "security/scopes.hpp"
#include "security/sql_text.hpp"

namespace providers::hybrid_compute {

namespace {

// What the rows of hosts are joined from, by key of the machine.
struct HostSummary {
  std::int64_t containers = 0, running = 0, images = 0, pass = 0, fail = 0;
  std::string status, cause;
  base::JsonObject failed{{"critical", 0}, {"high", 0}, {"medium", 0}, {"low", 0}};
  base::JsonObject labels;
};

class Summaries {
 public:
  // Of one machine, or of all (empty).
  static base::Result<Summaries> load(store::Session& session, const std::string& key) {
    Summaries out;
    TRY(out.read(session, "SELECT machine_key, count(*), sum(CASE WHEN state = 'running' THEN 1 ELSE 0 END) FROM host_containers WHERE 1 = 1", "machine_key", key, "GROUP BY machine_key",
                 [](const store::Row& row, HostSummary& summary) {
                   summary.containers = row.integer(1);
                   summary.running = row.integer(2);
                 }));
    TRY(out.read(session, "SELECT machine_key, count(*) FROM host_images WHERE 1 = 1", "machine_key", key, "GROUP BY machine_key",
                 [](const store::Row& row, HostSummary& summary) { summary.images = row.integer(1); }));
    TRY(out.read(session,
                 "SELECT machine_key, sum(CASE WHEN status = 'pass' THEN 1 ELSE 0 END), sum(CASE WHEN status = 'fail' THEN 1 ELSE 0 END) FROM host_controls WHERE 1 = 1",
                 "machine_key", key, "GROUP BY machine_key", [](const store::Row& row, HostSummary& summary) {
                   summary.pass = row.integer(1);
                   summary.fail = row.integer(2);
                 }));
    TRY(out.read(session, fmt::format("SELECT resource_key, status, cause, critical, high, medium, low FROM assessments WHERE assessment_key = '{}'", security::kHostConfiguration),
                 "resource_key", key, "", [](const store::Row& row, HostSummary& summary) {
                   summary.status = row.text(1);
                   summary.cause = row.text(2);
                   summary.failed = {{"critical", row.integer(3)}, {"high", row.integer(4)}, {"medium", row.integer(5)}, {"low", row.integer(6)}};
                 }));
    TRY(out.read(session, "SELECT resource_key, body FROM resources WHERE type = 'microsoft.hybridcompute/machines'", "resource_key", key, "",
                 [](const store::Row& row, HostSummary& summary) {
                   const auto body = base::parse_json(row.text(1), "a machine");
                   if (body) summary.labels = base::get_object(*body, "tags");
                 }));
    return out;
  }

  HostSummary of(const std::string& key) const {
    const auto at = summaries_.find(key);
    return at == summaries_.end() ? HostSummary{} : at->second;
  }

 private:
  template <typename Take>
  base::Result<void> read(store::Session& session, std::string sql, std::string_view column, const std::string& key, std::string_view end, Take take) {
    std::vector<store::Value> parameters;
    if (!key.empty()) {
      sql += fmt::format(" AND {} = ?", column);
      parameters.emplace_back(std::string_view(key));
    }
    return session.query(fmt::format("{} {}", sql, end), parameters, [&](const store::Row& row) { take(row, summaries_[std::string(row.text(0))]); });
  }

  std::map<std::string, HostSummary> summaries_;
};

base::Json pass_percentage(const HostSummary& summary) {
  const std::int64_t judged = summary.pass + summary.fail;
  return judged == 0 ? base::Json(nullptr) : base::Json(std::llround(100.0 * static_cast<double>(summary.pass) / static_cast<double>(judged)));
}

base::JsonObject row_of(const MachineRow& machine, const HostSummary& summary) {
  const auto text = [&](std::string_view name) { return base::get_string(machine.facts, name); };
  const base::Json engine(base::get_object(machine.facts, "engine"));
  return {{"id", machine.resource_id},
          {"name", machine.name},
          {"os", text("os")},
          {"kernel", text("kernel")},
          {"engine", base::JsonObject{{"kind", machine.engine.empty() ? std::string_view("none") : std::string_view(machine.engine)}, {"version", base::get_string(engine, "version")}}},
          {"state", machine.state},
          {"lastHeard", time_or_nothing(machine.heard_at)},
          {"agentVersion", base::get_string(machine.agent, "version")},
          {"management", base::get_object(machine.facts, "management")},
          {"containers", summary.containers},
          {"runningContainers", summary.running},
          {"images", summary.images},
          {"status", summary.status},
          {"cause", summary.cause},
          {"failed", summary.failed},
          {"passPercentage", pass_percentage(summary)},
          {"assessed", time_or_nothing(machine.assessed_at)},
          {"addresses", base::get_array(machine.facts, "addresses")},
          {"labels", summary.labels}};
}

struct HostFilters {
  std::vector<std::string> states, engines, statuses;
  std::optional<bool> managed;
  std::vector<std::string> words;
};

base::Result<HostFilters> host_filters(const security::Query& query) {
  security::Filters filters(query);
  HostFilters out;
  out.states = filters.values("state");
  out.engines = filters.values("engine");
  out.statuses = filters.values("status");
  out.managed = TRY(filters.flag("managed"));
  TRY(filters.finish());
  for (const std::string_view word : base::split(query.q, ' '))
    if (!word.empty() && out.words.size() < security::kMostWords) out.words.push_back(base::to_lower(word));
  return out;
}

bool has(const std::vector<std::string>& values, std::string_view value) {
  return values.empty() || std::any_of(values.begin(), values.end(), [&](const std::string& one) { return base::equals_ignoring_case(one, value); });
}

bool shows(const HostFilters& filters, const MachineRow& machine, const HostSummary& summary) {
  if (!has(filters.states, machine.state) || !has(filters.engines, machine.engine) || !has(filters.statuses, summary.status)) return false;
  if (filters.managed && *filters.managed != base::get_bool(base::Json(base::get_object(machine.facts, "management")), "managed")) return false;
  const std::string text = base::to_lower(fmt::format("{} {} {} {}", machine.name, base::get_string(machine.facts, "os"), base::get_string(machine.facts, "kernel"),
                                                      base::to_text(summary.labels)));
  return std::all_of(filters.words.begin(), filters.words.end(), [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

bool readable(const std::vector<std::string>& scopes, const std::string& key) {
  return std::any_of(scopes.begin(), scopes.end(), [&](const std::string& scope) { return security::at_or_below(scope, key); });
}

// ---- Details

struct StatusCounts {
  std::int64_t pass = 0, fail = 0, manual = 0, not_applicable = 0, error = 0;

  void add(std::string_view status) {
    ++(status == "pass" ? pass : status == "fail" ? fail : status == "manual" ? manual : status == "error" ? error : not_applicable);
  }
  void put(base::JsonObject& out) const {
    for (const auto& [name, count] : {std::pair("pass", pass), std::pair("fail", fail), std::pair("manual", manual), std::pair("notApplicable", not_applicable), std::pair("error", error)})
      out[name] = count;
  }
};

base::Result<base::JsonObject> benchmark_json(store::Session& session, const MachineRow& machine) {
  const StoredControls controls = TRY(load_controls(session, machine.key));
  const benchmark::Benchmark& benchmark = benchmark::cis_docker();
  StatusCounts all;
  std::map<std::string, StatusCounts> of_section;
  for (const benchmark::Control& control : benchmark.controls) {
    const auto stored = controls.find(control.id);
    const std::string_view status = stored == controls.end() ? "notApplicable" : std::string_view(stored->second.status);
    all.add(status);
    of_section[control.section].add(status);
  }
  base::JsonArray sections;
  for (const benchmark::Section& section : benchmark.sections) {
    if (of_section.count(section.id) == 0) continue;
    base::JsonObject json{{"id", section.id}, {"title", section.title}};
    of_section[section.id].put(json);
    sections.emplace_back(std::move(json));
  }
  base::JsonObject counts;
  all.put(counts);
  return base::JsonObject{{"id", benchmark.id},
                          {"version", base::get_string(machine.assessment, "version", benchmark.version)},
                          {"assessed", time_or_nothing(machine.assessed_at)},
                          {"cause", base::get_string(machine.assessment, "cause")},
                          {"tookMs", base::get_int(machine.assessment, "tookMs").value_or(0)},
                          {"counts", std::move(counts)},
                          {"sections", std::move(sections)}};
}

base::JsonObject agent_view(const MachineRow& machine) {
  base::JsonObject out = machine.agent.is_object() ? machine.agent.get_object() : base::JsonObject{};
  out.erase("at");
  out["startedAt"] = time_or_nothing(base::get_int(machine.agent, "startedAt").value_or(0));
  out["enrolledAt"] = time_or_nothing(machine.enrolled_at);
  return out;
}

base::Result<base::JsonArray> recommendations_of(store::Session& session, const security::Recommendations& recommendations, const MachineRow& machine) {
  base::JsonArray out;
  for (const security::AssessedResource& row : TRY(security::assessments_of(session, machine.key))) {
    const security::Recommendation* known = recommendations.find(row.assessment_key);
    out.emplace_back(base::JsonObject{{"key", row.assessment_key},
                                      {"title", known ? known->title : row.assessment_key},
                                      {"severity", known ? known->severity : ""},
                                      {"status", row.status},
                                      {"cause", row.cause},
                                      {"description", row.description},
                                      {"statusChanged", time_or_nothing(row.status_changed_at)},
                                      {"counts", security::to_json(row.counts)}});
  }
  return out;
}

}  // namespace

base::Json time_or_nothing(store::Millis time) {
  return time <= 0 || time > 253'402'300'799'000 ? base::Json(nullptr) : base::Json(arm::format_millis(time));
}

base::Result<base::JsonArray> host_rows(store::Session& session, const security::Query& query) {
  const HostFilters filters = TRY(host_filters(query));
  const Summaries summaries = TRY(Summaries::load(session, {}));
  base::JsonArray out;
  for (const MachineRow& machine : TRY(load_machines(session))) {
    if (!readable(query.scopes, machine.key)) continue;
    const HostSummary summary = summaries.of(machine.key);
    if (shows(filters, machine, summary)) out.emplace_back(row_of(machine, summary));
  }
  return out;
}

base::Result<std::optional<MachineRow>> find_host(store::Session& session, const std::string& name, const std::vector<std::string>& scopes) {
  std::vector<std::string> keys;
  const std::string wanted = base::to_lower(name);
  TRY(session.query("SELECT machine_key FROM machines WHERE lower(name) = ?", {std::string_view(wanted)}, [&](const store::Row& row) { keys.emplace_back(row.text(0)); }));
  for (const std::string& key : keys)
    if (readable(scopes, key)) return load_machine(session, key);
  return std::nullopt;
}

base::Result<base::JsonObject> host_details(store::Session& session, const security::Recommendations& recommendations, const MachineRow& machine) {
  const Summaries summaries = TRY(Summaries::load(session, machine.key));
  base::JsonObject out = row_of(machine, summaries.of(machine.key));
  const auto id = TRY(arm::ResourceId::parse(machine.resource_id));
  out["resourceGroup"] = id.resource_group();
  out["subscriptionId"] = id.subscription();
  out["location"] = "local";
  out["machineId"] = machine.machine_id;
  for (const std::string_view name : {"hostName", "osVersion", "architecture", "cpus", "memoryBytes", "engine"})
    if (const base::Json* value = base::find(machine.facts, name)) out[name] = *value;
  out["stateSince"] = time_or_nothing(machine.state_since);
  out["agent"] = agent_view(machine);
  out["asked"] = time_or_nothing(machine.asked_at);
  out["benchmark"] = machine.assessed_at == 0 ? base::Json(nullptr) : base::Json(TRY(benchmark_json(session, machine)));
  out["recommendations"] = TRY(recommendations_of(session, recommendations, machine));
  out["packages"] = machine.packages_set ? TRY(store::query_integer(session, "SELECT packages FROM finding_sets WHERE id = ?", {*machine.packages_set})).value_or(0) : 0;
  out["failedRulesQuery"] = failed_rules_query(machine.name);
  return out;
}

}  // namespace providers::hybrid_compute
