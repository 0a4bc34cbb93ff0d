// SPDX-License-Identifier: Apache-2.0
// Purges of rows: asked for at a workspace, done by a job, followed at {workspace}/operations or below locations.
#include "providers/operational_insights/workspace_purge.hpp"

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "providers/operational_insights/types.hpp"
#include "providers/operational_insights/workspace_tables.hpp"
#include "providers/property_checks.hpp"

namespace providers {

namespace {

constexpr std::string_view kPurgeOperationType = "Microsoft.OperationalInsights/workspaces/operations";
constexpr std::string_view kUsualVersion = "2023-09-01";
constexpr std::int64_t kMostOpenPurges = 50;  // each writes much of a table anew
constexpr std::string_view kOperationStatusType = "Microsoft.OperationalInsights/locations/operationStatuses";

// What a request asks for, and its job keeps.
struct PurgeRequest {
  std::string workspace_key;  // of the resource
  std::string table;
  std::vector<workspace::PurgeFilter> filters;
};

base::Result<PurgeRequest> read_purge(const base::Json& body) {
  if (!body.is_object()) return base::fail(base::Kind::invalid_input, "The body must be {table, filters: [{column, operator, value, key?}]}.");
  PurgeRequest request;
  request.workspace_key = base::get_string(body, "workspace");
  request.table = TRY(need_text({body, "body"}, "table", workspace::kLongestTableName));
  for (const auto& filter : base::get_array(body, "filters")) {
    const Holder holder{filter, fmt::format("filters[{}]", request.filters.size())};
    workspace::PurgeFilter one;
    one.column = TRY(need_text(holder, "column", workspace::kLongestColumnName));
    one.comparison = TRY(need_text(holder, "operator", 20));
    if (const auto* key = base::find(filter, "key"); key && !key->is_null()) TRY(check_text(holder, "key"));
    one.key = base::get_string(filter, "key");
    const auto* value = base::find(filter, "value");
    if (!value || value->is_null()) return must_be(holder, "value", "there");
    one.value = *value;
    request.filters.push_back(std::move(one));
  }
  return request;
}

base::Json job_payload(const PurgeRequest& request, const base::Json& body) {
  return base::JsonObject{{"workspace", request.workspace_key}, {"table", request.table}, {"filters", *base::find(body, "filters")}};
}

// The table of a request as it is now; nothing where the workspace or the table went meanwhile.
struct PurgedTable {
  workspace::WorkspaceRef ref;
  workspace::TableSpec spec;
};
base::Result<std::optional<PurgedTable>> purged_table(store::Session& session, const WorkspaceTables& tables, const PurgeRequest& request) {
  const auto resource = TRY(arm::load_resource(session, request.workspace_key));
  if (!resource) return std::nullopt;
  const auto workspace = Workspace::of(*resource);
  const auto all = TRY(load_tables(session, tables, workspace));
  const auto* table = find_table(all, request.table);
  return table ? std::optional(PurgedTable{workspace.ref, table->spec}) : std::nullopt;
}

base::Result<bool> has_too_many_purges(store::Session& session) {
  const auto open = TRY(store::query_integer(session, "SELECT count(*) FROM jobs WHERE kind = ? AND state IN ('queued', 'running')", {kPurgeJob}));
  return open.value_or(0) >= kMostOpenPurges;
}

arm::Reply refuse_for_now() {
  auto reply = arm::refuse(429, "TooManyRequests", fmt::format("{} purges are pending; ask again once some are completed, and for many values at once with the operator in.", kMostOpenPurges));
  reply.headers.emplace_back("Retry-After", "60");
  return reply;
}

base::Result<arm::Reply> ask_purge(const Services& services, const WorkspaceTables& tables, const arm::Call& call, const arm::ResourceId& id) {
  if (!tables.purge) return base::fail(base::Kind::unavailable, "This hub has no workspace engine: it keeps no records, and there is nothing to purge.");
  auto request = TRY(read_purge(call.body));
  request.workspace_key = id.key();
  const std::string operation = "purge-" + base::uuid4();
  bool has_workspace = false, too_many = false;
  std::optional<PurgedTable> table;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    has_workspace = TRY(arm::load_resource(session, id.key())).has_value();
    table = TRY(purged_table(session, tables, request));
    return {};
  }));
  if (!has_workspace) return no_such_workspace(id);
  if (!table) return base::fail(base::Kind::invalid_input, fmt::format("table: there is no table '{}' in this workspace", base::printable(request.table)));
  TRY(workspace::purge_condition_sql(table->spec, request.filters));
  TRY(services.database.write([&](store::Session& session) -> base::Result<void> {
    too_many = TRY(has_too_many_purges(session));
    if (too_many) return {};
    TRY(store::enqueue(session, std::string(kPurgeJob), operation, base::to_text(job_payload(request, call.body)), call.now));
    session.after_commit(services.wake_jobs);
    return {};
  }));
  if (too_many) return refuse_for_now();
  const auto version = call.http.parameter("api-version");
  const std::string location = fmt::format("{}{}/operations/{}?api-version={}", call.origin(), id.text(), operation,
                                           version.empty() ? std::string(kUsualVersion) : base::percent_encode(version, "-"));
  return arm::Reply{202, base::JsonObject{{"operationId", operation}}, {{"x-ms-status-location", location}}};
}

base::Result<std::optional<store::Job>> find_purge(store::Session& session, const arm::ResourceId& id) {
  return store::last_job(session, std::string(kPurgeJob), base::to_lower(id.name()));
}

arm::Reply no_purge(const arm::ResourceId& id) {
  return arm::refuse(404, "OperationNotFound", fmt::format("There is no operation '{}'. What is asked for here is done when the answer comes, but for purges, whose "
                                                           "state is told until seven days after their end.", base::printable(id.name())));
}

base::Result<arm::Reply> get_purge(store::Session& session, const arm::ResourceId& id) {
  const auto job = TRY(find_purge(session, id));
  if (!job) return no_purge(id);
  const auto payload = TRY(base::parse_json(job->payload, "the job of a purge"));
  if (base::get_string(payload, "workspace") != id.parent().key()) return no_purge(id);
  if (job->state == "failed") return arm::refuse(409, "PurgeFailed", fmt::format("The purge did not come to its end; ask for it again: {}", job->error));
  return arm::Reply{200, base::JsonObject{{"status", job->state == "succeeded" ? "completed" : "pending"}}, {}};
}

base::Result<arm::Reply> get_operation_status(store::Session& session, const arm::ResourceId& id) {
  const auto job = TRY(find_purge(session, id));
  if (!job) return no_purge(id);
  const bool failed = job->state == "failed", ended = failed || job->state == "succeeded";
  base::JsonObject body{{"id", id.text()}, {"name", id.name()}, {"status", !ended ? "InProgress" : failed ? "Failed" : "Succeeded"}, {"startTime", arm::format_millis(job->created_at)}};
  if (ended) body.emplace("endTime", arm::format_millis(job->finished_at));
  if (failed) body.emplace("error", base::JsonObject{{"code", "PurgeFailed"}, {"message", job->error}});
  return arm::Reply{200, std::move(body), {}};
}

arm::ResourceType status_type(std::string_view name, base::Result<arm::Reply> (*get)(store::Session&, const arm::ResourceId&)) {
  arm::ResourceType type;
  type.name = name;
  type.api_versions = {"2023-09-01", "2020-08-01"};
  type.writable = false;
  type.get = [get](const arm::Call&, store::Session& session, const arm::ResourceId& id) { return get(session, id); };
  return type;
}

}  // namespace

// The engine may be away, full or busy for long: the rows are to go however long that takes. What it will never understand ends it.
base::Result<void> run_purge(const Services& services, const WorkspaceTables& tables, const store::Job& job) {
  const auto request = TRY(read_purge(TRY(base::parse_json(job.payload, "the job of a purge"))));
  std::optional<PurgedTable> table;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    table = TRY(purged_table(session, tables, request));
    return {};
  }));
  if (!table) return {};  // its rows went with it
  if (!tables.purge) return base::fail(base::Kind::unavailable, "this hub has no workspace engine");
  const auto done = tables.purge(table->ref, table->spec, {job.subject, request.filters});
  if (done || done.error().kind == base::Kind::cancelled || done.error().kind == base::Kind::invalid_input) return done;
  return base::fail(base::Kind::unavailable, done.error().message);
}

void add_workspace_purge(arm::ResourceType& type, const Services& services, const WorkspaceTables& tables) {
  type.actions["purge"] = {"POST", [&services, &tables](const arm::Call& call, const arm::ResourceId& id) { return ask_purge(services, tables, call, id); }};
}

arm::ResourceType purge_operations_type() {
  auto type = status_type(kPurgeOperationType, get_purge);
  type.list = list_nothing;
  return type;
}

arm::ResourceType operation_statuses_type() { return status_type(kOperationStatusType, get_operation_status); }

}  // namespace providers
