// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/shared_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/base64.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"

namespace hub {

namespace {

constexpr std::size_t kSignatureBytes = 32, kLongestAuthorization = 1024;
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool read_digits(std::string_view text, int& value) {
  return base::is_digits(text) && std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

}  // namespace

base::Result<SharedKeySignature> parse_shared_key(std::string_view authorization) {
  constexpr std::string_view kScheme = "SharedKey ";
  const auto refused = [] { return base::fail(base::Kind::denied, "Authorization must read: SharedKey {customerId}:{signature in base64}."); };
  if (authorization.size() > kLongestAuthorization || !base::equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return refused();
  const auto [id, signature] = base::cut(base::trim(authorization.substr(kScheme.size())), ":");
  auto bytes = base::base64_decode(signature);
  if (id.empty() || id.size() > 64 || !bytes || bytes->size() != kSignatureBytes) return refused();
  return SharedKeySignature{std::string(id), std::move(*bytes)};
}

bool is_signed_with(const SharedKeySignature& signature, std::string_view key, const net::ServerRequest& request) {
  const auto secret = base::base64_decode(key);
  if (key.empty() || !secret || secret->empty()) return false;
  const auto content_type = request.header("content-type");
  bool matches = false;
  // Clients sign the media type alone where their library adds the charset.
  for (const auto type : {content_type, base::trim(base::cut(content_type, ";").first)}) {
    const std::string text = fmt::format("{}\n{}\n{}\nx-ms-date:{}\n{}", request.method, request.body.size(), type, request.header("x-ms-date"), request.path);
    matches = base::constant_time_equal(base::hmac_sha256(*secret, text), signature.signature) || matches;
  }
  return matches;
}

base::Result<base::Seconds> parse_http_date(std::string_view text) {
  const auto refused = [&] { return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no date such as Sun, 29 Nov 2026 12:00:00 GMT.", base::printable(text.substr(0, 60)))); };
  const auto parts = base::split(base::cut(text, ", ").second, ' ');
  if (parts.size() != 5 || parts[4] != "GMT") return refused();
  const auto clock = base::split(parts[3], ':');
  const auto month = std::find(std::begin(kMonths), std::end(kMonths), parts[1]);
  int day = 0, year = 0, hour = 0, minute = 0, second = 0;
  if (clock.size() != 3 || month == std::end(kMonths) || parts[2].size() != 4 || !read_digits(parts[0], day) || !read_digits(parts[2], year) || !read_digits(clock[0], hour) ||
      !read_digits(clock[1], minute) || !read_digits(clock[2], second) || hour > 23 || minute > 59 || second > 60)
    return refused();
  const auto date = std::chrono::year(year) / static_cast<int>(month - std::begin(kMonths) + 1) / day;
  if (!date.ok()) return refused();
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

}  // namespace hub
