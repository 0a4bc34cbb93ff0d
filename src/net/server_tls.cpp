// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>

#include "net/server_link.hpp"

namespace net {

namespace {

// Mozilla's "intermediate" profile: TLS 1.2 with forward secrecy and authenticated encryption, TLS 1.3 as it is.
constexpr const char* kTls12Ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kGroups = "X25519:P-256:P-384";

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
struct SslContextFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct TlsBioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct TlsKeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct TlsCertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using TlsBio = std::unique_ptr<BIO, TlsBioFree>;
using TlsCertificate = std::unique_ptr<X509, TlsCertificateFree>;

class TlsLink final : public Link {
 public:
  TlsLink(std::unique_ptr<SSL, SslFree> ssl, int fd) : ssl_(std::move(ssl)), fd_(fd) {}

  LinkStep handshake() override {
    ERR_clear_error();
    const int code = SSL_accept(ssl_.get());
    if (code == 1) return {LinkStatus::done, 0};
    if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) say_tls_is_wanted();
    return step_of(code);
  }

  LinkStep read(std::vector<char>& buffer) override {
    if (broken_) return plain_link(fd_)->read(buffer);  // what still comes is passed over
    ERR_clear_error();
    std::size_t got = 0;
    const int code = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &got);
    return code == 1 ? LinkStep{LinkStatus::done, got} : step_of(code);
  }

  LinkStep write(std::string_view bytes) override {
    ERR_clear_error();
    std::size_t sent = 0;
    const int code = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
    return code == 1 ? LinkStep{LinkStatus::done, sent} : step_of(code);
  }

  void end_writing() override {
    ERR_clear_error();
    if (SSL_is_init_finished(ssl_.get()) && !broken_) SSL_shutdown(ssl_.get());
    ::shutdown(fd_, SHUT_WR);
  }

 private:
  LinkStep step_of(int code) {
    switch (SSL_get_error(ssl_.get(), code)) {
      case SSL_ERROR_WANT_READ: return {LinkStatus::want_read, 0};
      case SSL_ERROR_WANT_WRITE: return {LinkStatus::want_write, 0};
      case SSL_ERROR_SSL:
      case SSL_ERROR_SYSCALL: broken_ = true; [[fallthrough]];
      default: return {LinkStatus::ended, 0};
    }
  }

  void say_tls_is_wanted() {
    constexpr std::string_view kAnswer =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 37\r\nConnection: close\r\n\r\n"
        "This port speaks TLS: use https://.\r\n";
    (void)::send(fd_, kAnswer.data(), kAnswer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  std::unique_ptr<SSL, SslFree> ssl_;
  int fd_;
  bool broken_ = false;  // after such an error nothing may be called any more, not even SSL_shutdown
};

// HTTP/1.1 where the client names protocols at all, no protocol where it does not know that one.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  constexpr std::string_view kOurs = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(kOurs.data());
  if (SSL_select_next_proto(&chosen, out_size, ours, static_cast<unsigned int>(kOurs.size()), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

base::Error tls_error(std::string_view what) {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code ? ERR_reason_error_string(code) : nullptr;
  ERR_clear_error();
  return base::Error{base::Kind::invalid_input, reason ? fmt::format("{}: {}", what, reason) : std::string(what)};
}

int no_passphrase(char*, int, int, void*) { return 0; }  // OpenSSL would ask for one on the terminal

TlsBio pem_bytes(std::string_view pem) {
  return TlsBio(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min<std::size_t>(pem.size(), 1u << 20))));
}

base::Result<void> use_certificates(SSL_CTX* context, std::string_view pem) {
  const TlsBio bio = pem_bytes(pem);
  TlsCertificate first(PEM_read_bio_X509_AUX(bio.get(), nullptr, no_passphrase, nullptr));
  if (!first) return base::fail(tls_error("the TLS certificate cannot be read; it must be in PEM form"));
  if (SSL_CTX_use_certificate(context, first.get()) != 1)
    return base::fail(tls_error("the TLS certificate cannot be used"));
  while (TlsCertificate next{PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr)})
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1)
      return base::fail(tls_error("the chain of the TLS certificate cannot be used"));
  ERR_clear_error();  // of the end of the text
  return {};
}

base::Result<void> use_key(SSL_CTX* context, std::string_view pem) {
  const TlsBio bio = pem_bytes(pem);
  const std::unique_ptr<EVP_PKEY, TlsKeyFree> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) return base::fail(tls_error("the TLS key cannot be read; it must be in PEM form, without a passphrase"));
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return base::fail(tls_error("the TLS key does not belong to the certificate"));
  return {};
}

bool apply_settings(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // 10,000 idle connections hold no record buffers; partial writes move on with what the socket takes.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets resume; the server keeps nothing
  SSL_CTX_set_alpn_select_cb(context, &select_protocol, nullptr);
  // What SSL_CTX_set1_groups_list() does, which casts the const away behind one's back.
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kTls12Ciphers) == 1 &&
         SSL_CTX_ctrl(context, SSL_CTRL_SET_GROUPS_LIST, 0, const_cast<char*>(kGroups)) == 1;
}

}  // namespace

struct TlsServer::Parts {
  std::unique_ptr<SSL_CTX, SslContextFree> context;
};

TlsServer::TlsServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TlsServer::~TlsServer() = default;

base::Result<std::unique_ptr<TlsServer>> TlsServer::create(const TlsIdentity& identity) {
  auto parts = std::make_unique<Parts>();
  parts->context.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = parts->context.get();
  if (!context || !apply_settings(context)) return base::fail(tls_error("TLS cannot be started"));
  TRY(use_certificates(context, identity.certificate_pem));
  TRY(use_key(context, identity.key_pem));
  return std::unique_ptr<TlsServer>(new TlsServer(std::move(parts)));
}

std::unique_ptr<Link> TlsServer::link(int fd) {
  std::unique_ptr<SSL, SslFree> ssl(SSL_new(parts_->context.get()));
  if (!ssl || SSL_set_fd(ssl.get(), fd) != 1) return nullptr;
  return std::make_unique<TlsLink>(std::move(ssl), fd);
}

}  // namespace net
