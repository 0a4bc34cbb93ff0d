// SPDX-License-Identifier: Apache-2.0
// Registries and images of a hub, found by the names people use.
#pragma once

#include <string>
#include <vector>

#include "client/connection.hpp"

namespace client {

struct RegistryEntry {
  std::string id;    // of the resource
  std::string name;  // at the hub
  std::string host;  // login server: "registry.example.com:5000"
};

// An image as people write it, read already: HOST/REPOSITORY and a tag or a digest.
struct ImageName {
  std::string host, repository;
  std::string tag;     // looked at where there is no digest
  std::string digest;  // "sha256:…"

  std::string text() const;
};

base::Result<std::vector<RegistryEntry>> registries(const Connection& connection);

// By name or by host, without case. Kind::not_found names those there are.
base::Result<RegistryEntry> find_registry(const Connection& connection, const std::string& name_or_host);

// Rows of the hub's list of images: one for a digest, one a platform for a tag; none where the hub does not know the image
// (yet). Kind::not_found: no registry of that host.
base::Result<std::vector<base::Json>> find_images(const Connection& connection, const ImageName& name);

// The one row. Kind::not_found where there is none; Kind::conflict where the tag leads to several, which the message names.
base::Result<base::Json> find_image(const Connection& connection, const ImageName& name);

// "{registry id}/repositories/{repository}/images/{digest}".
std::string image_id(const RegistryEntry& registry, const std::string& repository, const std::string& digest);

// "HOST/REPOSITORY@DIGEST" of a row of a list of images or findings.
std::string image_name_of(const base::Json& row, const std::vector<RegistryEntry>& registries);

}  // namespace client
