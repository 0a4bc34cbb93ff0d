// SPDX-License-Identifier: Apache-2.0
#include "base/signature.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <memory>

#include "base/public_key.hpp"

namespace base {

namespace {

struct PemBioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
constexpr std::size_t kPemCap = 64u << 10;

}  // namespace

Result<void> verify_signature(std::string_view public_key_pem, std::string_view data, std::string_view signature) {
  EvpKey key;
  if (public_key_pem.size() <= kPemCap) {
    const std::unique_ptr<BIO, PemBioFree> bio(
        BIO_new_mem_buf(public_key_pem.data(), static_cast<int>(public_key_pem.size())));
    key.reset(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    ERR_clear_error();
  }
  if (!key)
    return fail(Kind::invalid_input, "the public key cannot be read; it must be in PEM form (BEGIN PUBLIC KEY)");
  if (sort_of(key.get()) == KeySort::other)
    return fail(Kind::unsupported, "the public key is none of ECDSA P-256, RSA of 2048 to 8192 bits and Ed25519");
  if (!is_signed_by(key.get(), data, signature))
    return fail(Kind::denied, "the signature is not of this public key and these bytes");
  return {};
}

}  // namespace base
