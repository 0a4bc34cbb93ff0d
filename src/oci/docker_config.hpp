// SPDX-License-Identifier: Apache-2.0
// Credentials for registries as `docker login` leaves them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "oci/reference.hpp"

namespace oci {

struct Credentials {
  std::string username, password;
  std::string identity_token;  // OAuth2 refresh token
  std::string registry_token;  // bearer token, sent as it is

  bool empty() const { return username.empty() && identity_token.empty() && registry_token.empty(); }
};

struct CredentialLookup {
  Credentials credentials;  // empty: go on anonymously
  std::string problem;      // why the look-up failed where it did; tells no secret
};

// config.json: `auths`, `credHelpers` and `credsStore`.
class DockerConfig {
 public:
  // From `folder` (empty: $DOCKER_CONFIG, else ~/.docker). No such file is an empty configuration.
  static base::Result<DockerConfig> load(const std::string& folder);
  static base::Result<DockerConfig> parse(std::string_view text, std::string_view what);

  // What is known for the registry of `reference`: its helper is asked (a program docker-credential-NAME in PATH),
  // then the file. Keys match as Docker's do ("https://host/v1/", "host:port"); the more exact ones of Podman
  // ("host/path") go first.
  CredentialLookup find(const Reference& reference) const;

 private:
  std::string helper_for(const Reference& reference) const;
  CredentialLookup find_in_file(const Reference& reference) const;

  base::JsonObject auths_;
  std::map<std::string, std::string, std::less<>> helpers_;
  std::string store_;
};

}  // namespace oci
