// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/registry_properties.hpp"

#include <fmt/format.h>

#include <array>

#include "base/public_key.hpp"
#include "base/text.hpp"
#include "net/server.hpp"
#include "oci/reference.hpp"
#include "providers/property_checks.hpp"

namespace providers {

namespace {

constexpr std::array<std::string_view, 6> kRegistryKinds{"AzureContainerRegistry", "Distribution", "DockerHub", "GitHub", "Harbor", "Other"};

// Certificates and keys are read here, not when the first image is looked at.
base::Result<void> check_pem(const base::Json& properties) {
  if (const auto certificates = base::get_string(properties, "caCertificate"); !certificates.empty())
    TRY_CONTEXT(net::certificate_fingerprint(certificates), "properties.caCertificate");
  for (const auto& key : base::get_array(properties, "signatureKeys"))
    TRY_CONTEXT(base::PublicKey::parse(base::as_string(key)), "properties.signatureKeys");
  return {};
}

}  // namespace

base::Result<std::string> host_of(std::string_view login_server) {
  std::string_view text = login_server;
  for (const std::string_view scheme : {"https://", "http://"})
    if (text.substr(0, scheme.size()) == scheme) text.remove_prefix(scheme.size());
  while (!text.empty() && text.back() == '/') text.remove_suffix(1);
  const auto reference = oci::Reference::parse(std::string(text) + "/name:tag");
  if (text.empty() || text.find('/') != std::string_view::npos || !reference || reference->path != "name")
    return base::fail(base::Kind::invalid_input,
                      fmt::format("properties.loginServer '{}' is no registry's host, such as registry.example.com or 127.0.0.1:5000.", base::printable(text)));
  return reference->domain;
}

base::Result<void> check_properties(const base::Json& properties) {
  const Holder holder{properties};
  for (const auto* text : {"loginServer", "username", "caCertificate"}) TRY(check_text(holder, text));
  for (const auto* flag : {"plainHttp", "scanEnabled"}) TRY(check_flag(holder, flag));
  for (const auto* list : {"signatureKeys", "repositories", "excludedRepositories", "platforms"}) TRY(check_texts(holder, list));
  TRY(check_word(holder, "kind", kRegistryKinds));
  TRY(check_word(holder, "untaggedImages", std::array<std::string_view, 2>{"Ignore", "Assess"}));
  TRY(check_whole(holder, "pollMinutes", 0, 10'080));  // 0: never
  for (const auto& platform : base::get_array(properties, "platforms")) TRY(oci::Platform::parse(base::as_string(platform)));
  return check_pem(properties);
}

}  // namespace providers
