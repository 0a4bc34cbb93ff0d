// SPDX-License-Identifier: Apache-2.0
#include "workspace/http_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/compress.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/url.hpp"
#include "workspace/clickhouse_error.hpp"
#include "workspace/row_binary.hpp"
#include "workspace/sql_text.hpp"

namespace workspace {

namespace {

constexpr std::size_t kAnswerCap = std::size_t{1} << 30;
constexpr std::size_t kLeastAnswerCap = std::size_t{64} << 20;
constexpr std::chrono::minutes kStatementTime{5};    // of DDL, which waits for every server of a cluster, and of inserts
constexpr std::chrono::seconds kGrace{30};           // past the time at which the server itself ends a query
constexpr std::chrono::hours kNoTimeLimit{24};

std::uint64_t summary_number(const base::Json& summary, std::string_view key) {  // numbers are strings there
  const std::string_view text = base::get_string(summary, key);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

QueryStatistics statistics_of(const net::HttpResponse& response) {
  QueryStatistics out;
  const auto summary = base::parse_json(response.header("x-clickhouse-summary"), "X-ClickHouse-Summary");
  if (!summary) return out;
  out.rows_read = summary_number(*summary, "read_rows");
  out.bytes_read = summary_number(*summary, "read_bytes");
  out.elapsed = std::chrono::microseconds(summary_number(*summary, "elapsed_ns") / 1000);
  return out;
}

// An error answer: ClickHouse's own, or one of something in between.
base::Error answer_error(const net::HttpResponse& response, std::string_view body) {
  if (body.find("DB::Exception") != std::string_view::npos) return clickhouse_error(body);
  const base::Kind kind = response.status == 401 || response.status == 403 ? base::Kind::denied : base::Kind::unavailable;
  return {kind, fmt::format("HTTP status {} from the workspace's ClickHouse server: {}", response.status,
                            base::printable(body.substr(0, 300)))};
}

class HttpEngine final : public SqlEngine {
 public:
  HttpEngine(HttpEngineOptions options, std::unique_ptr<net::HttpTransport> transport)
      : options_(std::move(options)), transport_(std::move(transport)) {}

  base::Result<void> execute(std::string_view sql) override;
  base::Result<QueryAnswer> query(const SqlQuery& query) override;
  base::Result<void> insert(const RowBatch& batch) override;
  base::Result<void> cancel(std::string_view query_id) override;

 private:
  net::HttpRequest request(const EngineSettings& parameters, std::chrono::milliseconds time) const;
  base::Result<net::HttpResponse> send(const net::HttpRequest& request);

  const HttpEngineOptions options_;
  const std::unique_ptr<net::HttpTransport> transport_;
};

net::HttpRequest HttpEngine::request(const EngineSettings& parameters, std::chrono::milliseconds time) const {
  net::HttpRequest out;
  out.method = "POST";
  // The status says how it went only when the server keeps the answer back until it is whole.
  out.url = options_.url + "?wait_end_of_query=1";
  if (options_.compress) out.url += "&enable_http_compression=1";
  for (const auto& [name, value] : parameters) out.url += fmt::format("&{}={}", name, base::percent_encode(value));
  if (options_.compress) out.headers.emplace_back("Accept-Encoding", "zstd");
  if (!options_.user.empty()) out.headers.emplace_back("X-ClickHouse-User", options_.user);
  if (!options_.password.empty()) out.headers.emplace_back("X-ClickHouse-Key", options_.password);
  out.stall_timeout = time + kGrace;  // nothing comes while the server works
  return out;
}

base::Result<net::HttpResponse> HttpEngine::send(const net::HttpRequest& request) {
  net::HttpResponse response = TRY(transport_->send(request));
  if (!response.header("content-encoding").empty())
    response.body = TRY(base::decompress_whole(response.body, request.body_cap, "the answer of the workspace's ClickHouse server"));
  if (response.status != 200) return base::fail(answer_error(response, response.body));
  return response;
}

base::Result<void> HttpEngine::execute(std::string_view sql) {
  net::HttpRequest out = request({}, kStatementTime);
  out.body = sql;
  TRY(send(out));
  return {};
}

base::Result<QueryAnswer> HttpEngine::query(const SqlQuery& query) {
  EngineSettings parameters = TRY(query_settings(query));
  parameters.emplace_back("default_format", "RowBinaryWithNamesAndTypes");
  const QueryLimits& limits = query.limits;
  net::HttpRequest out = request(parameters, limits.time.count() > 0 ? limits.time : std::chrono::milliseconds(kNoTimeLimit));
  out.body = query.sql;
  if (limits.result_bytes > 0) out.body_cap = std::max<std::size_t>(kLeastAnswerCap, 2 * limits.result_bytes);
  else out.body_cap = kAnswerCap;
  const net::HttpResponse response = TRY(send(out));
  QueryAnswer answer;
  answer.table = TRY(read_row_binary(response.body));
  answer.statistics = statistics_of(response);
  return answer;
}

base::Result<void> HttpEngine::insert(const RowBatch& batch) {
  net::HttpRequest out = request({{"query", TRY(insert_statement(batch))}}, kStatementTime);
  if (options_.compress) {
    out.headers.emplace_back("Content-Encoding", "zstd");
    out.body = base::compress_zstd(batch.rows);
  } else {
    out.body = batch.rows;
  }
  TRY(send(out));
  return {};
}

base::Result<void> HttpEngine::cancel(std::string_view query_id) {
  return execute(TRY(kill_statement(query_id, options_.cluster)));
}

}  // namespace

base::Result<std::unique_ptr<SqlEngine>> http_engine(HttpEngineOptions options, std::unique_ptr<net::HttpTransport> transport) {
  const net::Url url = TRY_CONTEXT(net::Url::parse(options.url), "the address of the workspace's ClickHouse server");
  if (!url.query.empty())
    return base::fail(base::Kind::invalid_input, "the address of the workspace's ClickHouse server must have no query part");
  if (!options.password.empty() && url.scheme != "https" && !net::is_loopback_host(url.host))
    return base::fail(base::Kind::invalid_input, fmt::format("the password for the ClickHouse server {} would go over the network in "
                                                             "clear; use an https address",
                                                             url.authority()));
  options.url = url.text();
  return std::make_unique<HttpEngine>(std::move(options), std::move(transport));
}

}  // namespace workspace
