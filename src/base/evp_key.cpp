// SPDX-License-Identifier: Apache-2.0
#include "base/evp_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/crypto.hpp"

namespace base {

namespace {

struct NumberFree {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
using Number = std::unique_ptr<BIGNUM, NumberFree>;

struct ParamBuildFree {
  void operator()(OSSL_PARAM_BLD* build) const { OSSL_PARAM_BLD_free(build); }
};
struct ParamsFree {
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
};
struct KeyContextFree {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
struct DigestContextFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using ParamBuild = std::unique_ptr<OSSL_PARAM_BLD, ParamBuildFree>;

constexpr std::size_t kMostRsaBytes = 1024, kCoordinateBytes = 32;

Number number_of(const std::string& bytes) {
  return Number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
}

EvpKey key_from(const char* type, OSSL_PARAM_BLD* build) {
  const std::unique_ptr<OSSL_PARAM, ParamsFree> params(OSSL_PARAM_BLD_to_param(build));
  const std::unique_ptr<EVP_PKEY_CTX, KeyContextFree> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return EvpKey(key);
}

EvpKey rsa_key(const Json& jwk) {
  const auto n = strict_base64url(get_string(jwk, "n")), e = strict_base64url(get_string(jwk, "e"));
  // A large exponent makes each check slow.
  if (!n || !e || n->empty() || n->size() > kMostRsaBytes || e->empty() || e->size() > 4) return nullptr;
  const Number modulus = number_of(*n), exponent = number_of(*e);
  const ParamBuild build(OSSL_PARAM_BLD_new());
  if (!modulus || !exponent || !build || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get()) ||
      OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
    return nullptr;
  return key_from("RSA", build.get());
}

EvpKey p256_key(const Json& jwk) {
  const auto x = strict_base64url(get_string(jwk, "x")), y = strict_base64url(get_string(jwk, "y"));
  if (get_string(jwk, "crv") != "P-256" || !x || !y || x->size() != kCoordinateBytes || y->size() != kCoordinateBytes)
    return nullptr;
  const std::string point = "\x04" + *x + *y;  // SEC 1 section 2.3.3, not compressed
  const ParamBuild build(OSSL_PARAM_BLD_new());
  if (!build ||
      OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
    return nullptr;
  return key_from("EC", build.get());
}

}  // namespace

KeySort sort_of(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519")) return KeySort::ed25519;
  if (EVP_PKEY_is_a(key, "RSA")) {
    const int bits = EVP_PKEY_get_bits(key);
    return bits >= 2048 && bits <= 8192 ? KeySort::rsa : KeySort::other;
  }
  char group[32] = {};
  if (EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1 &&
      std::string_view(group) == "prime256v1")
    return KeySort::p256;
  return KeySort::other;
}

EvpKey key_of_jwk(const Json& jwk) {
  const std::string_view type = get_string(jwk, "kty");
  EvpKey key = type == "RSA" ? rsa_key(jwk) : type == "EC" ? p256_key(jwk) : nullptr;
  return key && sort_of(key.get()) != KeySort::other ? std::move(key) : nullptr;
}

bool is_signed_by(EVP_PKEY* key, std::string_view data, std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, DigestContextFree> context(EVP_MD_CTX_new());
  const EVP_MD* digest = sort_of(key) == KeySort::ed25519 ? nullptr : EVP_sha256();
  const bool good = context && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                    EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                                     signature.size(), reinterpret_cast<const unsigned char*>(data.data()),
                                     data.size()) == 1;
  ERR_clear_error();
  return good;
}

std::optional<std::string> strict_base64url(std::string_view text) {
  const bool strict = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  auto bytes = strict ? base64_decode(text) : std::nullopt;
  // Bits behind the last byte must be zero, or one token would have several spellings.
  return bytes && base64url_encode(*bytes) == text ? bytes : std::nullopt;
}

}  // namespace base
