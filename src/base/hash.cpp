// SPDX-License-Identifier: Apache-2.0
#include "base/hash.hpp"

#include <openssl/evp.h>

#include <new>

namespace base {

namespace {

const EVP_MD* message_digest(Hasher::Algorithm algorithm) {
  switch (algorithm) {
    case Hasher::Algorithm::md5: return EVP_md5();
    case Hasher::Algorithm::sha1: return EVP_sha1();
    case Hasher::Algorithm::sha256: return EVP_sha256();
    case Hasher::Algorithm::sha512: return EVP_sha512();
  }
  return EVP_sha256();
}

}  // namespace

struct Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher(Algorithm algorithm) : state_(std::make_unique<State>()) {
  if (!state_->context || EVP_DigestInit_ex(state_->context, message_digest(algorithm), nullptr) != 1)
    throw std::bad_alloc();
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(std::string_view bytes) { EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()); }

std::string Hasher::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_DigestFinal_ex(state_->context, digest, &length);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (unsigned int i = 0; i < length; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 15];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  Hasher hasher;
  hasher.update(bytes);
  return hasher.hex();
}

}  // namespace base
