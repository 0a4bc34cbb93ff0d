// SPDX-License-Identifier: Apache-2.0
// Trust in one certificate, known by its fingerprint, in place of certificate authorities.
#pragma once

#include <openssl/types.h>

#include <mutex>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace net {

// "AB:CD:…", "sha256:abcd…" or plain hex → 64 lower-case hex digits; Kind::invalid_input for anything else.
base::Result<std::string> parse_fingerprint(std::string_view text);

// Thread-safe. Must outlive the TLS connections it was attached to, for they may ask again.
class PinnedCertificate {
 public:
  explicit PinnedCertificate(std::string sha256) : expected_(std::move(sha256)) {}

  // Replaces the check of the chain of an OpenSSL SSL_CTX: the peer's certificate has this fingerprint, nothing else counts.
  void attach(void* ssl_context);

  const std::string& expected() const { return expected_; }
  std::string refused() const;  // fingerprint of the last certificate that was turned away; empty where there was none

 private:
  static int verify(X509_STORE_CTX* store, void* self) noexcept;

  const std::string expected_;
  mutable std::mutex mutex_;  // guards refused_
  std::string refused_;
};

}  // namespace net
