// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/query_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/gzip_writer.hpp"
#include "base/text.hpp"
#include "workspace/wire_json.hpp"

namespace hub {

namespace {

constexpr std::size_t kLargestText = std::size_t{256} << 20;  // of an answer, uncompressed
constexpr std::string_view kBadArgument = "BadArgumentError";
constexpr std::string_view kBadArgumentText = "The request had some invalid properties";
// As readers of `render` spell them; queries may write them in any case.
constexpr std::string_view kRenderNames[] = {"title", "kind", "xColumn", "yColumns", "series", "anomalyColumns", "xTitle", "yTitle", "xAxis", "yAxis",
                                             "yMin", "yMax", "ySplit", "legend", "accumulate"};

base::JsonObject statistics_json(const workspace::QueryOutcome& outcome) {
  const auto& statistics = outcome.statistics;
  base::JsonArray tables;
  for (const auto& table : outcome.tables) tables.emplace_back(base::JsonObject{{"tableRowCount", table.rows.rows()}});
  return {{"query", base::JsonObject{{"executionTime", std::chrono::duration<double>(statistics.elapsed).count()},
                                     {"inputDatasetStatistics", base::JsonObject{{"rows", base::JsonObject{{"total", statistics.rows_read}, {"scanned", statistics.rows_read}}},
                                                                                 {"bytes", base::JsonObject{{"scanned", statistics.bytes_read}}}}},
                                     {"datasetStatistics", std::move(tables)}}}};
}

base::JsonObject render_json(const workspace::Render& render) {
  base::JsonObject out{{"visualization", render.visualization}, {"title", nullptr}, {"accumulate", false}, {"isQuerySorted", false}, {"kind", nullptr}, {"annotation", ""}, {"by", nullptr}};
  for (const auto& property : render.properties) {
    const auto known = std::find_if(std::begin(kRenderNames), std::end(kRenderNames), [&](std::string_view name) { return base::equals_ignoring_case(name, property.key()); });
    out.insert_or_assign(known == std::end(kRenderNames) ? std::string_view(property.key()) : *known, property.value());
  }
  return out;
}

base::JsonArray sources_json(const workspace::QueryOutcome& outcome) {
  base::JsonArray out;
  for (const auto& source : outcome.sources)
    out.emplace_back(base::JsonObject{{"resourceId", source.workspace.resource_id}, {"region", "local"}, {"tables", base::JsonArray(source.tables.begin(), source.tables.end())}});
  return out;
}

base::JsonObject partial_json(const base::Error& error) {
  base::JsonObject inner{{"code", "QueryLimitsExceeded"}, {"message", base::printable(error.message)}, {"severity", 2}, {"severityName", "Error"}};
  return {{"code", "PartialError"},
          {"message", "There were some errors when processing your query."},
          {"details", base::JsonArray{base::JsonObject{{"code", "EngineError"}, {"message", "Something went wrong processing your query on the server."}, {"innererror", std::move(inner)}}}}};
}

std::string diagnostic_text(const workspace::QueryDiagnostic& diagnostic) {
  std::string text = base::printable(diagnostic.message);
  if (!diagnostic.suggestion.empty()) text += fmt::format("{} Did you mean '{}'?", text.empty() || text.back() == '.' ? "" : ".", base::printable(diagnostic.suggestion));
  return text;
}

base::JsonObject place_json(const workspace::QueryDiagnostic& diagnostic) {
  const bool syntax = diagnostic.kind == workspace::QueryDiagnostic::Kind::syntax;
  base::JsonObject out{{"code", syntax ? "SYN0002" : "SEM0100"}, {"message", diagnostic_text(diagnostic)},   {"line", diagnostic.start.line},
                       {"pos", diagnostic.start.column - 1},     {"column", diagnostic.start.column}};
  if (!diagnostic.token.empty()) out.emplace("token", base::printable(diagnostic.token));
  return out;
}

// {code, message, innererror: {code, message, line, pos, token}, details: the further ones}
base::JsonObject query_fault_json(const std::vector<workspace::QueryDiagnostic>& diagnostics) {
  const bool syntax = diagnostics.front().kind == workspace::QueryDiagnostic::Kind::syntax;
  base::JsonObject out{{"code", syntax ? "SyntaxError" : "SemanticError"},
                       {"message", syntax ? "A recognition error occurred in the query." : "A semantic error occurred."},
                       {"innererror", place_json(diagnostics.front())}};
  base::JsonArray details;
  for (std::size_t i = 1; i < diagnostics.size(); ++i) details.emplace_back(place_json(diagnostics[i]));
  if (!details.empty()) out.emplace("details", std::move(details));
  return out;
}

void add_json_headers(net::ServerResponse& response, bool compressed) {
  if (compressed) response.headers.emplace_back("Content-Encoding", "gzip");
  response.headers.emplace_back("Vary", "Accept-Encoding");
  response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
}

struct FailureCode {
  base::Kind kind;
  int status;
  std::string_view code;
};
constexpr FailureCode kFailureCodes[] = {
    {base::Kind::too_large, 400, "QueryLimitsExceeded"}, {base::Kind::cancelled, 400, "QueryCancelled"},
    {base::Kind::unavailable, 504, "GatewayTimeout"},    {base::Kind::denied, 403, "InsufficientAccessError"},
    {base::Kind::not_found, 400, kBadArgument},          {base::Kind::invalid_input, 400, kBadArgument},
    {base::Kind::unsupported, 400, kBadArgument},
};

}  // namespace

Preferences read_preferences(std::string_view header) {
  Preferences preferences;
  std::string text = base::to_lower(header.substr(0, 1000));
  std::replace(text.begin(), text.end(), ';', ',');
  for (const auto part : base::split(text, ',')) {
    const auto [name, value] = base::cut(base::trim(part), "=");
    if (name == "include-statistics") preferences.statistics = value == "true" || value.empty();
    if (name == "include-render") preferences.render = value == "true" || value.empty();
    if (name == "include-datasources") preferences.sources = value == "true" || value.empty();
    int seconds = 0;
    if (name == "wait" && base::is_digits(value) && std::from_chars(value.data(), value.data() + value.size(), seconds).ec == std::errc())
      preferences.wait = std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(1), kLongestQueryWait);
    else if (name == "wait" && base::is_digits(value))
      preferences.wait = kLongestQueryWait;
  }
  return preferences;
}

base::Result<void> write_answer(const workspace::QueryOutcome& outcome, const Preferences& preferences, const base::ByteSink& sink) {
  std::string_view before = "{\"tables\":[";
  for (const auto& table : outcome.tables) {
    TRY(sink(before));
    TRY(workspace::write_wire_table(table.name, table.rows, sink));
    before = ",";
  }
  if (outcome.tables.empty()) TRY(sink(before));
  std::string end = "]";
  if (preferences.statistics) end += ",\"statistics\":" + base::to_text(statistics_json(outcome));
  if (preferences.render && outcome.render) end += ",\"render\":" + base::to_text(render_json(*outcome.render));
  if (preferences.sources) end += ",\"dataSources\":" + base::to_text(sources_json(outcome));
  if (outcome.partial) end += ",\"error\":" + base::to_text(partial_json(*outcome.partial));
  end += "}";
  return sink(end);
}

bool takes_gzip(const net::ServerRequest& request) {
  for (const auto part : base::split(request.header("accept-encoding"), ',')) {
    const auto [name, rest] = base::cut(part, ";");
    std::string quality(rest);
    std::erase(quality, ' ');
    if (base::equals_ignoring_case(base::trim(name), "gzip")) return quality.substr(0, 3) != "q=0" || quality.find_first_of("123456789", 3) != std::string::npos;
  }
  return false;
}

net::ServerResponse answer_response(const workspace::QueryOutcome& outcome, const Preferences& preferences, const net::ServerRequest& request) {
  net::ServerResponse response;
  const bool compress = takes_gzip(request);
  base::GzipWriter gzip;
  std::size_t written = 0;
  const auto done = write_answer(outcome, preferences, [&](std::string_view bytes) -> base::Result<void> {
    written += bytes.size();
    if (written > kLargestText) return base::fail(base::Kind::too_large, "The answer is over 256 MiB of text; project fewer columns, or summarize.");
    if (compress)
      gzip.write(bytes);
    else
      response.body += bytes;
    return {};
  });
  if (!done) return arm::to_response(failure_reply({done.error(), {}}));
  if (compress) response.body = gzip.finish();
  add_json_headers(response, compress);
  return response;
}

net::ServerResponse compressed_response(std::string json, const net::ServerRequest& request) {
  constexpr std::size_t kWorthIt = 1400;  // what one packet carries anyway
  net::ServerResponse response;
  const bool compress = json.size() > kWorthIt && takes_gzip(request);
  if (compress) {
    base::GzipWriter gzip;
    gzip.write(json);
    response.body = gzip.finish();
  } else {
    response.body = std::move(json);
  }
  add_json_headers(response, compress);
  return response;
}

arm::Reply failure_reply(const workspace::QueryFailure& failure) {
  if (!failure.diagnostics.empty()) {
    base::JsonObject error{{"code", kBadArgument}, {"message", kBadArgumentText}, {"innererror", query_fault_json(failure.diagnostics)}};
    return {400, base::JsonObject{{"error", std::move(error)}}, {}};
  }
  for (const auto& one : kFailureCodes)
    if (one.kind == failure.error.kind) return arm::refuse(one.status, one.code, failure.error.message);
  return arm::refuse(failure.error);
}

}  // namespace hub
