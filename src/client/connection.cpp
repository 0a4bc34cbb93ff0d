// SPDX-License-Identifier: Apache-2.0
#include "client/connection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "net/pinned_certificate.hpp"
#include "net/retry.hpp"
#include "net/url.hpp"

namespace client {

namespace {

constexpr std::string_view kApiVersion = "2025-11-01";
constexpr std::size_t kPageRows = 1000;
constexpr std::size_t kMostRows = 1'000'000;
constexpr std::size_t kMostPages = 20'000;

base::Kind kind_of(int status) {
  if (status == 401 || status == 403) return base::Kind::denied;
  if (status == 404 || status == 410) return base::Kind::not_found;
  if (status == 409 || status == 412) return base::Kind::conflict;
  if (status == 413) return base::Kind::too_large;
  if (status == 405 || status == 501) return base::Kind::unsupported;
  if (status == 408 || status == 429 || status >= 500) return base::Kind::unavailable;
  return base::Kind::invalid_input;
}

void add_place(const base::Json& fault, std::string& out) {
  const auto line = base::get_int(fault, "line"), column = base::get_int(fault, "column");
  if (!line || !column) return;
  out += fmt::format("{}line {}, column {}: {}", out.empty() ? "" : "\n", *line, *column, base::printable(base::get_string(fault, "message")));
}

// Where a query is wrong, a line each place; empty for any other error.
std::string faults_of_query(const base::Json& error) {
  std::string out;
  const base::Json* faults = base::find(error, "innererror");
  if (!faults) return out;
  if (const base::Json* first = base::find(*faults, "innererror")) add_place(*first, out);
  for (const base::Json& further : base::get_array(*faults, "details")) add_place(further, out);
  return out;
}

// What the hub said, whatever it said it in; a proxy's page of HTML is none of the hub's words.
base::Error refusal(const net::HttpResponse& answer, const std::string& url) {
  std::string code;
  std::string message;
  if (const auto json = base::parse_json(answer.body, "the answer"); json) {
    const base::Json* error = base::find(*json, "error");
    if (error && error->is_object()) {
      if (auto faults = faults_of_query(*error); !faults.empty()) return {kind_of(answer.status), std::move(faults)};
      code = base::get_string(*error, "code");
      message = base::get_string(*error, "message");
    } else {  // RFC 6749 section 5.2
      code = base::get_string(*json, "error");
      message = base::get_string(*json, "error_description");
    }
  }
  if (message.empty()) message = fmt::format("the hub answered with status {}", answer.status);
  std::string text = base::printable(code.empty() ? message : code + ": " + message);
  if (answer.status == 401) text += fmt::format("\nTo sign in, run: bulwark login {}", url);
  if (const auto wait = answer.header("retry-after"); answer.status == 429 && !wait.empty())
    text += fmt::format(" (try again in {} s)", base::printable(wait));
  return {kind_of(answer.status), std::move(text)};
}

// Path and query of a link to the next page. Its host does not count: the hub may be known by another name here.
std::string local_part(std::string_view link) {
  if (link.substr(0, 1) == "/" && link.substr(0, 2) != "//") return std::string(link);
  const auto url = net::Url::parse(link);
  if (!url) return {};
  return url->query.empty() ? url->path : url->path + "?" + url->query;
}

}  // namespace

std::string target_of(std::string_view path, const Query& query) {
  std::string out(path);
  char mark = path.find('?') == std::string_view::npos ? '?' : '&';
  const auto add = [&](std::string_view name, std::string_view value) {
    out += fmt::format("{}{}={}", mark, base::percent_encode(name), base::percent_encode(value, ":,"));
    mark = '&';
  };
  for (const auto& [name, value] : query)
    if (!value.empty()) add(name, value);
  const bool resource = path.substr(0, 5) != "/api/" && path.find("/providers/") != std::string_view::npos;
  if (resource && out.find("api-version=") == std::string::npos) add("api-version", kApiVersion);
  return out;
}

base::Result<std::string> normal_url(std::string_view text) {
  const std::string whole(text.find("://") == std::string_view::npos ? "https://" + std::string(text) : std::string(text));
  auto url = net::Url::parse(whole);
  if (!url || !url->query.empty())
    return base::fail(base::Kind::invalid_input,
                      fmt::format("'{}' is no address of a hub, such as https://hub.example.com:8443", base::printable(text)));
  std::string out = url->text();
  while (out.back() == '/') out.pop_back();
  return out;
}

base::Result<Connection> Connection::open(const Target& target) {
  const std::string address = TRY(normal_url(target.url));
  const auto url = TRY(net::Url::parse(address));
  if (url.scheme == "http" && !net::is_loopback_host(url.host))
    return base::fail(base::Kind::denied,
                      fmt::format("{} is plain http, where others could read what signs you in; use https", address));
  net::TransportOptions options;
  options.ca_file = target.ca_file;
  if (!target.fingerprint.empty()) options.pinned_sha256 = TRY(net::parse_fingerprint(target.fingerprint));
  options.user_agent = target.user_agent;
  return Connection(address, target.token, net::curl_transport(options));
}

base::Result<net::HttpResponse> Connection::exchange(net::HttpRequest request) const {
  request.url = url_ + request.url;
  request.body_cap = 256u << 20;
  request.go_on = go_on_;
  request.headers.emplace_back("Accept", "application/json");
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  net::RetryPolicy policy;
  policy.attempts = request.method == "GET" ? 3 : 1;
  policy.longest_wait = std::chrono::seconds(10);
  auto answer = TRY(net::send_with_retries(*transport_, request, policy));
  if (answer.status / 100 != 2) return base::fail(refusal(answer, url_));
  return answer;
}

base::Result<base::Json> Connection::get_target(const std::string& path_and_query) const {
  net::HttpRequest request;
  request.url = path_and_query;
  const auto answer = TRY(exchange(std::move(request)));
  if (answer.body.empty()) return base::Json(nullptr);
  return base::parse_json(answer.body, fmt::format("the answer of {}", url_));
}

base::Result<base::Json> Connection::get(std::string_view path, const Query& query) const {
  return get_target(target_of(path, query));
}

base::Result<net::HttpResponse> Connection::send_bytes(std::string_view method, std::string_view path, std::string body,
                                                       const net::Headers& headers) const {
  net::HttpRequest request;
  request.method = method;
  request.url = target_of(path);
  request.headers = headers;
  request.body = std::move(body);
  request.stall_timeout = std::chrono::minutes(5);  // a registry that the hub asks in turn may be slow
  return exchange(std::move(request));
}

base::Result<base::Json> Connection::send(std::string_view method, std::string_view path, const base::Json& body,
                                          const net::Headers& headers) const {
  net::Headers all = headers;
  if (!body.is_null()) all.emplace_back("Content-Type", "application/json");
  const auto answer = TRY(send_bytes(method, path, body.is_null() ? std::string() : base::to_text(body), all));
  if (answer.body.empty()) return base::Json(nullptr);
  return base::parse_json(answer.body, fmt::format("the answer of {}", url_));
}

base::Result<Rows> Connection::list(std::string_view path, Query query, std::size_t limit) const {
  const std::size_t most = limit == 0 ? kMostRows : std::min(limit, kMostRows);
  if (path.substr(0, 5) == "/api/") query.emplace_back("top", std::to_string(std::min(most, kPageRows)));
  const std::string first = target_of(path, query);
  std::string next = first;
  std::size_t pages = 0;
  Rows rows;
  while (!next.empty()) {
    const auto page = TRY(get_target(next));
    const std::string asked = std::exchange(next, {});
    if (!base::find(page, "value"))
      return base::fail(base::Kind::invalid_input, fmt::format("{} answered with something that is no list; is it a hub?", url_));
    if (!rows.total) rows.total = base::get_int(page, "total");
    const auto& values = base::get_array(page, "value");
    for (const auto& row : values) {
      rows.more = rows.value.size() == most;
      if (rows.more) return rows;
      rows.value.push_back(row);
    }
    if (const auto cursor = base::get_string(page, "next"); !cursor.empty())
      next = target_of(first, {{"cursor", std::string(cursor)}});
    else if (const auto link = base::get_string(page, "nextLink"); !link.empty())
      next = local_part(link);
    rows.more = !next.empty();
    if (rows.value.size() >= most) return rows;
    if (next == asked || ++pages == kMostPages)  // a page may be empty: what the caller may not read is left out
      return base::fail(base::Kind::unavailable, fmt::format("the pages of {} have no end", base::cut(first, "?").first));
  }
  return rows;
}

}  // namespace client
