// SPDX-License-Identifier: Apache-2.0
#include "oci/docker_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/base64.hpp"
#include "base/files.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

namespace oci {

namespace {

constexpr std::size_t kDockerConfigCap = 4u << 20;
constexpr std::string_view kDockerHubKey = "https://index.docker.io/v1/";

std::filesystem::path docker_config_folder() {
  if (const char* folder = std::getenv("DOCKER_CONFIG"); folder && *folder) return folder;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home ? home : "/") / ".docker";
}

// The host of a key of `auths`; `is_namespace` where a path follows that belongs to the name (Podman) and is no API
// root.
struct AuthsKey {
  std::string_view host;
  bool is_namespace = false;
};

AuthsKey read_auths_key(std::string_view key) {
  const bool has_scheme = key.substr(0, 8) == "https://" || key.substr(0, 7) == "http://";
  if (has_scheme) key = base::cut(key, "://").second;
  const auto [host, path] = base::cut(key, "/");
  const bool api_root = path.empty() || path == "v1" || path == "v1/" || path == "v2" || path == "v2/";
  return {host, !has_scheme && !api_root};
}

bool is_same_registry(std::string_view host, std::string_view domain) {
  if (base::equals_ignoring_case(host, domain)) return true;
  return domain == "docker.io" && (host == "index.docker.io" || host == "registry-1.docker.io");
}

// Docker writes "auth": base64("user:password"), the password sometimes with NUL bytes behind it.
base::Result<Credentials> read_auths_entry(const base::Json& entry, std::string_view key) {
  Credentials found;
  found.username = base::get_string(entry, "username");
  found.password = base::get_string(entry, "password");
  found.identity_token = base::get_string(entry, "identitytoken");
  found.registry_token = base::get_string(entry, "registrytoken");
  const std::string_view encoded = base::get_string(entry, "auth");
  if (encoded.empty()) return found;
  const auto decoded = base::base64_decode(encoded);
  const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos)
    return base::fail(
        base::Kind::invalid_input,
        fmt::format("\"auth\" of {} in Docker's config.json is no base64 of user:password", base::printable(key)));
  found.username = decoded->substr(0, colon);
  found.password = decoded->substr(colon + 1);
  found.password.erase(found.password.find_last_not_of('\0') + 1);
  return found;
}

bool is_helper_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == '.';
         });
}

// An answer of "nothing known" is no fault (credential helpers' protocol: exit 1 and this text on standard output).
base::Result<Credentials> ask_helper(const std::string& helper, const Reference& reference) {
  if (!is_helper_name(helper))
    return base::fail(base::Kind::invalid_input,
                      fmt::format("Docker's config.json names \"{}\", which is no name of a credential helper",
                                  base::printable(helper)));
  const std::string program = "docker-credential-" + helper;
  const std::string server = reference.domain == "docker.io" ? std::string(kDockerHubKey) : reference.domain;
  const auto output = TRY(base::run_process({program, "get"}, server, std::chrono::seconds(30), 1u << 20));
  if (output.exit_code != 0) {
    if (output.out.find("credentials not found") != std::string::npos) return Credentials{};
    const std::string_view said = base::cut(base::trim(output.out.empty() ? output.err : output.out), "\n").first;
    const bool harmless = said.find('{') == std::string_view::npos;
    return base::fail(base::Kind::denied, fmt::format("{} failed with exit code {}{}{}", program, output.exit_code,
                                                      harmless && !said.empty() ? ": " : "",
                                                      harmless ? base::printable(said.substr(0, 200)) : ""));
  }
  auto answer = base::parse_json(output.out, program);
  if (!answer) return base::fail(base::Kind::invalid_input, fmt::format("{} did not answer with JSON", program));
  Credentials found;
  found.username = base::get_string(*answer, "Username");
  found.password = base::get_string(*answer, "Secret");
  if (found.username == "<token>") {
    found.username.clear();
    std::swap(found.identity_token, found.password);
  }
  return found;
}

}  // namespace

base::Result<DockerConfig> DockerConfig::load(const std::string& folder) {
  const std::filesystem::path path =
      (folder.empty() ? docker_config_folder() : std::filesystem::path(folder)) / "config.json";
  auto text = base::read_file(path, kDockerConfigCap);
  if (!text && text.error().kind == base::Kind::not_found) return DockerConfig();
  if (!text) return base::fail(std::move(text).error());
  return parse(*text, path.string());
}

base::Result<DockerConfig> DockerConfig::parse(std::string_view text, std::string_view what) {
  const base::Json document = TRY(base::parse_json(text, what));
  DockerConfig config;
  config.auths_ = base::get_object(document, "auths");
  config.store_ = base::get_string(document, "credsStore");
  for (const auto& [host, helper] : base::get_object(document, "credHelpers"))
    if (const auto name = base::as_string(helper); !name.empty())
      config.helpers_.emplace(std::string(host), std::string(name));
  return config;
}

std::string DockerConfig::helper_for(const Reference& reference) const {
  for (const auto& [key, helper] : helpers_)
    if (is_same_registry(read_auths_key(key).host, reference.domain)) return helper;
  return store_;
}

CredentialLookup DockerConfig::find_in_file(const Reference& reference) const {
  const base::Json* best = nullptr;
  std::string_view best_key;
  const std::string whole = reference.domain + "/" + reference.path;
  for (const auto& member : auths_) {
    const std::string_view key(member.key().data(), member.key().size());
    const AuthsKey read = read_auths_key(key);
    const bool matches = read.is_namespace ? whole == key || whole.substr(0, key.size() + 1) == std::string(key) + "/"
                                           : is_same_registry(read.host, reference.domain);
    // Docker's own key for its registry and the exact name go before other spellings, a longer path before a shorter.
    const auto rank = [&](std::string_view candidate) {
      return candidate.size() + (candidate == reference.domain || candidate == kDockerHubKey ? 100u : 0u) +
             (read_auths_key(candidate).is_namespace ? 1000u : 0u);
    };
    if (matches && (!best || rank(key) > rank(best_key))) {
      best = &member.value();
      best_key = key;
    }
  }
  if (!best) return {};
  auto found = read_auths_entry(*best, best_key);
  if (!found) return {{}, found.error().message};
  return {std::move(*found), {}};
}

CredentialLookup DockerConfig::find(const Reference& reference) const {
  std::string problem;
  if (const std::string helper = helper_for(reference); !helper.empty()) {
    auto answer = ask_helper(helper, reference);
    if (answer && !answer->empty()) return {std::move(*answer), {}};
    if (!answer) problem = answer.error().message;
  }
  CredentialLookup found = find_in_file(reference);
  if (found.credentials.empty() && found.problem.empty()) found.problem = problem;
  return found;
}

}  // namespace oci
