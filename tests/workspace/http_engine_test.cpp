// SPDX-License-Identifier: Apache-2.0
// What the HTTP engine says on the wire, and what it makes of answers that are not ClickHouse's.
#include "workspace/http_engine.hpp"

#include <algorithm>
#include <functional>
#include <mutex>

#include "base/compress.hpp"
#include "net/server.hpp"
#include "workspace/clickhouse_error.hpp"
#include "test_engine.hpp"

namespace workspace {
namespace {

using namespace workspace_test;

// A server whose one answer the test writes.
class CannedServer {
 public:
  explicit CannedServer(net::ServerResponse answer, std::optional<net::TlsIdentity> tls = {}) : answer_(std::move(answer)) {
    net::ServerOptions options;
    scheme_ = tls ? "https" : "http";
    options.tls = std::move(tls);
    server_ = net::HttpServer::start(std::move(options), [this](const net::ServerRequest& request) {
                const std::lock_guard lock(mutex_);
                last_ = request;
                return answer_;
              }).value();
  }
  std::string url() const { return scheme_ + "://127.0.0.1:" + std::to_string(server_->port()); }
  net::ServerRequest last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  std::string scheme_;
  std::mutex mutex_;  // guards last_
  net::ServerRequest last_;
  const net::ServerResponse answer_;
  std::unique_ptr<net::HttpServer> server_;  // ended first
};

net::ServerResponse answer_of(int status, std::string body) {
  net::ServerResponse out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

std::unique_ptr<SqlEngine> engine_at(HttpEngineOptions options, const net::TransportOptions& transport = {}) {
  return http_engine(std::move(options), net::curl_transport(transport)).value();
}

const std::string kOneRow("\x01\x01n\x05Int32\x07\0\0\0", 13);  // n: 7

TEST(HttpEngine, sends_a_query_with_its_limits_and_credentials) {
  CannedServer server(answer_of(200, kOneRow));
  const auto engine = engine_at({server.url(), "reader", "s3cret", "", true});
  SqlQuery query;
  query.sql = "SELECT 7 AS n";
  query.id = "q-1";
  query.limits.memory_bytes = 1000;
  query.limits.time = std::chrono::milliseconds(1500);
  query.settings = {{"session_timezone", "Etc/GMT+1 &x"}};
  const auto answer = engine->query(query);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(answer->table), "7");
  const net::ServerRequest sent = server.last();
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.body, "SELECT 7 AS n");
  EXPECT_EQ(sent.header("x-clickhouse-user"), "reader");
  EXPECT_EQ(sent.header("x-clickhouse-key"), "s3cret");
  EXPECT_EQ(sent.target.find("s3cret"), std::string::npos);
  EXPECT_EQ(sent.parameter("log_comment"), "q-1");
  EXPECT_EQ(sent.parameter("readonly"), "1");
  EXPECT_EQ(sent.parameter("max_memory_usage"), "1000");
  EXPECT_EQ(sent.parameter("max_execution_time"), "1.500");
  EXPECT_EQ(sent.parameter("session_timezone"), "Etc/GMT+1 &x");
  EXPECT_EQ(sent.parameter("wait_end_of_query"), "1");
  EXPECT_EQ(sent.parameter("default_format"), "RowBinaryWithNamesAndTypes");
}

TEST(HttpEngine, compresses_rows_and_reads_compressed_answers) {
  net::ServerResponse packed = answer_of(200, base::compress_zstd(kOneRow));
  packed.headers.emplace_back("Content-Encoding", "zstd");
  packed.headers.emplace_back("X-ClickHouse-Summary", R"({"read_rows":"12","read_bytes":"340","elapsed_ns":"5000"})");
  CannedServer server(std::move(packed));
  const auto engine = engine_at({server.url(), "", "", "", true});
  const auto answer = engine->query({"SELECT 7 AS n", "", {}, {}});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(answer->table), "7");
  EXPECT_EQ(answer->statistics.rows_read, 12u);
  EXPECT_EQ(answer->statistics.bytes_read, 340u);
  EXPECT_EQ(answer->statistics.elapsed.count(), 5);
  const std::string rows = "{\"a\":1}\n";
  ASSERT_TRUE(engine->insert({"db.t", rows, 1, "token-1"}));
  const net::ServerRequest sent = server.last();
  EXPECT_EQ(sent.header("content-encoding"), "zstd");
  EXPECT_EQ(base::decompress_whole(sent.body, 1000, "rows").value(), rows);
  EXPECT_NE(sent.parameter("query").find("INSERT INTO db.t SETTINGS insert_deduplication_token='token-1'"), std::string_view::npos);
}

TEST(HttpEngine, without_compression_bytes_are_as_they_are) {
  CannedServer server(answer_of(200, kOneRow));
  const auto engine = engine_at({server.url(), "", "", "", false});
  ASSERT_TRUE(engine->insert({"db.t", "{\"a\":1}\n", 1, "token-1"}));
  EXPECT_EQ(server.last().body, "{\"a\":1}\n");
  EXPECT_EQ(server.last().header("content-encoding"), "");
}

TEST(HttpEngine, speaks_tls_to_a_server_that_it_trusts) {
  const net::TlsIdentity identity = net::make_self_signed({"127.0.0.1"}, 1).value();
  CannedServer server(answer_of(200, kOneRow), identity);
  net::TransportOptions trusting;
  trusting.ca_pem = identity.certificate_pem;
  EXPECT_TRUE(engine_at({server.url(), "u", "p", "", true}, trusting)->query({"SELECT 7", "", {}, {}}));
  const auto refused = engine_at({server.url(), "u", "p", "", true})->query({"SELECT 7", "", {}, {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::denied);
}

TEST(HttpEngine, a_password_does_not_go_over_the_network_in_clear) {
  const auto refused = http_engine({"http://clickhouse.example:8123", "u", "p", "", true}, net::curl_transport({}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::invalid_input);
  EXPECT_TRUE(http_engine({"https://clickhouse.example:8443", "u", "p", "", true}, net::curl_transport({})));
}

TEST(HttpEngine, an_answer_of_something_else_is_told_as_such) {
  CannedServer proxy(answer_of(502, "<html>Bad gateway\x1b[31m</html>"));
  const auto answer = engine_at({proxy.url(), "", "", "", true})->query({"SELECT 1", "", {}, {}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::Kind::unavailable);
  EXPECT_EQ(clickhouse_code(answer.error()), ClickHouseCode::none);
  EXPECT_EQ(answer.error().message.find('\x1b'), std::string::npos);
}

TEST(HttpEngine, a_wrong_password_is_denied) {
  NEED_ENGINE_LIBRARY();
  const auto answer = engine_at({engines().server().url(), kUser, "wrong", "", true})->query({"SELECT 1", "", {}, {}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::Kind::denied) << answer.error().message;
}

TEST(HttpEngine, queries_are_cancelled_on_the_whole_cluster) {
  CannedServer server(answer_of(200, ""));
  ASSERT_TRUE(engine_at({server.url(), "", "", "blue", true})->cancel("q-1"));
  EXPECT_EQ(server.last().body, "KILL QUERY ON CLUSTER `blue` WHERE Settings['log_comment'] = 'q-1' ASYNC");
}

}  // namespace
}  // namespace workspace
