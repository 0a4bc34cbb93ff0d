// SPDX-License-Identifier: Apache-2.0
// The HTTP Data Collector API: POST /api/logs, signed with a key of the workspace. Errors are {Error, Message}.
#include <fmt/format.h>

#include <algorithm>

#include "arm/resource_id.hpp"
#include "base/text.hpp"
#include "hub/logs/ingest_api.hpp"
#include "hub/logs/ingest_replies.hpp"
#include "hub/logs/shared_key.hpp"

namespace hub {

namespace {

constexpr std::size_t kLongestLogType = 100, kLongestTimeField = 256;

net::ServerResponse collector_refusal(int status, std::string_view code, std::string_view message) {
  return arm::to_response({status, base::JsonObject{{"Error", code}, {"Message", base::printable(message)}}, {}});
}

net::ServerResponse as_collector_refusal(arm::Reply reply) {
  const base::Json error = *base::find(reply.body, "error");
  reply.body = base::JsonObject{{"Error", base::get_string(error, "code")}, {"Message", base::get_string(error, "message")}};
  return arm::to_response(reply);
}

bool is_log_type(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && name.size() <= kLongestLogType && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || c == '_' || (c >= '0' && c <= '9'); });
}

// What is wrong with a request before anything is looked up; nothing where it is fine.
std::optional<net::ServerResponse> refuse_collector_request(const net::ServerRequest& request) {
  const auto version = request.parameter("api-version");
  if (version.empty()) return collector_refusal(400, "MissingApiVersion", "The API version was not specified: ?api-version=2016-04-01.");
  if (version != "2016-04-01") return collector_refusal(400, "InvalidApiVersion", "The specified API version is invalid; it is 2016-04-01.");
  const auto type = request.header("content-type");
  if (type.empty()) return collector_refusal(400, "MissingContentType", "The content type was not specified.");
  if (!base::equals_ignoring_case(base::trim(base::cut(type, ";").first), "application/json")) return collector_refusal(400, "UnsupportedContentType", "The content type is not application/json.");
  if (request.header("log-type").empty()) return collector_refusal(400, "MissingLogType", "The header Log-Type is missing.");
  if (!is_log_type(request.header("log-type"))) return collector_refusal(400, "InvalidLogType", "Log-Type has at most 100 letters, digits and '_', a letter in front.");
  if (request.header("time-generated-field").size() > kLongestTimeField) return collector_refusal(400, "InvalidTimeGeneratedField", "time-generated-field is too long.");
  if (const auto resource = request.header("x-ms-azureresourceid"); !resource.empty() && !arm::ResourceId::parse(resource))
    return collector_refusal(400, "InvalidResourceId", "x-ms-AzureResourceId is no resource id.");
  return std::nullopt;
}

// The workspace whose key signed the request; Kind::denied.
base::Result<workspace::WorkspaceRef> signer_of(store::Session& session, const store::Vault& vault, const net::ServerRequest& request) {
  const auto signature = TRY(parse_shared_key(request.header("authorization")));
  const auto date = parse_http_date(request.header("x-ms-date"));
  const auto denied = [](std::string_view message) { return base::fail(base::Kind::denied, std::string(message)); };
  if (!date) return denied("The header x-ms-date is missing or no date such as Sun, 29 Nov 2026 12:00:00 GMT.");
  if (std::chrono::abs(base::Seconds(std::chrono::seconds(store::now_ms() / 1000)) - *date) > kSignatureLife)
    return denied("The header x-ms-date is more than 15 minutes away from the hub's clock.");
  const auto workspaces = TRY(providers::load_workspaces(session));
  const auto found = std::find_if(workspaces.begin(), workspaces.end(), [&](const auto& one) { return base::equals_ignoring_case(one.ref.id, signature.workspace_id); });
  constexpr std::string_view kWrong = "The signature is none of this workspace's keys, or was made of another request.";
  if (found == workspaces.end() || found->keys_are_refused) return denied(kWrong);
  const auto keys = TRY(providers::load_shared_keys(session, vault, found->key));
  const bool primary = is_signed_with(signature, keys.primary, request), secondary = is_signed_with(signature, keys.secondary, request);
  if (!primary && !secondary) return denied(kWrong);
  return found->ref;
}

}  // namespace

net::ServerResponse IngestApi::collect_signed(const net::ServerRequest& request) {
  if (auto bad = refuse_collector_request(request)) return std::move(*bad);
  base::Result<workspace::WorkspaceRef> signer;
  const auto read = database_.read([&](store::Session& session) -> base::Result<void> {
    signer = signer_of(session, vault_, request);
    return {};
  });
  if (!read) return arm::to_response(read.error());
  if (!signer) {
    manager_.record(request, nullptr, "Microsoft.OperationalInsights/workspaces/sharedKeys/ingest", request.path, 403, signer.error().message);
    return collector_refusal(403, "InvalidAuthorization", signer.error().message);
  }
  const auto rows = seams_.json(request.body);
  if (!rows) return collector_refusal(rows.error().kind == base::Kind::too_large ? 413 : 400, "InvalidDataFormat", rows.error().message);
  workspace::RecordBatch batch;
  batch.workspace = signer->id;
  batch.table = std::string(request.header("log-type")) + "_CL";
  batch.rows = rows->rows;
  batch.naming = workspace::MemberNaming::suffixed;
  batch.time_member = request.header("time-generated-field");
  batch.resource_id = request.header("x-ms-azureresourceid");
  batch.source_system = "RestAPI";
  const auto receipt = seams_.sink.append(batch);
  if (!receipt) return as_collector_refusal(ingestion_refusal(receipt.error(), seams_.sink.retry_after()));
  if (auto bad = refuse_all_bad(*receipt)) return collector_refusal(400, "InvalidDataFormat", base::get_string(*base::find(bad->body, "error"), "message"));
  return {200, {}, {}, {}, {}};
}

}  // namespace hub
