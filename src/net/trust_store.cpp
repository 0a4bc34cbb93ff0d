// SPDX-License-Identifier: Apache-2.0
#include "net/trust_store.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "base/files.hpp"

namespace net {

namespace {

constexpr std::size_t kBundleCap = 16u << 20;

std::string environment_value(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool has_hashed_names(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().filename().string().size() == 10 && entry->path().extension() == ".0") return true;
  return false;
}

std::string system_bundle() {
  for (const char* path : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) return path;
  }
  return {};
}

// The authorities to add, as PEM text.
base::Result<std::string> added_authorities(const std::string& ca_file, const std::string& ca_pem) {
  std::string added = ca_pem;
  if (!ca_pem.empty() && ca_pem.find("-----BEGIN CERTIFICATE") == std::string::npos)
    return base::fail(base::Kind::invalid_input, "the CA given as text holds no certificate in PEM form");
  if (ca_file.empty()) return added;
  const std::string read = TRY_CONTEXT(base::read_file(ca_file, kBundleCap), "reading the CA file");
  if (read.find("-----BEGIN") == std::string::npos)
    return base::fail(base::Kind::invalid_input, fmt::format("{} holds no certificate in PEM form", ca_file));
  return added.empty() ? read : added + "\n" + read;
}

}  // namespace

base::Result<TrustStore> find_trust_store(const std::string& ca_file, const std::string& ca_pem) {
  TrustStore store;
  store.file = environment_value("SSL_CERT_FILE");
  store.folder = environment_value("SSL_CERT_DIR");
  if (store.file.empty() && store.folder.empty()) {
    if (has_hashed_names("/etc/ssl/certs"))
      store.folder = "/etc/ssl/certs";
    else
      store.file = system_bundle();
  }
  std::string added = TRY(added_authorities(ca_file, ca_pem));
  if (added.empty()) return store;
  if (!store.file.empty())
    added += "\n" + TRY_CONTEXT(base::read_file(store.file, kBundleCap), "reading the system's CA bundle");
  store.file.clear();
  store.bundle = std::move(added);
  return store;
}

}  // namespace net
