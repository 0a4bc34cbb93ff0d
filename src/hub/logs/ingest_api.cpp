// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/ingest_api.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "hub/logs/ingest_replies.hpp"
#include "workspace/ingest/otlp_logs.hpp"

namespace hub {

namespace {

constexpr std::string_view kRulesPath = "/dataCollectionRules/", kCollectorPath = "/api/logs", kOtlpPath = "/v1/logs", kLinesPath = "/api/logs/tables/";

bool begins_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

// What a type of content is called, without its parameters.
std::string media_type(const net::ServerRequest& request) { return base::to_lower(base::trim(base::cut(request.header("content-type"), ";").first)); }

net::ServerResponse refused(int status, std::string_view code, const std::string& message) { return arm::to_response(arm::refuse(status, code, message)); }

// What is wrong with a request of the Logs Ingestion API before its rule is looked up; nothing where it is fine.
std::optional<net::ServerResponse> refuse_rule_request(const net::ServerRequest& request) {
  constexpr std::string_view kVersions[] = {"2023-01-01", "2021-11-01-preview"};
  const auto version = request.parameter("api-version");
  if (version.empty()) return refused(400, "MissingApiVersion", "The query parameter api-version is missing: ?api-version=2023-01-01.");
  if (std::find(std::begin(kVersions), std::end(kVersions), version) == std::end(kVersions))
    return refused(400, "InvalidApiVersion", fmt::format("The api-version '{}' is none of this API: it is 2023-01-01.", base::printable(version.substr(0, 60))));
  if (media_type(request) != "application/json") return refused(415, "UnsupportedMediaType", "Send a JSON array (Content-Type: application/json).");
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> IngestApi::body_cap(std::string_view path) {
  if (path == kCollectorPath) return kDataCollectorBytes;
  if (begins_with(path, kRulesPath)) return kLogsIngestionBytes;
  return std::nullopt;
}

std::optional<net::ServerResponse> IngestApi::serve(const net::ServerRequest& request) {
  const std::string_view path = request.path;
  const bool is_rule = begins_with(path, kRulesPath), is_lines = begins_with(path, kLinesPath);
  if (!is_rule && !is_lines && path != kCollectorPath && path != kOtlpPath) return std::nullopt;
  if (request.method != "POST") return refused(405, "MethodNotAllowed", "Records come by POST.");
  if (path == kCollectorPath) return collect_signed(request);
  if (path == kOtlpPath) return collect_otlp(request);
  if (is_lines) return collect_lines(request, path.substr(kLinesPath.size()));
  const auto parts = base::split(path.substr(kRulesPath.size()), '/');
  if (parts.size() != 3 || parts[1] != "streams") return refused(404, "NotFound", "Records come to /dataCollectionRules/{immutableId}/streams/{stream}.");
  return collect_by_rule(request, base::percent_decode(parts[0]), base::percent_decode(parts[2]));
}

net::ServerResponse IngestApi::refusal_of(const base::Error& error) const { return arm::to_response(ingestion_refusal(error, seams_.sink.retry_after())); }

net::ServerResponse IngestApi::collect_by_rule(const net::ServerRequest& request, std::string_view immutable_id, std::string_view stream) {
  const auto admitted = manager_.admit(request);
  if (!admitted) return admitted.error();
  if (auto bad = refuse_rule_request(request)) return std::move(*bad);
  std::optional<providers::CollectionRule> rule;
  const auto found = database_.read([&](store::Session& session) -> base::Result<void> {
    rule = TRY(providers::find_collection_rule(session, immutable_id));
    return {};
  });
  if (!found) return arm::to_response(found.error());
  if (!rule) return refused(404, "NotFound", fmt::format("Data collection rule with immutable Id '{}' not found.", immutable_id));
  if (!admitted->access.allows(kSendRight, rule->key, arm::Plane::data)) {
    manager_.record(request, &admitted->caller, std::string(kSendRight), rule->id, 403, "not authorized");
    return refused(403, "OperationFailed", fmt::format("The authentication token provided does not have access to ingest data for the data collection rule with immutable Id '{}'. "
                                                       "Give the role Monitoring Metrics Publisher on the rule.", immutable_id));
  }
  const auto body = unpacked_body(request, kLogsIngestionBytes);
  if (!body) return refusal_of(body.error());
  const auto rows = seams_.json(*body);
  if (!rows) return refusal_of(rows.error());
  workspace::AppendReceipt sum;
  bool flows = false;
  for (const auto& flow : rule->flows) {
    if (std::find(flow.streams.begin(), flow.streams.end(), stream) == flow.streams.end()) continue;
    flows = true;
    const auto receipt = append_flow(*rule, flow, std::string(stream), *rows);
    if (!receipt) return refusal_of(receipt.error());
    sum += *receipt;
  }
  if (!flows) return refused(400, "InvalidStream", fmt::format("Data collection rule '{}' has no data flow for the stream '{}'.", immutable_id, stream));
  if (auto bad = refuse_all_bad(sum)) return arm::to_response(*bad);
  return {204, {}, {}, {}, {}};
}

base::Result<workspace::AppendReceipt> IngestApi::append_flow(const providers::CollectionRule& rule, const providers::CollectionRule::Flow& flow, const std::string& stream,
                                                              const BodyRows& rows) {
  const BodyRows* shaped = &rows;
  BodyRows transformed;
  if (!providers::is_plain_transform(flow.transform)) {
    if (!seams_.transform) return base::fail(base::Kind::internal, "This hub runs no transformKql; take it out of the data collection rule.");
    transformed = TRY(seams_.transform(flow.transform, providers::columns_of_stream(rule, stream, seams_.tables), rows.rows));
    shaped = &transformed;
  }
  workspace::AppendReceipt sum;
  sum.refused = shaped->refused;
  sum.refusals = shaped->refusals;
  std::vector<providers::Workspace> workspaces;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    workspaces = TRY(providers::load_workspaces(session));
    return {};
  }));
  const auto table = providers::table_of_stream(flow.output_stream.empty() ? stream : flow.output_stream);
  for (const auto& name : flow.destinations) {
    const auto* destination = rule.find_destination(name);
    const auto* workspace = destination ? providers::find_workspace(workspaces, destination->workspace_id) : nullptr;
    if (!workspace || !table) return base::fail(base::Kind::not_found, fmt::format("The workspace of the destination '{}' is gone.", name));
    workspace::RecordBatch batch;
    batch.workspace = workspace->ref.id;
    batch.table = *table;
    batch.rows = shaped->rows;
    sum += TRY(seams_.sink.append(batch));
  }
  return sum;
}

tl::expected<workspace::WorkspaceRef, net::ServerResponse> IngestApi::target_workspace(const net::ServerRequest& request) {
  const auto admitted = manager_.admit(request);
  if (!admitted) return tl::make_unexpected(admitted.error());
  const auto given = request.parameter("workspace");
  const std::string name(given.empty() ? providers::kDefaultWorkspace : given);
  std::optional<providers::Workspace> workspace;
  const auto found = database_.read([&](store::Session& session) -> base::Result<void> {
    const auto workspaces = TRY(providers::load_workspaces(session));
    if (const auto* one = providers::find_workspace(workspaces, name)) workspace = *one;
    return {};
  });
  if (!found) return tl::make_unexpected(arm::to_response(found.error()));
  if (!workspace) return tl::make_unexpected(refused(404, "WorkspaceNotFoundError", fmt::format("There is no workspace '{}'.", name)));
  if (auto denied = manager_.authorize(request, *admitted, std::string(kSendRight), workspace->ref.resource_id, arm::Plane::data)) return tl::make_unexpected(std::move(*denied));
  return workspace->ref;
}

net::ServerResponse IngestApi::collect_lines(const net::ServerRequest& request, std::string_view table) {
  const auto target = target_workspace(request);
  if (!target) return target.error();
  const std::string type = media_type(request);
  const bool is_lines = type == "application/x-ndjson" || type == "application/jsonl" || type == "application/json-lines";
  if (!is_lines && type != "application/json") return refused(415, "UnsupportedMediaType", "Send JSON lines (Content-Type: application/x-ndjson) or a JSON array (application/json).");
  const auto body = unpacked_body(request, kUnpackedLinesBytes);
  if (!body) return refusal_of(body.error());
  const auto rows = is_lines ? seams_.json_lines(*body) : seams_.json(*body);
  if (!rows) return refusal_of(rows.error());
  workspace::RecordBatch batch;
  batch.workspace = target->id;
  batch.table = base::percent_decode(table);
  batch.rows = rows->rows;
  auto receipt = seams_.sink.append(batch);
  if (!receipt) return refusal_of(receipt.error());
  if (is_lines) number_lines(*body, batch.rows, *receipt);
  if (auto bad = refuse_all_bad(*receipt)) return arm::to_response(*bad);
  return arm::to_response({200, receipt_json(*receipt), {}});
}

// OTLP/HTTP (opentelemetry-proto, "OTLP/HTTP Response"): the answer has the form of the request.
net::ServerResponse IngestApi::collect_otlp(const net::ServerRequest& request) {
  const auto target = target_workspace(request);
  if (!target) return target.error();
  const std::string type = media_type(request);
  const bool is_protobuf = type == "application/x-protobuf";
  if ((!is_protobuf && type != "application/json") || (is_protobuf && !seams_.otlp_protobuf))
    return refused(415, "UnsupportedMediaType", "Send OTLP logs as application/json" + std::string(seams_.otlp_protobuf ? " or application/x-protobuf." : "."));
  const auto body = unpacked_body(request, kUnpackedLinesBytes);
  if (!body) return refusal_of(body.error());
  const auto rows = is_protobuf ? seams_.otlp_protobuf(*body) : seams_.otlp_json(*body);
  if (!rows) return refusal_of(rows.error());
  workspace::RecordBatch batch;
  batch.workspace = target->id;
  batch.table = kOtlpTable;
  batch.rows = rows->rows;
  batch.source_system = "OpenTelemetry";
  const auto receipt = rows->rows.empty() ? base::Result<workspace::AppendReceipt>() : seams_.sink.append(batch);
  if (!receipt) return refusal_of(receipt.error());
  const std::string why = receipt->refusals.empty() ? "" : base::printable(receipt->refusals.front().reason);
  if (is_protobuf) return {200, {{"Content-Type", "application/x-protobuf"}}, workspace::otlp_protobuf_answer(receipt->refused, why), {}, {}};
  base::JsonObject answer;
  if (receipt->refused > 0)
    answer.emplace("partialSuccess", base::JsonObject{{"rejectedLogRecords", std::to_string(receipt->refused)}, {"errorMessage", why}});
  return arm::to_response({200, std::move(answer), {}});
}

}  // namespace hub
