// SPDX-License-Identifier: Apache-2.0
// When to ask again, and after how long.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "net/http.hpp"

namespace net {

struct RetryPolicy {
  int attempts = 5;                                      // in all
  std::chrono::milliseconds first_wait{300};             // doubled at each further attempt
  std::chrono::milliseconds longest_wait{60'000};        // a peer that asks for more by Retry-After is not waited for
  std::function<void(std::chrono::milliseconds)> sleep;  // empty: really sleeps
  std::function<double()> jitter;                        // in [0, 1); empty: random
};

// Seconds, or a date (RFC 9110 section 10.2.3) against `now`; dates in the past are 0. Nothing where it is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::chrono::system_clock::time_point now);

// How long to wait before attempt number `attempt` + 1 (counted from 1): exponential with jitter, never less than the
// peer's Retry-After. Nothing where there is no further attempt to make.
std::optional<std::chrono::milliseconds> retry_wait(const RetryPolicy& policy, int attempt,
                                                    std::optional<std::chrono::seconds> retry_after = {});

void retry_sleep(const RetryPolicy& policy, std::chrono::milliseconds time);

// 408, 429, 500, 502, 503, 504, and connections that failed or were cut.
bool is_transient(const base::Result<HttpResponse>& answer);

// HttpTransport::send, again while the answer is transient. Without a sink only, for a sink cannot take bytes back.
// The last answer is the result.
base::Result<HttpResponse> send_with_retries(HttpTransport& transport, const HttpRequest& request,
                                             const RetryPolicy& policy);

}  // namespace net
