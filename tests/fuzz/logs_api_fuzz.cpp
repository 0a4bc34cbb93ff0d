// SPDX-License-Identifier: Apache-2.0
// The bytes as everything that the query and ingestion APIs read: a path, a body, a timespan, preferences, the SharedKey
// header, a date, a collection rule, the schema of a table; and as text that is written into an answer.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "hub/logs/ingest_replies.hpp"
#include "hub/logs/query_answer.hpp"
#include "hub/logs/query_request.hpp"
#include "hub/logs/shared_key.hpp"
#include "providers/insights/collection_rule.hpp"
#include "providers/operational_insights/table_schemas.hpp"
#include "workspace/timespan.hpp"
#include "workspace/wire_json.hpp"

namespace {

void check_times(std::string_view text) {
  const auto range = workspace::parse_timespan(text, workspace::now_ticks());
  if (range && (range->begin > range->end || range->begin < 0)) std::abort();
  (void)hub::parse_http_date(text);
  const auto wait = hub::read_preferences(text).wait;
  if (wait.count() < 1 || wait > hub::kLongestQueryWait) std::abort();
}

void check_signature(std::string_view text) {
  net::ServerRequest request;
  request.method = "POST";
  request.path = "/api/logs";
  const auto signature = hub::parse_shared_key(text);
  if (signature && hub::is_signed_with(*signature, "a2V5", request)) std::abort();  // nobody guesses a signature
}

// Whatever the bytes are, what is written is JSON, and says the same where they were UTF-8.
void check_text(std::string_view text) {
  std::string out;
  workspace::append_json_text(text, out);
  const auto read = base::parse_json(out, "text");
  if (!read || !read->is_string()) std::abort();
  std::string again;
  workspace::append_json_text(base::as_string(*read), again);
  if (again != out) std::abort();
}

void check_bodies(const base::Json& body) {
  (void)hub::read_question(body, 0);
  (void)hub::read_batch(body, 0);
  arm::Resource rule;
  rule.id = *arm::ResourceId::parse("/subscriptions/s/providers/Microsoft.Insights/dataCollectionRules/r");
  rule.body = {{"properties", body}};
  (void)providers::parse_collection_rule(rule);
  static const auto specs = workspace::TableSpecs::load();
  const auto table = providers::custom_table_of("Fuzz_CL", body, *specs);
  if (!table) return;
  const auto again = providers::custom_table_of("Fuzz_CL", base::JsonObject{{"schema", providers::schema_json(*table, *specs)}}, *specs);
  if (!again || again->schema.columns.size() != table->schema.columns.size()) std::abort();
}

void check_request(std::string_view text) {
  net::ServerRequest request;
  request.method = "POST";
  request.body = text;
  request.headers = {{"content-encoding", "gzip"}, {"accept-encoding", std::string(text)}};
  const auto unpacked = hub::unpacked_body(request, 1u << 16);
  if (unpacked && unpacked->size() > (1u << 16)) std::abort();
  (void)hub::takes_gzip(request);
  (void)hub::read_question(request, 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto path = hub::read_query_path("/" + std::string(text));
  if (path.kind != hub::QueryPath::Kind::none && path.kind != hub::QueryPath::Kind::batch && path.target.empty() && text.substr(0, 13) != "v1/workspaces") std::abort();
  check_times(text);
  check_signature(text);
  check_text(text);
  check_request(text);
  if (const auto body = base::parse_json(text, "body")) check_bodies(*body);
  return 0;
}
