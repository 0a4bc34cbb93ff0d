// SPDX-License-Identifier: Apache-2.0
// A registry as it is configured: Microsoft.ContainerRegistry/registries.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arm/resource.hpp"
#include "net/http.hpp"
#include "oci/image_source.hpp"
#include "oci/registry_session.hpp"
#include "store/vault.hpp"

namespace providers {

inline constexpr std::string_view kRegistryType = "Microsoft.ContainerRegistry/registries";
inline constexpr std::string_view kRepositoryType = "Microsoft.ContainerRegistry/registries/repositories";
inline constexpr std::string_view kImageType = "Microsoft.ContainerRegistry/registries/repositories/images";

struct Registry {
  arm::ResourceId id;
  std::string name;
  std::string login_server;            // host[:port], as images are named
  std::string username, password;      // empty: anonymous
  std::string ca_pem;                  // trusted besides the system's
  bool plain_http = false;
  bool enabled = true;
  std::vector<std::string> repositories;          // globs that are scanned; empty: all
  std::vector<std::string> excluded_repositories;
  std::vector<std::string> platforms;             // "linux/amd64"; empty: every one
  bool assess_untagged = false;        // images that no tag leads to any more count as well
  bool quarantine = false;             // mark scanned images at the registry (Azure's quarantine API)
  std::vector<std::string> signature_keys;  // PEM public keys that Cosign signatures are checked with
  int poll_minutes = 10;               // 0: never

  std::string key() const { return id.key(); }
  bool covers(std::string_view repository) const;
  bool covers_platform(std::string_view platform) const;
  arm::ResourceId image_id(const std::string& repository, const std::string& digest) const;
  std::string reference(const std::string& repository, const std::string& tag_or_digest) const;
};

// `*` matches any characters but '/', `**` those too, `?` one.
bool glob_matches(std::string_view pattern, std::string_view text);

// From the stored resource, and its password from the vault.
base::Result<Registry> registry_of(const arm::Resource& resource, store::Session& session, const store::Vault& vault);
base::Result<std::optional<Registry>> load_registry(store::Session& session, const store::Vault& vault,
                                                    const std::string& registry_key);
base::Result<std::optional<Registry>> find_registry(store::Session& session, const store::Vault& vault,
                                                    const std::string& name);
base::Result<std::vector<Registry>> load_registries(store::Session& session, const store::Vault& vault);

// A connection to it: the transport trusts its CA, the options carry its credentials. Used by one job at a time.
class RegistryConnection {
 public:
  // Requests that the registry sends elsewhere (redirects, token realms) may not reach private addresses, other than its
  // own, unless `allow_private`.
  RegistryConnection(const Registry& registry, bool allow_private);

  net::HttpTransport& transport() { return *transport_; }
  oci::SourceOptions source_options() const;
  oci::RegistryOptions registry_options() const;
  std::unique_ptr<oci::RegistrySession> session() const;

 private:
  const Registry registry_;
  std::unique_ptr<net::HttpTransport> transport_;
};

}  // namespace providers
