// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/stream.hpp"
#include "oci/image.hpp"
#include "oci/registry_session.hpp"

namespace oci {

// The Accept header of manifests. Schema 1 is asked for last, to be refused with a message of its own in place of
// "not found".
inline constexpr std::string_view kAcceptedManifests =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.v1+prettyjws;q=0.1, "
    "application/vnd.docker.distribution.manifest.v1+json;q=0.1";

struct ManifestText {
  std::string text;
  std::string content_type;  // as the registry says
  Digest digest;             // of the text, verified
};

// One repository through the Distribution API (OCI distribution-spec 1.1, "Pull"). Thread-safe.
class RegistryClient {
 public:
  RegistryClient(const Reference& reference, RegistryOptions options);

  // A manifest or an index by tag or digest. The digest asked for, and the one that the registry declares
  // (Docker-Content-Digest), are verified: Kind::corrupt where the text has another.
  base::Result<ManifestText> get_manifest(const std::string& key);

  // A small blob (a configuration) held in memory and verified.
  base::Result<std::string> get_blob(const Digest& digest, std::uint64_t size, std::size_t cap);

  // A blob as it comes, not verified, for whoever reads it hashes it anyway; never more than `size` bytes. A transfer
  // that is cut goes on where it ended. The source must not outlive the client.
  base::SourcePtr open_blob(const Digest& digest, std::uint64_t size);

  std::string credential_problem() const { return session_.credential_problem(); }

 private:
  base::Result<void> verify(const ManifestText& manifest, const std::string& key, std::string_view declared) const;
  std::string describe_manifest(const std::string& key) const;

  const Reference reference_;
  const std::string scope_;
  RegistrySession session_;
};

}  // namespace oci
