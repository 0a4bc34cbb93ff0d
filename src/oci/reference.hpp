// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "oci/image.hpp"

namespace oci {

// The name of an image in a registry, as Docker writes it (distribution/reference, "normalized" form):
//   [DOMAIN[:PORT]/]PATH[:TAG][@DIGEST]
// The first part is a domain where it holds '.' or ':', is "localhost" or has a capital letter; else the domain is
// docker.io, where a path of one part stands below "library/". With neither tag nor digest the tag is "latest"; with
// both, the digest decides.
struct Reference {
  std::string domain;  // with port; "docker.io", "localhost:5000", "[::1]:5000"
  std::string path;    // "library/nginx"
  std::string tag;     // may be empty where there is a digest
  Digest digest;

  // Kind::invalid_input says which part is wrong and how it should be.
  static base::Result<Reference> parse(std::string_view text);

  std::string text() const;      // whole: "docker.io/library/nginx:latest"
  std::string api_host() const;  // where the API answers: the domain, but registry-1.docker.io for docker.io
  const std::string& key() const { return digest.empty() ? tag : digest.text(); }  // of the manifest
};

}  // namespace oci
