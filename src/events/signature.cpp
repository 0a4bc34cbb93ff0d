// SPDX-License-Identifier: Apache-2.0
// How a delivery proves that its sender knows the registry's secret: a header, a parameter, or a signature over the body
// (GitHub, "Validating webhook deliveries").
#include "base/base64.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "events/delivery.hpp"
#include "events/senders.hpp"

namespace events {

namespace {

// RFC 7617: base64 of user:password. The user is of no account.
bool is_basic_password(std::string_view credentials, std::string_view secret) {
  const auto decoded = base::base64_decode(credentials);
  if (!decoded || decoded->find(':') == std::string::npos) return false;
  return base::constant_time_equal(base::cut(*decoded, ":").second, secret);
}

bool is_authorization(std::string_view authorization, std::string_view secret) {
  if (base::constant_time_equal(authorization, secret)) return true;  // Harbor sends the header as it was typed
  const auto [scheme, rest] = base::cut(authorization, " ");
  const std::string_view credentials = base::trim(rest);
  if (base::equals_ignoring_case(scheme, "basic")) return is_basic_password(credentials, secret);
  return base::equals_ignoring_case(scheme, "bearer") && base::constant_time_equal(credentials, secret);
}

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
  return out;
}

}  // namespace

bool github_signature_holds(std::string_view secret, std::string_view body, std::string_view header) {
  constexpr std::string_view kPrefix = "sha256=";
  if (secret.empty() || header.substr(0, kPrefix.size()) != kPrefix) return false;
  return base::constant_time_equal(base::to_lower(header.substr(kPrefix.size())),
                                   hex_of(base::hmac_sha256(secret, body)));
}

bool proves_secret(std::string_view secret, const LowerCaseHeaders& headers, std::string_view parameter, std::string_view body) {
  if (secret.empty()) return false;
  if (const auto signature = header_value(headers, "x-hub-signature-256"); !signature.empty())
    return github_signature_holds(secret, body, signature);
  if (const auto own = header_value(headers, "x-bulwark-secret"); !own.empty()) return base::constant_time_equal(own, secret);
  if (!parameter.empty()) return base::constant_time_equal(parameter, secret);
  return is_authorization(header_value(headers, "authorization"), secret);
}

}  // namespace events
