// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "net/server.hpp"

namespace net {

namespace {

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct CertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct ExtensionFree {
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;
using Certificate = std::unique_ptr<X509, CertificateFree>;
using Bio = std::unique_ptr<BIO, BioFree>;

base::Error certificate_error() {
  return {base::Kind::internal, "OpenSSL could not make a certificate"};
}

bool is_ip_address(const std::string& name) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, name.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, name.c_str(), bytes) == 1;
}

// What may stand in a subjectAltName without a meaning of its own to OpenSSL's configuration language.
bool is_dns_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
           c == '*' || c == '_';
  });
}

base::Result<std::string> alternative_names(const std::vector<std::string>& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) {
    if (is_ip_address(name))
      parts.push_back("IP:" + name);
    else if (is_dns_name(name))
      parts.push_back("DNS:" + name);
    else
      return base::fail(base::Kind::invalid_input,
                        fmt::format("{} is neither a DNS name nor an IP address", base::printable(name)));
  }
  if (parts.empty()) return base::fail(base::Kind::invalid_input, "a certificate needs a name");
  return base::join(parts, ",");
}

bool add_extension(X509* certificate, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, ExtensionFree> extension(
      X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
  bytes[0] &= 0x7f;  // RFC 5280 section 4.1.2.2: positive
  BIGNUM* number = BN_bin2bn(bytes, sizeof bytes, nullptr);
  const bool set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  return set;
}

bool set_subject(X509* certificate, const std::string& name) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const std::string shown = name.substr(0, 64);  // ub-common-name
  return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(shown.data()),
                                    static_cast<int>(shown.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1;
}

std::string bio_text(BIO* bio) {
  const char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

base::Result<TlsIdentity> make_self_signed(const std::vector<std::string>& names, int days) {
  const std::string alternatives = TRY(alternative_names(names));
  if (days < 1 || days > 36'500) return base::fail(base::Kind::invalid_input, "a certificate is valid 1 to 36500 days");
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const Certificate certificate(X509_new());
  if (!key || !certificate) return base::fail(certificate_error());
  X509* x509 = certificate.get();
  constexpr long kHour = 3600;  // clocks differ
  const bool made = X509_set_version(x509, X509_VERSION_3) == 1 && set_serial(x509) && set_subject(x509, names[0]) &&
                    X509_gmtime_adj(X509_getm_notBefore(x509), -kHour) &&
                    X509_gmtime_adj(X509_getm_notAfter(x509), 24 * kHour * days) &&
                    X509_set_pubkey(x509, key.get()) == 1 &&
                    // Its own authority, so that it can be named with --ca-file.
                    add_extension(x509, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(x509, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
                    add_extension(x509, NID_ext_key_usage, "serverAuth") &&
                    add_extension(x509, NID_subject_key_identifier, "hash") &&
                    add_extension(x509, NID_subject_alt_name, alternatives) &&
                    X509_sign(x509, key.get(), EVP_sha256()) > 0;
  const Bio certificate_pem(BIO_new(BIO_s_mem())), key_pem(BIO_new(BIO_s_mem()));
  if (!made || !certificate_pem || !key_pem || PEM_write_bio_X509(certificate_pem.get(), x509) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return base::fail(certificate_error());
  return TlsIdentity{bio_text(certificate_pem.get()), bio_text(key_pem.get())};
}

namespace {

base::Result<Certificate> first_certificate(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min<std::size_t>(pem.size(), 1u << 20))));
  Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) return base::fail(base::Kind::invalid_input, "there is no certificate in PEM form");
  return certificate;
}

}  // namespace

base::Result<std::string> certificate_fingerprint(std::string_view certificate_pem) {
  const Certificate certificate = TRY(first_certificate(certificate_pem));
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  if (size <= 0) return base::fail(base::Kind::invalid_input, "there is no certificate in PEM form");
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return base::sha256_hex(bytes);
}

base::Result<bool> is_self_signed(std::string_view certificate_pem) {
  const Certificate certificate = TRY(first_certificate(certificate_pem));
  return X509_NAME_cmp(X509_get_subject_name(certificate.get()), X509_get_issuer_name(certificate.get())) == 0;
}

}  // namespace net
