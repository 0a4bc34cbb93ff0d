// SPDX-License-Identifier: Apache-2.0
#include "oci/registry_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"

namespace oci {

namespace {

constexpr std::size_t kMessageCap = 300;

AuthOptions auth_options(const std::string& registry, const RegistryOptions& options) {
  AuthOptions auth;
  auth.transport = options.transport;
  auth.registry = registry;
  auth.insecure = options.insecure;
  auth.credentials = options.credentials;
  auth.retry = options.retry;
  auth.retry.attempts = 2;  // the request that needs the token is tried again as a whole
  return auth;
}

// How surely an answer to GET /v2/ came from a registry spoken to in the right scheme. A TLS server answers plain HTTP
// with status 400, if at all.
int registry_likeness(const base::Result<net::HttpResponse>& answer) {
  if (!answer || answer->status == 400) return 0;
  return is_registry_answer(*answer) ? 2 : 1;
}

}  // namespace

bool is_web_page(const net::HttpResponse& response) {
  const std::string_view body = base::trim(std::string_view(response.body).substr(0, 256));
  return response.header("content-type").substr(0, 9) == "text/html" || (!body.empty() && body.front() == '<');
}

bool is_registry_answer(const net::HttpResponse& response) {
  const bool api =
      response.status == 200 || response.status == 401 || !response.header("docker-distribution-api-version").empty();
  return api && !is_web_page(response);
}

std::string registry_message(const net::HttpResponse& response) {
  if (is_web_page(response)) return "a web page came in place of the registry's answer";
  const auto document = base::parse_json(response.body, "error");
  if (!document) return {};
  const base::JsonArray& errors = base::get_array(*document, "errors");
  if (errors.empty()) return {};
  const std::string_view code = base::get_string(errors[0], "code");
  const std::string_view message = base::get_string(errors[0], "message");
  const std::string text = fmt::format("{}{}{}", code, code.empty() || message.empty() ? "" : ": ", message);
  return base::printable(std::string_view(text).substr(0, kMessageCap));
}

RegistrySession::RegistrySession(std::string registry, std::string host, RegistryOptions options)
    : registry_(std::move(registry)),
      host_(std::move(host)),
      options_(std::move(options)),
      auth_(auth_options(registry_, options_)) {}

// Asks without credentials, in the order of what is likely.
base::Result<net::Url> RegistrySession::find_scheme() const {
  const net::Url secure = TRY(net::Url::parse("https://" + host_ + "/"));
  const bool loopback = net::is_loopback_host(secure.host);
  if (!loopback && !options_.insecure) return secure;
  // Registries on this machine speak plain HTTP as a rule, and a port of their own.
  const bool plain_first = loopback && secure.port != 443;
  const net::Url plain = TRY(net::Url::parse("http://" + host_ + "/"));
  std::optional<net::Url> best;
  int best_likeness = 0;
  std::vector<base::Error> errors;
  for (const net::Url& candidate : {plain_first ? plain : secure, plain_first ? secure : plain}) {
    net::HttpRequest request;
    request.url = candidate.text() + "v2/";
    request.body_cap = 1u << 20;
    request.total_timeout = std::chrono::seconds(30);
    const auto answer = options_.transport->send(request);
    if (!answer) errors.push_back(answer.error());
    const int likeness = registry_likeness(answer);
    if (likeness > best_likeness) best = candidate;
    best_likeness = std::max(best_likeness, likeness);
    if (best_likeness == 2) break;
  }
  if (best) return *best;
  if (errors.empty())
    return base::fail(base::Kind::invalid_input, fmt::format("{} does not answer as a registry does", registry_));
  // A certificate that is not trusted is what to mend, whatever the plain attempt met.
  const auto denied = std::find_if(errors.begin(), errors.end(),
                                   [](const base::Error& error) { return error.kind == base::Kind::denied; });
  return base::fail(denied == errors.end() ? errors.front() : *denied);
}

base::Result<net::Url> RegistrySession::base_url() {
  const std::lock_guard lock(mutex_);
  if (!base_) base_ = TRY(find_scheme());
  return *base_;
}

base::Result<net::HttpResponse> RegistrySession::send_once(const RegistryRequest& request, const base::ByteSink& sink) {
  const net::Url base = TRY(base_url());
  std::string authorization = TRY(auth_.header_for(request.scope));
  for (bool again = false;; again = true) {
    net::HttpRequest message;
    message.method = request.method;
    message.url = TRY(base.resolve(request.path)).text();
    message.headers = request.headers;
    message.body = request.body;
    if (!authorization.empty()) message.headers.emplace_back("Authorization", authorization);
    message.body_cap = request.body_cap;
    message.total_timeout = request.total_timeout;
    message.on_head = [&](const net::HttpResponse& head) -> base::Result<void> {
      answered_ = true;
      if (!request.on_head) return {};
      return request.on_head(head);
    };
    auto response = options_.transport->send(message, sink);
    if (response) answered_ = true;
    // Only a challenge of the registry itself is answered, not one of where it redirects to.
    if (!response || response->status != 401 || again) return response;
    if (!TRY(net::Url::parse(response->url)).same_origin(base)) return response;
    authorization = TRY(auth_.answer(*response, base, request.scope, authorization));
  }
}

net::RetryPolicy RegistrySession::retry_policy() const {
  net::RetryPolicy policy = options_.retry;
  if (!answered_) policy.attempts = std::min(policy.attempts, 2);
  return policy;
}

base::Result<net::HttpResponse> RegistrySession::send(const RegistryRequest& request) {
  for (int attempt = 1;; ++attempt) {
    auto answer = send_once(request);
    if (!net::is_transient(answer)) return answer;
    std::optional<std::chrono::seconds> retry_after;
    if (answer) retry_after = net::parse_retry_after(answer->header("retry-after"), std::chrono::system_clock::now());
    const auto wait = net::retry_wait(retry_policy(), attempt, retry_after);
    if (!wait) return answer;
    net::retry_sleep(options_.retry, *wait);
  }
}

base::Error RegistrySession::denial(const net::HttpResponse& response, std::string_view what) const {
  const std::string said = registry_message(response);
  const std::string detail = said.empty() ? "" : fmt::format(" ({})", said);
  if (auth_.has_credentials())
    return {base::Kind::denied, fmt::format("{}: {} does not let these credentials read it{}; check the name, or {}",
                                            what, registry_, detail, login_advice(registry_))};
  const std::string problem = auth_.problem().empty() ? "" : fmt::format(" ({})", auth_.problem());
  return {base::Kind::denied, fmt::format("{} needs credentials, or does not exist{}{}; {}", what, detail, problem,
                                          login_advice(registry_))};
}

base::Error RegistrySession::failure(const net::HttpResponse& response, std::string_view what) const {
  const int status = response.status;
  const std::string said = registry_message(response);
  const std::string detail = said.empty() ? "" : fmt::format(" ({})", said);
  if (status == 401 || status == 403) return denial(response, what);
  if (status == 404) return {base::Kind::not_found, fmt::format("{} does not exist in {}{}", what, registry_, detail)};
  if (status == 429)
    return {base::Kind::unavailable, fmt::format("{}: {} allows no more requests now (429){}; wait, or {}", what,
                                                 registry_, detail, login_advice(registry_))};
  const bool later = status == 408 || status >= 500;
  return {later ? base::Kind::unavailable : base::Kind::invalid_input,
          fmt::format("{}: {} answered with status {}{}{}", what, registry_, status, detail,
                      later ? "; try again later" : "; is it a registry?")};
}

}  // namespace oci
