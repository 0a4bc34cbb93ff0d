// SPDX-License-Identifier: Apache-2.0
// The Log Analytics wire APIs of the hub: queries (/v1/…, {resourceId}/query), their metadata, and what the pages ask beside
// them (/api/logs/…).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arm/resource_manager.hpp"
#include "hub/logs/query_answer.hpp"
#include "hub/logs/query_request.hpp"
#include "hub/logs/query_scope.hpp"
#include "hub/logs/running_queries.hpp"
#include "workspace/example_queries.hpp"
#include "workspace/query_service.hpp"

namespace hub {

struct LogsApiOptions {
  std::size_t queries_at_once = 8;  // each keeps a worker of the server busy
  std::size_t queries_waiting = 16;
  std::chrono::milliseconds patience{30'000};  // of one that waits
  std::vector<workspace::ExampleQuery> examples;  // queries to begin with, in the metadata
};

// Thread-safe.
class LogsApi {
 public:
  // All outlive it.
  LogsApi(store::Database& database, arm::ResourceManager& manager, workspace::QueryService& service, LogsApiOptions options = {});

  // Whether a request to this path is a query, which may take its time.
  static bool is_query(std::string_view path);

  // Nothing for any other path.
  std::optional<net::ServerResponse> serve(const net::ServerRequest& request);

 private:
  struct Asker {
    const net::ServerRequest& http;
    identity::Caller caller;
    arm::Access access;
    std::string request_id, client_id;
  };
  using Served = tl::expected<net::ServerResponse, arm::Reply>;

  net::ServerResponse serve_admitted(const net::ServerRequest& request, const std::function<Served(const Asker&)>& handler);
  Served query(const Asker& asker, const QueryPath& path);
  Served batch(const Asker& asker);
  Served metadata(const Asker& asker, const QueryPath& path);
  Served check(const Asker& asker);
  Served cancel(const Asker& asker, std::string_view client_id);

  tl::expected<QueryScope, arm::Reply> admitted_scope(const Asker& asker, const QueryPath& path, const std::vector<std::string>& further);
  base::Result<workspace::QueryRequest> request_of(const QueryScope& scope, const QueryQuestion& question);
  tl::expected<workspace::QueryOutcome, workspace::QueryFailure> run(const Asker& asker, const QueryScope& scope, const QueryQuestion& question,
                                                                     const Preferences& preferences);
  void append_batched(const Asker& asker, const BatchedQuery& one, std::string& out);
  net::ServerResponse batched(const Asker& asker, const BatchedQuery& one);

  store::Database& database_;
  arm::ResourceManager& manager_;
  workspace::QueryService& service_;
  const LogsApiOptions options_;
  RunningQueries running_;
};

}  // namespace hub
