// SPDX-License-Identifier: Apache-2.0
// Container hosts as pages show them, and the tokens by which their agents enrol.
#include <fmt/format.h>

#include "arm/resource.hpp"
#include "base/text.hpp"
#include "hub/logs/query_scope.hpp"
#include "hub/routes.hpp"
#include "hub/view_query.hpp"
#include "providers/hybrid_compute/enrollment_tokens.hpp"
#include "providers/hybrid_compute/host_events.hpp"
#include "providers/hybrid_compute/host_views.hpp"
#include "providers/operational_insights/workspaces.hpp"

namespace hub {

namespace {

namespace hosts = providers::hybrid_compute;

constexpr std::string_view kReadMachines = "Microsoft.HybridCompute/machines/read", kWriteMachines = "Microsoft.HybridCompute/machines/write";
constexpr std::string_view kAssessMachines = "Microsoft.HybridCompute/machines/assess/action";
constexpr std::size_t kCsvHistoryRows = 100'000;

tl::unexpected<base::Error> no_such_host(const std::string& name) {
  return base::fail(base::Kind::not_found, fmt::format("There is no host '{}'.", base::printable(name)));
}

// The host of the path, where the caller may do what `action` says; else Kind::not_found.
base::Result<hosts::MachineRow> host_of(store::Session& session, const ApiCall& call, std::string_view action = kReadMachines) {
  auto machine = TRY(hosts::find_host(session, call.parts[0], call.access.granted_scopes(action)));
  if (!machine) return no_such_host(call.parts[0]);
  return std::move(*machine);
}

struct ListForm {
  std::string name;                       // of the CSV file
  std::vector<std::string> columns;       // of it
  std::string sort;                       // where the request names none
  std::vector<std::string_view> fields;   // that can be sorted by
};

base::Result<net::ServerResponse> answer_list(const ApiCall& call, const security::Query& query, const ListForm& form, base::JsonArray rows) {
  TRY(sort_rows(rows, query, form.sort, form.fields));
  return wants_csv(call) ? csv_response(form.name, form.columns, rows) : part_response(query, std::move(rows));
}

// A list of one host.
template <typename Read>
base::Result<net::ServerResponse> answer_host_list(const Context& context, const ApiCall& call, const ListForm& form, Read read) {
  const auto query = TRY(read_query(call, kReadMachines));
  base::JsonArray rows;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto machine = TRY(host_of(session, call));
    rows = TRY(read(session, machine, query));
    return {};
  }));
  return answer_list(call, query, form, std::move(rows));
}

base::Result<net::ServerResponse> get_hosts(const Context& context, const ApiCall& call) {
  const auto query = TRY(read_query(call, kReadMachines));
  base::JsonArray rows;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    rows = TRY(hosts::host_rows(session, query));
    return {};
  }));
  for (auto& row : rows) {  // what `sort=severity` looks at
    base::Json failed = row.at("failed");
    row.get_object()["counts"] = std::move(failed);
  }
  TRY(sort_rows(rows, query, "name", {"name", "os", "kernel", "state", "lastHeard", "agentVersion", "containers", "runningContainers", "images", "status", "passPercentage",
                                      "assessed", "severity"}));
  for (auto& row : rows) row.get_object().erase("counts");
  if (wants_csv(call))
    return csv_response("hosts", {"name", "os", "kernel", "engine.kind", "engine.version", "state", "lastHeard", "agentVersion", "management.managed", "management.by", "containers",
                                  "runningContainers", "images", "status", "cause", "failed.critical", "failed.high", "failed.medium", "failed.low", "passPercentage", "assessed"},
                        rows);
  return part_response(query, std::move(rows));
}

// The workspace that the host's records are in; null for who may not ask it.
base::Result<base::Json> workspace_of(store::Session& session, const arm::Access& access) {
  const auto workspaces = TRY(providers::load_workspaces(session));
  const auto* one = providers::find_workspace(workspaces, providers::kDefaultWorkspace);
  if (!one || !access.allows(kQueryRight, one->key)) return base::Json(nullptr);
  return base::Json(base::JsonObject{{"id", one->ref.resource_id}, {"customerId", one->ref.id}, {"name", one->ref.name}});
}

base::Result<net::ServerResponse> get_host(const Context& context, const ApiCall& call) {
  base::JsonObject json;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto machine = TRY(host_of(session, call));
    json = TRY(hosts::host_details(session, context.recommendations, machine));
    json["workspace"] = TRY(workspace_of(session, call.access));
    return {};
  }));
  return json_response(json);
}

base::Result<net::ServerResponse> get_controls(const Context& context, const ApiCall& call) {
  auto query = TRY(read_query(call, kReadMachines));
  const bool all = !call.http.has_parameter("top") && !wants_csv(call);
  if (all) query.top = security::kMostRows;  // a benchmark is short: it comes whole
  base::JsonArray rows;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    rows = TRY(hosts::control_rows(session, TRY(host_of(session, call)), query));
    return {};
  }));
  if (!query.sort.empty()) TRY(sort_rows(rows, query, "title", {"title", "section", "level", "status", "since"}));
  if (wants_csv(call))
    return csv_response("controls", {"id", "title", "section", "level", "severity", "cceId", "status", "since", "counts.pass", "counts.fail", "resourceTotal", "remediation"}, rows);
  return part_response(query, std::move(rows));
}

base::Result<net::ServerResponse> get_host_containers(const Context& context, const ApiCall& call) {
  const ListForm form{"host-containers",
                      {"id", "name", "image", "imageId", "digest", "state", "created", "started", "exitCode", "restarts", "privileged", "user", "ports", "failedControls", "scanned",
                       "findings.critical", "findings.high", "findings.medium", "findings.low"},
                      "name", {"name", "image", "state", "created", "started", "restarts", "user", "failedControls", "scanned"}};
  return answer_host_list(context, call, form, hosts::container_rows);
}

base::Result<net::ServerResponse> get_host_images(const Context& context, const ApiCall& call) {
  const ListForm form{"host-images", {"id", "names", "digest", "size", "created", "containers", "scanned", "findings.critical", "findings.high", "findings.medium", "findings.low"},
                      "name", {"name", "size", "created", "containers", "scanned"}};
  return answer_host_list(context, call, form, hosts::image_rows);
}

base::Result<net::ServerResponse> get_networks(const Context& context, const ApiCall& call) {
  return answer_host_list(context, call, {"host-networks", {"id", "name", "driver", "scope"}, "name", {"name", "driver", "scope"}},
                          [](store::Session& session, const hosts::MachineRow& machine, const security::Query& query) { return hosts::object_rows(session, machine, "network", query); });
}

base::Result<net::ServerResponse> get_volumes(const Context& context, const ApiCall& call) {
  return answer_host_list(context, call, {"host-volumes", {"name", "driver", "mountpoint"}, "name", {"name", "driver", "mountpoint"}},
                          [](store::Session& session, const hosts::MachineRow& machine, const security::Query& query) { return hosts::object_rows(session, machine, "volume", query); });
}

base::Result<net::ServerResponse> get_history(const Context& context, const ApiCall& call) {
  auto query = TRY(read_query(call, kReadMachines));
  hosts::HistoryPage page;
  base::JsonArray rows;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto machine = TRY(host_of(session, call));
    do {
      page = TRY(hosts::history_page(session, machine, query));
      rows.insert(rows.end(), page.rows.begin(), page.rows.end());
      query.cursor = page.next;
    } while (wants_csv(call) && !page.next.empty() && rows.size() < kCsvHistoryRows);
    return {};
  }));
  if (wants_csv(call)) return csv_response("host-history", {"at", "kind", "title", "before", "after", "detail", "control"}, rows);
  return page_response(std::move(rows), page.total, page.next);
}

base::Result<net::ServerResponse> get_running_images(const Context& context, const ApiCall& call) {
  const auto query = TRY(read_query(call, kReadMachines));
  base::JsonArray rows;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    rows = TRY(hosts::running_image_rows(session, query));
    return {};
  }));
  const ListForm form{"running-images", {"image", "digest", "registry", "repository", "containers", "hostTotal", "hosts", "worst", "counts.critical", "counts.high", "counts.medium", "counts.low"},
                      "-severity", {"severity", "image", "repository", "containers", "hostTotal"}};
  return answer_list(call, query, form, std::move(rows));
}

// ---- What people do

base::Result<net::ServerResponse> post_assess(const Context& context, const ApiCall& call) {
  TRY(context.database.write([&](store::Session& session) -> base::Result<void> {
    auto machine = TRY(host_of(session, call, kAssessMachines));
    machine.asked_at = store::now_ms();
    TRY(hosts::save_machine(session, machine));
    return hosts::tell_host(context.services, session, machine);
  }));
  return net::ServerResponse{202, {}, {}, {}, {}};
}

base::JsonObject token_json(const hosts::TokenRow& token) {
  return {{"id", token.id}, {"createdBy", token.created_by}, {"created", arm::format_millis(token.created_at)}, {"expires", arm::format_millis(token.expires_at)},
          {"uses", token.uses}, {"usesLeft", token.uses_left}, {"labels", token.labels}};
}

base::Result<net::ServerResponse> post_token(const Context& context, const ApiCall& call) {
  const auto body = call.http.body.empty() ? base::Json(base::JsonObject{}) : TRY(call.body());
  auto token = TRY(hosts::parse_token_request(body, store::now_ms()));
  token.created_by = call.caller.principal.name;
  uplink::EnrollmentToken secret;
  TRY(context.database.write([&](store::Session& session) -> base::Result<void> {
    secret = TRY(hosts::add_enrollment_token(session, token, context.pin.empty() ? "-" : context.pin));
    return {};
  }));
  auto json = token_json(token);
  const std::string text = uplink::to_text(secret);
  json["token"] = text;
  json["command"] = fmt::format("bulwark agent --hub {} --enroll {}", context.url, text);
  return json_response(json, 201);
}

base::Result<net::ServerResponse> get_tokens(const Context& context, const ApiCall& call) {
  const auto query = TRY(read_query(call, kWriteMachines));
  base::JsonArray rows;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& token : TRY(hosts::enrollment_tokens(session, store::now_ms()))) rows.emplace_back(token_json(token));
    return {};
  }));
  return answer_list(call, query, {"enrollment-tokens", {"id", "createdBy", "created", "expires", "uses", "usesLeft"}, "-created", {"created", "createdBy", "expires", "usesLeft"}},
                     std::move(rows));
}

base::Result<net::ServerResponse> delete_token(const Context& context, const ApiCall& call) {
  bool removed = false;
  TRY(context.database.write([&](store::Session& session) -> base::Result<void> {
    removed = TRY(hosts::remove_enrollment_token(session, call.parts[0]));
    return {};
  }));
  if (!removed) return base::fail(base::Kind::not_found, "There is no such enrolment token; it may have expired.");
  return net::ServerResponse{204, {}, {}, {}, {}};
}

}  // namespace

void add_host_routes(Api& api, const Context& context) {
  using View = base::Result<net::ServerResponse> (*)(const Context&, const ApiCall&);
  const auto add = [&](const char* method, const char* pattern, View view, std::string_view action = {}) {
    api.add({method, pattern, std::string(action), [&context, view](const ApiCall& call) { return view(context, call); }});
  };
  add("GET", "/api/v1/hosts", get_hosts);
  add("GET", "/api/v1/hosts/{name}", get_host);
  add("GET", "/api/v1/hosts/{name}/controls", get_controls);
  add("GET", "/api/v1/hosts/{name}/containers", get_host_containers);
  add("GET", "/api/v1/hosts/{name}/images", get_host_images);
  add("GET", "/api/v1/hosts/{name}/networks", get_networks);
  add("GET", "/api/v1/hosts/{name}/volumes", get_volumes);
  add("GET", "/api/v1/hosts/{name}/history", get_history);
  add("GET", "/api/v1/running-images", get_running_images);
  api.add({"POST", "/api/v1/hosts/{name}/assess", "", [&context](const ApiCall& call) { return post_assess(context, call); }, false});
  api.add({"POST", "/api/v1/enrollment-tokens", std::string(kWriteMachines), [&context](const ApiCall& call) { return post_token(context, call); }});
  add("GET", "/api/v1/enrollment-tokens", get_tokens, kWriteMachines);
  api.add({"DELETE", "/api/v1/enrollment-tokens/{id}", std::string(kWriteMachines), [&context](const ApiCall& call) { return delete_token(context, call); }, false});
}

}  // namespace hub
