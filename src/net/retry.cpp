// SPDX-License-Identifier: Apache-2.0
#include "net/retry.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <string>
#include <thread>

#include "base/text.hpp"

namespace net {

namespace {

double random_fraction() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

}  // namespace

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::chrono::system_clock::time_point now) {
  value = base::trim(value);
  constexpr std::chrono::seconds kYear{366 * 86'400};
  if (base::is_digits(value)) {
    long long seconds = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), seconds);
    return parsed.ec == std::errc() ? std::min(std::chrono::seconds(seconds), kYear) : kYear;
  }
  // curl_getdate takes half a date for a whole one, so its shape is looked at first.
  if (value.size() < 20 || value.size() > 64 || value.find(':') == std::string_view::npos) return std::nullopt;
  const std::time_t date = curl_getdate(std::string(value).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const auto wait = std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::from_time_t(date) - now);
  return std::clamp(wait, std::chrono::seconds(0), kYear);
}

std::optional<std::chrono::milliseconds> retry_wait(const RetryPolicy& policy, int attempt,
                                                    std::optional<std::chrono::seconds> retry_after) {
  if (attempt >= policy.attempts) return std::nullopt;
  if (retry_after && *retry_after > policy.longest_wait) return std::nullopt;
  const double jitter = policy.jitter ? policy.jitter() : random_fraction();
  const double base =
      static_cast<double>(policy.first_wait.count()) * static_cast<double>(1u << std::min(attempt - 1, 20));
  // Half of the wait is fixed and half is random, so that many clients cut off together do not come back together.
  const double wait = std::min(base, static_cast<double>(policy.longest_wait.count())) * (0.5 + 0.5 * jitter);
  const std::chrono::milliseconds own{static_cast<long long>(wait)};
  return retry_after ? std::max<std::chrono::milliseconds>(own, *retry_after) : own;
}

void retry_sleep(const RetryPolicy& policy, std::chrono::milliseconds time) {
  if (policy.sleep) return policy.sleep(time);
  std::this_thread::sleep_for(time);
}

bool is_transient(const base::Result<HttpResponse>& answer) {
  if (!answer) return answer.error().kind == base::Kind::unavailable;
  const int status = answer->status;
  return status == 408 || status == 429 || status == 500 || (status >= 502 && status <= 504);
}

base::Result<HttpResponse> send_with_retries(HttpTransport& transport, const HttpRequest& request,
                                             const RetryPolicy& policy) {
  for (int attempt = 1;; ++attempt) {
    auto answer = transport.send(request);
    if (!is_transient(answer)) return answer;
    std::optional<std::chrono::seconds> retry_after;
    if (answer) retry_after = parse_retry_after(answer->header("retry-after"), std::chrono::system_clock::now());
    const auto wait = retry_wait(policy, attempt, retry_after);
    if (!wait) return answer;
    retry_sleep(policy, *wait);
  }
}

}  // namespace net
