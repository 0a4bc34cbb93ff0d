// SPDX-License-Identifier: Apache-2.0
// The same engine as a server or cluster, over ClickHouse's HTTP interface.
#pragma once

#include <memory>
#include <string>

#include "net/http.hpp"
#include "workspace/sql_engine.hpp"

namespace workspace {

struct HttpEngineOptions {
  std::string url;       // "https://clickhouse.example:8443/"
  std::string user;      // empty: the server's default user
  std::string password;  // sent in a header; over plain http to loopback hosts only
  std::string cluster;   // of the tables (ddl.hpp); queries are cancelled on all of it. Empty: one server
  bool compress = true;  // rows and answers, with zstd
};

// Nothing is sent before the first call. Kind::invalid_input: no http or https URL, or a password that would go over the
// network in clear. TLS is the transport's.
base::Result<std::unique_ptr<SqlEngine>> http_engine(HttpEngineOptions options, std::unique_ptr<net::HttpTransport> transport);

}  // namespace workspace
