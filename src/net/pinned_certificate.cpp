// SPDX-License-Identifier: Apache-2.0
#include "net/pinned_certificate.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "base/text.hpp"

namespace net {

namespace {

std::string fingerprint_of(const X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (!certificate || X509_digest(certificate, EVP_sha256(), digest, &size) != 1) return {};
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

}  // namespace

base::Result<std::string> parse_fingerprint(std::string_view text) {
  std::string hex = base::to_lower(base::trim(text));
  if (hex.substr(0, 7) == "sha256:") hex.erase(0, 7);
  std::erase(hex, ':');
  if (hex.size() != 64 || hex.find_first_not_of("0123456789abcdef") != std::string::npos)
    return base::fail(base::Kind::invalid_input,
                      "a fingerprint is the SHA-256 of a certificate in 64 hex digits, with colons between them or without");
  return hex;
}

void PinnedCertificate::attach(void* ssl_context) {
  SSL_CTX_set_cert_verify_callback(static_cast<SSL_CTX*>(ssl_context), &PinnedCertificate::verify, this);
}

std::string PinnedCertificate::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

int PinnedCertificate::verify(X509_STORE_CTX* store, void* self) noexcept {
  auto& pin = *static_cast<PinnedCertificate*>(self);
  std::string seen = fingerprint_of(X509_STORE_CTX_get0_cert(store));
  const bool same = !seen.empty() && seen == pin.expected_;
  X509_STORE_CTX_set_error(store, same ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
  if (same) return 1;
  const std::lock_guard lock(pin.mutex_);
  pin.refused_ = std::move(seen);
  return 0;
}

}  // namespace net
