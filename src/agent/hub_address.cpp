// SPDX-License-Identifier: Apache-2.0
#include "agent/hub_address.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "net/pinned_certificate.hpp"
#include "net/url.hpp"

namespace agent {

base::Result<std::string> hub_address(std::string_view text) {
  text = base::trim(text);
  const std::string whole(text.find("://") == std::string_view::npos ? "https://" + std::string(text) : std::string(text));
  const auto url = net::Url::parse(whole);
  if (!url || !url->query.empty() || url->host.empty())
    return base::fail(base::Kind::invalid_input,
                      fmt::format("'{}' is no address of a hub, such as https://hub.example.com:8443", base::printable(text)));
  if (url->scheme == "http" && !net::is_loopback_host(url->host))
    return base::fail(base::Kind::denied,
                      fmt::format("{} is plain http, where others could read the agent's credential; use https", whole));
  std::string out = url->text();
  while (out.ends_with('/')) out.pop_back();
  return out;
}

base::Result<std::unique_ptr<net::HttpTransport>> hub_transport(const Identity& identity, const std::string& user_agent) {
  TRY(hub_address(identity.hub));
  net::TransportOptions options;
  options.ca_file = identity.ca_file;
  options.user_agent = user_agent;
  if (!identity.fingerprint.empty()) options.pinned_sha256 = TRY(net::parse_fingerprint(identity.fingerprint));
  return net::curl_transport(options);
}

std::string hub_message(const net::HttpResponse& answer) {
  std::string message;
  if (const auto json = base::parse_json(answer.body, "the answer"))
    if (const base::Json* error = base::find(*json, "error")) message = base::get_string(*error, "message");
  if (message.empty()) message = fmt::format("it answered with status {}", answer.status);
  return base::printable(std::string_view(message).substr(0, 500));
}

}  // namespace agent
