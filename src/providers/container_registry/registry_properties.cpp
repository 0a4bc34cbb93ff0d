// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/registry_properties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/public_key.hpp"
#include "base/text.hpp"
#include "net/server.hpp"
#include "oci/reference.hpp"

namespace providers {

namespace {

constexpr std::size_t kPropertyListCap = 200;
constexpr std::size_t kPropertyTextCap = 64u << 10;
constexpr std::array<std::string_view, 6> kRegistryKinds{"AzureContainerRegistry", "Distribution", "DockerHub", "GitHub", "Harbor", "Other"};

tl::unexpected<base::Error> must_be(std::string_view name, std::string_view what) {
  return base::fail(base::Kind::invalid_input, fmt::format("properties.{} must be {}.", name, what));
}

base::Result<void> check_text(const base::Json& holder, std::string_view name) {
  const auto* value = base::find(holder, name);
  if (!value || (value->is_string() && value->get_string().size() <= kPropertyTextCap)) return {};
  return must_be(name, "a text");
}

base::Result<void> check_flag(const base::Json& holder, std::string_view name) {
  const auto* value = base::find(holder, name);
  if (!value || value->is_bool()) return {};
  return must_be(name, "true or false");
}

base::Result<void> check_texts(const base::Json& holder, std::string_view name) {
  const auto* value = base::find(holder, name);
  if (!value || value->is_null()) return {};
  const bool fine = value->is_array() && value->get_array().size() <= kPropertyListCap &&
                    std::all_of(value->get_array().begin(), value->get_array().end(),
                                [](const base::Json& entry) { return entry.is_string() && entry.get_string().size() <= 10'000; });
  if (!fine) return must_be(name, fmt::format("a list of at most {} texts", kPropertyListCap));
  return {};
}

base::Result<void> check_word(const base::Json& holder, std::string_view name, const auto& words) {
  const auto* value = base::find(holder, name);
  if (!value || std::find(words.begin(), words.end(), base::as_string(*value)) != words.end()) return {};
  return must_be(name, fmt::format("one of {}", fmt::join(words, ", ")));
}

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
  for (const auto* text : {"loginServer", "username", "caCertificate"}) TRY(check_text(properties, text));
  for (const auto* flag : {"plainHttp", "scanEnabled"}) TRY(check_flag(properties, flag));
  for (const auto* list : {"signatureKeys", "repositories", "excludedRepositories", "platforms"}) TRY(check_texts(properties, list));
  TRY(check_word(properties, "kind", kRegistryKinds));
  TRY(check_word(properties, "untaggedImages", std::array<std::string_view, 2>{"Ignore", "Assess"}));
  if (const auto* minutes = base::find(properties, "pollMinutes")) {
    const auto value = base::get_int(properties, "pollMinutes");
    if (!value || *value < 0 || *value > 10'080)
      return must_be("pollMinutes", fmt::format("a whole number from 0 (never) to 10080, not {}", base::to_text(*minutes)));
  }
  for (const auto& platform : base::get_array(properties, "platforms")) TRY(oci::Platform::parse(base::as_string(platform)));
  return check_pem(properties);
}

}  // namespace providers
