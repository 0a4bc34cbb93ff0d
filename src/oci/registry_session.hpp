// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "net/retry.hpp"
#include "net/url.hpp"
#include "oci/registry_auth.hpp"

namespace oci {

struct RegistryOptions {
  net::HttpTransport* transport = nullptr;        // not owned
  bool insecure = false;                          // plain HTTP where HTTPS is not spoken
  std::function<CredentialLookup()> credentials;  // asked once, and only where the registry wants some
  net::RetryPolicy retry;
};

struct RegistryRequest {
  std::string method = "GET";
  std::string path;   // from "/v2/" on, with a query where there is one
  std::string scope;  // of the token: "repository:NAME:pull", "registry:catalog:*"
  net::Headers headers;
  std::string body;
  std::size_t body_cap = 4u << 20;
  std::chrono::milliseconds total_timeout{120'000};
  std::function<base::Result<void>(const net::HttpResponse& head)> on_head;  // as in net::HttpRequest
};

// A registry's API: finds out whether it speaks HTTPS or HTTP, answers its challenges, tries again where that may help.
// Thread-safe.
class RegistrySession {
 public:
  // `registry` is what the user wrote ("docker.io"), `host` where the API is ("registry-1.docker.io").
  RegistrySession(std::string registry, std::string host, RegistryOptions options);

  // Once, but again with credentials after a 401. Any other status is a success here.
  base::Result<net::HttpResponse> send_once(const RegistryRequest& request, const base::ByteSink& sink = {});

  // Again while the answer is transient. No sink, for a sink cannot take bytes back.
  base::Result<net::HttpResponse> send(const RegistryRequest& request);

  // For callers that try again themselves. A registry that never answered gets one more attempt, not all.
  net::RetryPolicy retry_policy() const;

  // The error that an answer other than 2xx is; `what` names the thing asked for.
  base::Error failure(const net::HttpResponse& response, std::string_view what) const;

  // Where the API answers: scheme, host, port, and the path "/".
  base::Result<net::Url> base_url();

  const std::string& registry() const { return registry_; }
  std::string credential_problem() const { return auth_.problem(); }

 private:
  base::Result<net::Url> find_scheme() const;
  base::Error denial(const net::HttpResponse& response, std::string_view what) const;

  const std::string registry_, host_;
  const RegistryOptions options_;
  RegistryAuth auth_;
  std::mutex mutex_;  // guards base_
  std::optional<net::Url> base_;
  std::atomic<bool> answered_{false};
};

// What a registry says went wrong: the first of its `errors`, printable and short; or that the answer is a web page.
std::string registry_message(const net::HttpResponse& response);

// Whether an answer to GET /v2/ is a registry's.
bool is_registry_answer(const net::HttpResponse& response);

// True for the body or content type of a web page.
bool is_web_page(const net::HttpResponse& response);

}  // namespace oci
