// SPDX-License-Identifier: Apache-2.0
// What a statement can speak of: the image as a whole, or a package.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/package.hpp"
#include "sbom/purl.hpp"

namespace advisory {

// An image's name cut up: "docker.io/library/nginx", "1.25", "sha256:…".
struct ImageName {
  std::string repository;  // with registry and path in full; empty where the text is no image name
  std::string tag;
  std::string digest;

  static ImageName parse(std::string_view text);
};

// The artifact under scrutiny, ready to be compared with many products.
struct ArtifactNames {
  explicit ArtifactNames(const model::Artifact& artifact);

  std::string text;  // as the user wrote it
  ImageName image;
  std::string digest;
  std::string architecture;
};

// A name out of a statement: a purl, an image reference, a digest, or a bare package name.
class ProductName {
 public:
  explicit ProductName(std::string text);

  bool is_purl() const { return purl_.has_value(); }

  // The image or folder itself. A digest decides alone; else repository, tag and architecture must agree as far as
  // they are given.
  bool names_artifact(const ArtifactNames& artifact) const;

  // Type, namespace and name must agree, version, qualifiers and subpath as far as they are given. A text that is no
  // purl is a package's name.
  bool names_package(const model::Package& package, const std::optional<sbom::Purl>& purl) const;

 private:
  bool oci_purl_names(const ArtifactNames& artifact) const;

  std::string text_;
  std::optional<sbom::Purl> purl_;
  ImageName image_;
};

}  // namespace advisory
