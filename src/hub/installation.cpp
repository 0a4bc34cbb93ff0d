// SPDX-License-Identifier: Apache-2.0
#include "hub/installation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "arm/resource.hpp"
#include "base/crypto.hpp"
#include "base/files.hpp"
#include "net/url.hpp"

namespace hub {

namespace {

constexpr int kCertificateDays = 825;
constexpr std::string_view kUrlSetting = "url";

base::Result<std::string> setting_or_new(store::Session& session, const std::string& name) {
  if (auto value = TRY(store::query_text(session, "SELECT value FROM settings WHERE name = ?", {name}))) return std::move(*value);
  std::string made = base::uuid4();
  TRY(session.run("INSERT INTO settings (name, value) VALUES (?, ?)", {name, made}));
  return made;
}

base::Result<void> make_default_group(store::Session& session, const std::string& subscription) {
  arm::Resource group;
  group.id = TRY(arm::ResourceId::parse("/subscriptions/" + subscription + "/resourceGroups/default"));
  if (TRY(arm::load_resource(session, group.id.key()))) return {};
  group.body = {{"location", "local"}, {"tags", base::JsonObject{}}, {"properties", base::JsonObject{{"provisioningState", "Succeeded"}}}};
  return arm::save_resource(session, group, "bulwark", store::now_ms());
}

base::Result<net::TlsIdentity> own_certificate(const HubOptions& options) {
  const auto folder = options.data_dir / "tls";
  const auto certificate = folder / "certificate.pem", key = folder / "key.pem";
  std::error_code ignored;
  if (std::filesystem::exists(certificate, ignored) && std::filesystem::exists(key, ignored))
    return net::TlsIdentity{TRY(base::read_file(certificate)), TRY(base::read_file(key))};
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  if (options.address != "0.0.0.0" && options.address != "::") names.push_back(options.address);
  names.insert(names.end(), options.names.begin(), options.names.end());
  auto made = TRY(net::make_self_signed(names, kCertificateDays));
  std::filesystem::create_directories(folder, ignored);
  ::chmod(folder.c_str(), 0700);
  const auto mask = ::umask(0077);
  const auto kept = base::write_file_atomically(key, made.key_pem);
  ::umask(mask);
  TRY(base::Result<void>(kept));
  TRY(base::write_file_atomically(certificate, made.certificate_pem));
  return made;
}

}  // namespace

base::Result<DataFolder> DataFolder::open(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return base::fail(base::Kind::unavailable, fmt::format("the data directory {} cannot be made: {}", folder.string(), failure.message()));
  ::chmod(folder.c_str(), 0700);
  DataFolder opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.fd_ < 0) return base::fail(base::errno_error(errno, "cannot open", folder));
  if (::flock(opened.fd_, LOCK_EX | LOCK_NB) == 0) return opened;
  if (errno != EWOULDBLOCK) return base::fail(base::errno_error(errno, "cannot lock", folder));
  return base::fail(base::Kind::conflict, fmt::format("another hub runs with the data directory {}; stop it, or name another one", folder.string()));
}

DataFolder::~DataFolder() {
  if (fd_ >= 0) ::close(fd_);
}

base::Result<providers::Installation> load_installation(store::Database& database) {
  providers::Installation installation;
  TRY(database.write([&](store::Session& session) -> base::Result<void> {
    installation.tenant_id = TRY(setting_or_new(session, "tenantId"));
    installation.subscription_id = TRY(setting_or_new(session, "subscriptionId"));
    return make_default_group(session, installation.subscription_id);
  }));
  return installation;
}

base::Result<std::string> load_url(store::Session& session) {
  return TRY(store::query_text(session, "SELECT value FROM settings WHERE name = ?", {kUrlSetting})).value_or("");
}

base::Result<void> keep_url(store::Database& database, const std::string& url) {
  return database.write([&](store::Session& session) {
    return session.run("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", {kUrlSetting, url});
  });
}

base::Result<std::optional<net::TlsIdentity>> load_tls(const HubOptions& options) {
  if (options.certificate_file.empty() != options.key_file.empty())
    return base::fail(base::Kind::invalid_input, "give both --tls-cert and --tls-key, or neither");
  if (!options.certificate_file.empty())
    return std::optional<net::TlsIdentity>({TRY(base::read_file(options.certificate_file)), TRY(base::read_file(options.key_file))});
  if (options.self_signed) return std::optional<net::TlsIdentity>(TRY(own_certificate(options)));
  if (net::is_loopback_host(options.address)) return std::optional<net::TlsIdentity>();
  return base::fail(base::Kind::denied,
                    fmt::format("listening on {} needs TLS: give --tls-cert and --tls-key, or --self-signed to have a certificate made", options.address));
}

}  // namespace hub
