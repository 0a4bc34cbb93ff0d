// SPDX-License-Identifier: Apache-2.0
#include "base/public_key.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/evp_key.hpp"
#include "base/hash.hpp"

namespace base {

struct PublicKey::Handle {
  EvpKey key;
};

namespace {

constexpr std::size_t kPemBytesCap = 64u << 10;
constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 16384;

// Nothing where the key may be used, else why not.
std::string_view key_fault(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return bits >= kLeastRsaBits && bits <= kMostRsaBits ? "" : "the RSA key must have 2,048 to 16,384 bits";
    case EVP_PKEY_EC: {
      char group[64] = {};
      std::size_t length = 0;
      const bool named =
          EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, &length) == 1;
      const std::string_view name(group, named ? length : 0);
      const bool known = name == "prime256v1" || name == "secp384r1" || name == "secp521r1";
      return known ? "" : "the elliptic curve must be P-256, P-384 or P-521";
    }
    case EVP_PKEY_ED25519: return "";
    default: return "the key must be one of ECDSA, RSA or Ed25519";
  }
}

std::string der_of(const EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const int length = i2d_PUBKEY(key, &bytes);
  std::string der;
  if (length > 0) der.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace

Result<PublicKey> PublicKey::parse(std::string_view pem) {
  if (pem.size() > kPemBytesCap) return fail(Kind::too_large, "a public key of more than 64 KiB");
  if (pem.find("PRIVATE KEY") != std::string_view::npos)
    return fail(Kind::invalid_input, "a private key was given; give its public half (openssl pkey -pubout), and keep it");
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EvpKey key(bio ? PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr) : nullptr);
  BIO_free(bio);
  ERR_clear_error();
  if (!key) return fail(Kind::invalid_input, "no public key in PEM form (-----BEGIN PUBLIC KEY-----)");
  if (const auto fault = key_fault(key.get()); !fault.empty()) return fail(Kind::unsupported, std::string(fault));
  PublicKey result;
  result.fingerprint_ = sha256_hex(der_of(key.get()));
  result.handle_ = std::make_shared<const Handle>(Handle{std::move(key)});
  return result;
}

bool PublicKey::verify(std::string_view data, std::string_view signature) const {
  return is_signed_by(handle_->key.get(), data, signature);
}

}  // namespace base
