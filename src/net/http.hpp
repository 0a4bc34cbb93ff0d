// SPDX-License-Identifier: Apache-2.0
// The seam to HTTP peers. The real transport is libcurl (curl_transport.cpp); tests put a table in its place.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/stream.hpp"

namespace net {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpResponse;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
  std::string unix_socket;           // connect here instead of to the URL's host
  std::size_t body_cap = 32u << 20;  // of a response that is held in memory
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds stall_timeout{30'000};  // less than 1 byte/s for this long ends the transfer; time that the
                                                    // sink takes does not count; 0: none
  std::chrono::milliseconds total_timeout{0};       // 0: none
  std::function<bool()> go_on;       // asked at least once a second, on the thread that sends, whether bytes come or not;
                                     // false ends the transfer with Kind::cancelled

  // Called with status and headers of a 2xx answer before any of its body goes to the sink; an error ends the transfer
  // and is its result. (A resumed download looks at Content-Range here.)
  std::function<base::Result<void>(const HttpResponse& head)> on_head;

  // Set: asked with each IP address before it is connected to, after redirects and name look-ups too (net/guard.hpp);
  // where it says no, the result is Kind::denied. No proxy is used then.
  std::function<bool(std::string_view ip)> allow_address;
  std::string how_to_allow;  // the mend that the error names where an address is refused
};

struct HttpResponse {
  int status = 0;
  Headers headers;   // names in lower case
  std::string body;  // empty where a sink took it
  std::string url;   // after redirects

  std::string_view header(std::string_view lower_case_name) const;  // empty where missing
};

// One request at a time a thread; the object is thread-safe.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;

  // Any status is a success here. Kind::unavailable: no connection, stalled or cut short (the message says which
  // host); Kind::denied: its certificate is not trusted; Kind::too_large: body over the cap (the body of an error
  // answer is cut at 1 MiB instead). Redirects of GET and HEAD (at most 5) are followed, never from https to http;
  // another origin gets no credentials. With `sink`, the body of a 2xx answer goes there and is not held; it is
  // never decoded. Proxies are never used for loopback hosts.
  virtual base::Result<HttpResponse> send(const HttpRequest& request, const base::ByteSink& sink = {}) = 0;
};

struct TransportOptions {
  std::string ca_file;           // PEM bundle added to the system's; empty: the system's alone
  std::string ca_pem;            // PEM text added likewise
  bool skip_tls_verify = false;  // asked for by name on the command line only
  std::string pinned_sha256;     // as parse_fingerprint gives it: trust the certificate of this fingerprint alone,
                                 // whatever its names, dates and authority
  std::string user_agent = "bulwark";
};

// libcurl: HTTP/1.1 and 2, TLS, proxies from HTTP_PROXY, HTTPS_PROXY, NO_PROXY, connection reuse.
std::unique_ptr<HttpTransport> curl_transport(const TransportOptions& options);

// Fingerprint of the certificate that an https server shows, for a person to compare: 64 hex digits. Nothing is sent.
base::Result<std::string> server_fingerprint(const std::string& url);

}  // namespace net
