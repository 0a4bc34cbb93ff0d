// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/registry.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "net/guard.hpp"
#include "oci/reference.hpp"

namespace providers {

namespace {

std::vector<std::string> text_list(const base::Json& properties, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& entry : base::get_array(properties, name)) out.emplace_back(base::as_string(entry));
  return out;
}

// What a host, with or without a port, resolves to now; itself where it is an address.
std::set<std::string> addresses_of(std::string_view host_and_port) {
  std::string host(host_and_port.front() == '[' ? base::cut(host_and_port.substr(1), "]").first : base::cut(host_and_port, ":").first);
  std::set<std::string> addresses;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return addresses;
  for (const addrinfo* at = found; at; at = at->ai_next) {
    char text[NI_MAXHOST] = {};
    if (::getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0) addresses.insert(text);
  }
  ::freeaddrinfo(found);
  return addresses;
}

// Lets requests reach public addresses and those given alone.
class GuardedTransport final : public net::HttpTransport {
 public:
  GuardedTransport(std::unique_ptr<net::HttpTransport> inner, std::set<std::string> own) : inner_(std::move(inner)), own_(std::move(own)) {}

  base::Result<net::HttpResponse> send(const net::HttpRequest& request, const base::ByteSink& sink) override {
    net::HttpRequest guarded = request;
    guarded.allow_address = [this](std::string_view ip) { return !net::is_private_address(ip) || own_.count(std::string(ip)) != 0; };
    guarded.how_to_allow = "the registry sends the hub there: start it with --allow-private-registries, if that is meant";
    return inner_->send(guarded, sink);
  }

 private:
  const std::unique_ptr<net::HttpTransport> inner_;
  const std::set<std::string> own_;
};

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  bool deep = false;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      deep = pattern.substr(p, 2) == "**";
      p += deep ? 2 : 1;
      star = p;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == text[t] || pattern[p] == '?')) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos && (deep || text[resume] != '/')) {
      t = ++resume;
      p = star;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool Registry::covers(std::string_view repository) const {
  const auto matches = [&](const std::string& glob) { return glob_matches(glob, repository); };
  if (std::any_of(excluded_repositories.begin(), excluded_repositories.end(), matches)) return false;
  return repositories.empty() || std::any_of(repositories.begin(), repositories.end(), matches);
}

bool Registry::covers_platform(std::string_view platform) const {
  return platforms.empty() || std::any_of(platforms.begin(), platforms.end(), [&](const std::string& wanted) {
           return platform == wanted || (platform.size() > wanted.size() && platform.substr(0, wanted.size()) == wanted &&
                                         platform[wanted.size()] == '/');
         });
}

arm::ResourceId Registry::image_id(const std::string& repository, const std::string& digest) const {
  return id.child("repositories", repository).child("images", digest);
}

std::string Registry::reference(const std::string& repository, const std::string& tag_or_digest) const {
  const bool is_digest = tag_or_digest.find(':') != std::string::npos;
  return login_server + "/" + repository + (is_digest ? "@" : ":") + tag_or_digest;
}

base::Result<Registry> registry_of(const arm::Resource& resource, store::Session& session, const store::Vault& vault) {
  Registry registry;
  registry.id = resource.id;
  registry.name = resource.id.name();
  registry.login_server = resource.text_property("loginServer");
  registry.username = resource.text_property("username");
  registry.ca_pem = resource.text_property("caCertificate");
  const auto* members = resource.body.if_contains("properties");
  const base::Json properties = members ? *members : base::Json(base::JsonObject{});
  registry.plain_http = base::get_bool(properties, "plainHttp");
  registry.assess_untagged = base::get_string(properties, "untaggedImages") == "Assess";
  registry.signature_keys = text_list(properties, "signatureKeys");
  registry.poll_minutes = static_cast<int>(base::get_int(properties, "pollMinutes").value_or(10));
  registry.enabled = base::get_bool(properties, "scanEnabled", true);
  registry.repositories = text_list(properties, "repositories");
  registry.excluded_repositories = text_list(properties, "excludedRepositories");
  registry.platforms = text_list(properties, "platforms");
  if (const auto* policies = base::find(properties, "policies"))
    if (const auto* quarantine = base::find(*policies, "quarantinePolicy"))
      registry.quarantine = base::get_string(*quarantine, "status") == "enabled";
  registry.password = TRY(vault.get(session, registry.key(), "password")).value_or("");
  return registry;
}

base::Result<std::optional<Registry>> load_registry(store::Session& session, const store::Vault& vault,
                                                    const std::string& registry_key) {
  const auto resource = TRY(arm::load_resource(session, registry_key));
  if (!resource) return std::optional<Registry>();
  return std::optional<Registry>(TRY(registry_of(*resource, session, vault)));
}

base::Result<std::vector<Registry>> load_registries(store::Session& session, const store::Vault& vault) {
  std::vector<Registry> registries;
  for (const auto& resource : TRY(arm::load_resources(session, std::string(kRegistryType), "/")))
    registries.push_back(TRY(registry_of(resource, session, vault)));
  return registries;
}

base::Result<std::optional<Registry>> find_registry(store::Session& session, const store::Vault& vault,
                                                    const std::string& name) {
  for (auto& registry : TRY(load_registries(session, vault)))
    if (base::equals_ignoring_case(registry.name, name)) return std::optional<Registry>(std::move(registry));
  return std::optional<Registry>();
}

RegistryConnection::RegistryConnection(const Registry& registry, bool allow_private) : registry_(registry) {
  net::TransportOptions options;
  options.ca_pem = registry.ca_pem;
  auto transport = net::curl_transport(options);
  if (allow_private)
    transport_ = std::move(transport);
  else
    transport_ = std::make_unique<GuardedTransport>(std::move(transport), addresses_of(registry.login_server));
}

oci::SourceOptions RegistryConnection::source_options() const {
  oci::SourceOptions options;
  options.transport = transport_.get();
  options.insecure = registry_.plain_http;
  options.docker_config = "/nonexistent";  // what the hub's own user once logged in to is not the registry's business
  options.username = registry_.username;
  options.password = registry_.password;
  return options;
}

oci::RegistryOptions RegistryConnection::registry_options() const {
  oci::RegistryOptions options;
  options.transport = transport_.get();
  options.insecure = registry_.plain_http;
  options.credentials = [username = registry_.username, password = registry_.password] {
    oci::CredentialLookup lookup;
    lookup.credentials.username = username;
    lookup.credentials.password = password;
    return lookup;
  };
  return options;
}

std::unique_ptr<oci::RegistrySession> RegistryConnection::session() const {
  const std::string& domain = registry_.login_server;
  const std::string host = domain == "docker.io" ? "registry-1.docker.io" : domain;
  return std::make_unique<oci::RegistrySession>(domain, host, registry_options());
}

}  // namespace providers
