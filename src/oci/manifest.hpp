// SPDX-License-Identifier: Apache-2.0
// Manifests, indexes and configurations as documents: OCI image-spec 1.1, Docker manifest v2 schema 2 and lists.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oci/image.hpp"

namespace oci {

struct Descriptor {
  std::string media_type;
  Digest digest;
  std::uint64_t size = 0;
  std::optional<Platform> platform;  // in an index
  bool attestation = false;          // platform.os "unknown" or annotation vnd.docker.reference.type
  std::string ref_name;              // annotation org.opencontainers.image.ref.name: a tag, seldom a whole reference
  std::string image_name;            // annotation io.containerd.image.name: a whole reference
  bool foreign = false;              // carries `urls` or has a non-distributable media type
};

// One manifest or one index; which it is shows in what is filled.
struct Document {
  std::string media_type;             // as declared inside, else `content_type`, else inferred from the members
  std::vector<Descriptor> manifests;  // index
  Descriptor config;                  // manifest
  std::vector<Descriptor> layers;     // manifest
  bool is_index = false;
};

// Refuses with Kind::unsupported and a plain message: schema 1 (signed or not), artifacts whose configuration is no
// image configuration (Helm charts, signatures, SBOM attestations …). At most 4 MiB, 10,000 descriptors.
base::Result<Document> parse_document(std::string_view text, std::string_view content_type, std::string_view what);

// The entry of an index for `platform` (nothing: the host's, else the only one). Kind::not_found lists what there is.
base::Result<Descriptor> pick_platform(const Document& index, const std::optional<Platform>& platform, std::string_view what);

// Puts manifest and configuration together: diff ids and history onto layers; Kind::corrupt where their number differs.
base::Result<Image> assemble_image(const Document& manifest, std::string_view config_text, std::string_view name);

}  // namespace oci
