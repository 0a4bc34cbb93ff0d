// SPDX-License-Identifier: Apache-2.0
#include "base/jwt.hpp"

#include <openssl/ec.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/evp_key.hpp"
#include "base/text.hpp"

namespace base {

namespace {

constexpr std::size_t kTokenCap = 16u << 10;
constexpr std::size_t kMostKeys = 64;
constexpr double kLeewaySeconds = 60;

struct EcdsaFree {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};

tl::unexpected<Error> refuse_token(std::string_view why) {
  return fail(Kind::denied, "the token is refused: " + std::string(why));
}

// RFC 7518 section 3.4 writes r and s one after the other, OpenSSL reads DER. Empty where it is no such signature.
std::string der_of_es256(std::string_view signature) {
  constexpr int kHalf = 32;
  if (signature.size() != 2 * kHalf) return {};
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  BIGNUM* r = BN_bin2bn(bytes, kHalf, nullptr);
  BIGNUM* s = BN_bin2bn(bytes + kHalf, kHalf, nullptr);
  const std::unique_ptr<ECDSA_SIG, EcdsaFree> pair(ECDSA_SIG_new());
  if (!r || !s || !pair || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  std::string out;
  if (size > 0) out.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

// The one algorithm of a key; empty where it may not sign tokens.
std::string_view algorithm_of(const Json& jwk) {
  const std::string_view type = get_string(jwk, "kty");
  const std::string_view algorithm = type == "RSA" ? "RS256" : type == "EC" ? "ES256" : "";
  if (get_string(jwk, "use", "sig") != "sig" || get_string(jwk, "alg", algorithm) != algorithm) return {};
  return algorithm;
}

bool is_signed(const Json& header, std::string_view signed_text, const std::string& signature, const JsonArray& keys) {
  const std::string_view algorithm = get_string(header, "alg"), kid = get_string(header, "kid");
  if (algorithm != "RS256" && algorithm != "ES256") return false;
  std::size_t tried = 0;
  for (const Json& jwk : keys) {
    if (algorithm_of(jwk) != algorithm || (!kid.empty() && get_string(jwk, "kid") != kid)) continue;
    if (++tried > kMostKeys) return false;
    const EvpKey key = key_of_jwk(jwk);
    if (!key) continue;
    if (is_signed_by(key.get(), signed_text, algorithm == "ES256" ? der_of_es256(signature) : signature)) return true;
  }
  return false;
}

// NumericDate (RFC 7519 section 2), which may have a fraction.
std::optional<double> numeric_date(const Json& claims, std::string_view name) {
  const Json* value = find(claims, name);
  if (!value || !value->is_number()) return std::nullopt;
  const double seconds = value->to_number<double>();
  return std::isfinite(seconds) ? std::optional(seconds) : std::nullopt;
}

bool is_for(const Json& claims, std::string_view audience) {
  const Json* named = find(claims, "aud");
  if (!named || audience.empty()) return false;
  if (named->is_string()) return as_string(*named) == audience;
  const JsonArray& all = get_array(claims, "aud");
  return std::any_of(all.begin(), all.end(), [&](const Json& one) { return as_string(one) == audience; });
}

Result<void> check_claims(const Json& claims, Seconds now, std::string_view issuer, std::string_view audience) {
  const double seconds = static_cast<double>(now.time_since_epoch().count());
  const auto expires = numeric_date(claims, "exp");
  if (!expires) return refuse_token("it has no time of expiry (exp)");
  if (seconds >= *expires + kLeewaySeconds) return refuse_token("it has expired");
  if (find(claims, "nbf")) {
    const auto begins = numeric_date(claims, "nbf");
    if (!begins || seconds < *begins - kLeewaySeconds) return refuse_token("it is not valid yet (nbf)");
  }
  if (issuer.empty() || get_string(claims, "iss") != issuer) return refuse_token("another issuer (iss) made it");
  if (!is_for(claims, audience)) return refuse_token("it is for another audience (aud)");
  return {};
}

Result<Json> read_part(std::string_view part) {
  const auto text = strict_base64url(part);
  if (!text) return refuse_token("it is not in base64url");
  auto value = parse_json(*text, "token");
  if (!value || !value->is_object()) return refuse_token("a part of it is no JSON object");
  return std::move(*value);
}

}  // namespace

Result<JsonObject> verify_jwt(std::string_view token, const JsonArray& keys, Seconds now, std::string_view issuer,
                              std::string_view audience) {
  if (token.size() > kTokenCap) return refuse_token("it is over 16 KiB");
  const auto parts = split(token, '.');
  if (parts.size() != 3) return refuse_token("it has not three parts");
  const Json header = TRY(read_part(parts[0]));
  if (find(header, "crit")) return refuse_token("it wants extensions (crit) that are not known");
  const auto signature = strict_base64url(parts[2]);
  const std::string_view signed_text = token.substr(0, parts[0].size() + 1 + parts[1].size());
  if (!signature || !is_signed(header, signed_text, *signature, keys))
    return refuse_token("no known key has signed it with RS256 or ES256");
  Json claims = TRY(read_part(parts[1]));
  TRY(check_claims(claims, now, issuer, audience));
  return std::move(claims).as_object();
}

}  // namespace base
