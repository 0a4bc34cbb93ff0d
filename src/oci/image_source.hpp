// SPDX-License-Identifier: Apache-2.0
// Where images come from: registry, Docker daemon, OCI layout, archives.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.hpp"
#include "oci/image.hpp"
#include "oci/tar.hpp"

namespace oci {

// Reports bytes of a layer as they arrive, from any thread: (layer index, bytes so far, bytes in all or 0).
using Progress = std::function<void(std::size_t, std::uint64_t, std::uint64_t)>;

// The visitor of one layer; called once a layer, on any thread; the visitor is used by one thread at a time.
using VisitorFor = std::function<TarVisitor&(std::size_t layer)>;

class ImageSource {
 public:
  virtual ~ImageSource() = default;

  // Reads index, manifest and configuration. An index picks `platform`, else the host's own platform, else its
  // only one; Kind::not_found lists the platforms there are. Attestation entries are never picked.
  virtual base::Result<Image> resolve(const std::optional<Platform>& platform) = 0;

  // Streams the `wanted` layers (indexes into image.layers), several at a time, each once: decompress, verify blob
  // digest, size and diff id, walk. One result a wanted layer, in the order of `wanted`; a visitor whose layer
  // failed holds what came before the fault and must not be trusted.
  virtual std::vector<base::Result<void>> read_layers(const Image& image, const std::vector<std::size_t>& wanted,
                                                      const VisitorFor& visitor_for, const Progress& progress) = 0;
};

// A source as the user writes it: [SCHEME:]REST.
struct SourceRef {
  enum class Kind { registry, docker, oci_layout, oci_archive, docker_archive, directory, sbom };
  Kind kind = Kind::registry;
  std::string value;  // without the scheme

  // "docker:nginx", "oci:DIR[:tag]", "oci-archive:FILE[:tag]", "docker-archive:FILE[:tag]", "dir:PATH", "sbom:FILE",
  // "registry:REF"; anything else is a registry reference. An existing local path without a scheme is an error that
  // names the scheme to use (a folder: dir:, a tar file: docker-archive: or oci-archive:).
  static base::Result<SourceRef> parse(std::string_view text);
};

struct SourceOptions {
  net::HttpTransport* transport = nullptr;  // not owned; needed for registry and docker
  bool insecure = false;                    // plain HTTP; loopback registries get it without asking
  std::string docker_config;                // folder of config.json; empty: $DOCKER_CONFIG, else ~/.docker
  std::string docker_socket;                // empty: unix:// of $DOCKER_HOST, else /var/run/docker.sock
  std::string username, password;           // override what config.json says
  std::size_t parallel_layers = 0;          // 0: one a core, at least two
};

// Opens any kind but directory and sbom.
base::Result<std::unique_ptr<ImageSource>> open_source(const SourceRef& ref, const SourceOptions& options);

}  // namespace oci
