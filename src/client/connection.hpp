// SPDX-License-Identifier: Apache-2.0
// Requests to a hub, as docs/rest-api.md describes them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "net/http.hpp"

namespace client {

// Where a hub is and who asks.
struct Target {
  std::string url;          // as Context::url
  std::string token;        // empty: nobody
  std::string ca_file;
  std::string fingerprint;  // as net::parse_fingerprint gives it
  std::string user_agent = "bulwark";
};

using Query = std::vector<std::pair<std::string, std::string>>;  // decoded; pairs with an empty value are left out

// Rows of a list, in the hub's order.
struct Rows {
  base::JsonArray value;
  std::optional<std::int64_t> total;  // of the whole list, where the hub says
  bool more = false;                  // there are rows beyond the limit
};

// The path of a list or resource with its query. "?api-version=2025-11-01" is added to paths of resources.
std::string target_of(std::string_view path, const Query& query = {});

// One hub. Thread-safe.
class Connection {
 public:
  // Kind::invalid_input: no http or https URL; Kind::denied: plain http to another machine, where a token could be read.
  static base::Result<Connection> open(const Target& target);

  const std::string& url() const { return url_; }

  // What later requests ask at least once a second; false ends them with Kind::cancelled.
  void go_on_while(std::function<bool()> go_on) { go_on_ = std::move(go_on); }

  // The body as JSON, null where it is empty. Any status but 2xx is an error whose message names the hub's code and message,
  // and with 401 how to sign in. `path` begins with '/'; GET is tried again where the hub is busy.
  base::Result<base::Json> get(std::string_view path, const Query& query = {}) const;
  base::Result<base::Json> send(std::string_view method, std::string_view path, const base::Json& body = nullptr,
                                const net::Headers& headers = {}) const;
  base::Result<net::HttpResponse> send_bytes(std::string_view method, std::string_view path, std::string body,
                                             const net::Headers& headers) const;

  // Follows `next` and `nextLink` until `limit` rows are there; 0: all, at most a million.
  base::Result<Rows> list(std::string_view path, Query query, std::size_t limit) const;

 private:
  Connection(std::string url, std::string token, std::shared_ptr<net::HttpTransport> transport)
      : url_(std::move(url)), token_(std::move(token)), transport_(std::move(transport)) {}

  base::Result<net::HttpResponse> exchange(net::HttpRequest request) const;
  base::Result<base::Json> get_target(const std::string& path_and_query) const;

  std::string url_;
  std::string token_;
  std::shared_ptr<net::HttpTransport> transport_;
  std::function<bool()> go_on_;
};

// "hub.example.com:8443/", "https://hub.example.com:8443" → "https://hub.example.com:8443".
base::Result<std::string> normal_url(std::string_view text);

}  // namespace client
