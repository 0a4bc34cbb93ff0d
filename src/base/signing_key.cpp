// SPDX-License-Identifier: Apache-2.0
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/jwt.hpp"
#include "base/evp_key.hpp"

namespace base {

namespace {

struct SigningBioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using SigningBio = std::unique_ptr<BIO, SigningBioFree>;

struct SigningDigestFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

int no_pem_passphrase(char*, int, int, void*) { return 0; }  // OpenSSL would ask for one on the terminal

// A public number of the key, as JSON Web Keys write it.
std::string number_text(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return {};
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(number);
  return base64url_encode(bytes);
}

}  // namespace

struct SigningKey::Parts {
  EvpKey key;
  std::string n, e, kid;
};

Result<SigningKey> SigningKey::with_kid(std::shared_ptr<Parts> parts) {
  if (!parts->key || sort_of(parts->key.get()) != KeySort::rsa) {
    ERR_clear_error();
    return fail(Kind::invalid_input, "the signing key is no RSA key of 2048 to 8192 bits in PEM form without passphrase");
  }
  parts->n = number_text(parts->key.get(), OSSL_PKEY_PARAM_RSA_N);
  parts->e = number_text(parts->key.get(), OSSL_PKEY_PARAM_RSA_E);
  // RFC 7638 section 3: the members that count, in this order, without blanks.
  parts->kid = base64url_encode(sha256_bytes(R"({"e":")" + parts->e + R"(","kty":"RSA","n":")" + parts->n + R"("})"));
  return SigningKey(std::move(parts));
}

Result<SigningKey> SigningKey::generate() {
  auto parts = std::make_shared<Parts>();
  parts->key.reset(EVP_RSA_gen(2048));
  if (!parts->key) return fail(Kind::internal, "OpenSSL could not make an RSA key");
  return with_kid(std::move(parts));
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem) {
  auto parts = std::make_shared<Parts>();
  const SigningBio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min<std::size_t>(pem.size(), 64u << 10))));
  if (bio) parts->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pem_passphrase, nullptr));
  return with_kid(std::move(parts));
}

std::string SigningKey::pem() const {
  const SigningBio bio(BIO_new(BIO_s_mem()));
  const char* data = nullptr;
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), parts_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw std::bad_alloc();
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string SigningKey::kid() const { return parts_->kid; }

JsonObject SigningKey::jwk() const {
  return {{"kty", "RSA"}, {"use", "sig"}, {"alg", "RS256"}, {"kid", parts_->kid}, {"n", parts_->n}, {"e", parts_->e}};
}

Result<std::string> SigningKey::sign(const JsonObject& claims) const {
  const JsonObject header = {{"alg", "RS256"}, {"typ", "JWT"}, {"kid", parts_->kid}};
  std::string token = base64url_encode(to_text(header)) + "." + base64url_encode(to_text(claims));
  const std::unique_ptr<EVP_MD_CTX, SigningDigestFree> context(EVP_MD_CTX_new());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(parts_->key.get())), '\0');
  std::size_t size = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, parts_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(token.data()), token.size()) != 1) {
    ERR_clear_error();
    return fail(Kind::internal, "OpenSSL could not sign the token");
  }
  signature.resize(size);
  return token + "." + base64url_encode(signature);
}

}  // namespace base
