// SPDX-License-Identifier: Apache-2.0
#include "oci/registry_source.hpp"

#include <fmt/format.h>

#include "oci/manifest.hpp"
#include "oci/parallel_layers.hpp"
#include "oci/registry_client.hpp"

namespace oci {

namespace {

constexpr int kNestedIndexesCap = 8;
constexpr std::size_t kConfigurationCap = 16u << 20;

// What the command line says, else what `docker login` left.
CredentialLookup look_up_credentials(const SourceOptions& options, const Reference& reference) {
  if (!options.username.empty()) {
    CredentialLookup given;
    given.credentials.username = options.username;
    given.credentials.password = options.password;
    return given;
  }
  const auto config = DockerConfig::load(options.docker_config);
  if (!config) return {{}, config.error().message};
  return config->find(reference);
}

class RegistrySource final : public ImageSource {
 public:
  RegistrySource(std::string_view name, const Reference& reference, const SourceOptions& options)
      : name_(name),
        reference_(reference),
        threads_(options.parallel_layers),
        client_(reference, registry_options(options, reference)) {}

  base::Result<Image> resolve(const std::optional<Platform>& platform) override;
  std::vector<base::Result<void>> read_layers(const Image& image, const std::vector<std::size_t>& wanted,
                                              const VisitorFor& visitor_for, const Progress& progress) override;

 private:
  const std::string name_;
  const Reference reference_;
  const std::size_t threads_;
  RegistryClient client_;
};

base::Result<Image> RegistrySource::resolve(const std::optional<Platform>& platform) {
  ManifestText manifest = TRY(client_.get_manifest(reference_.key()));
  Document document = TRY(parse_document(manifest.text, manifest.content_type, name_));
  for (int depth = 0; document.is_index; ++depth) {
    if (depth == kNestedIndexesCap)
      return base::fail(base::Kind::too_large, fmt::format("{}: indexes nested too deeply", name_));
    const Descriptor picked = TRY(pick_platform(document, platform, name_));
    manifest = TRY(client_.get_manifest(picked.digest.text()));
    document = TRY(parse_document(manifest.text, manifest.content_type, name_));
  }
  const std::string config = TRY(client_.get_blob(document.config.digest, document.config.size, kConfigurationCap));
  Image image = TRY(assemble_image(document, config, name_));
  image.digest = manifest.digest;
  if (const std::string problem = client_.credential_problem(); !problem.empty())
    image.warnings.push_back(fmt::format("the registry was asked anonymously: {}", problem));
  return image;
}

std::vector<base::Result<void>> RegistrySource::read_layers(const Image& image, const std::vector<std::size_t>& wanted,
                                                            const VisitorFor& visitor_for, const Progress& progress) {
  const OpenBlob open_blob = [&](std::size_t layer) -> base::Result<base::SourcePtr> {
    return client_.open_blob(image.layers[layer].digest, image.layers[layer].size);
  };
  return read_layers_in_parallel(image, wanted, open_blob, visitor_for, progress, threads_);
}

}  // namespace

RegistryOptions registry_options(const SourceOptions& options, const Reference& reference) {
  RegistryOptions out;
  out.transport = options.transport;
  out.insecure = options.insecure;
  out.credentials = [options, reference] { return look_up_credentials(options, reference); };
  return out;
}

base::Result<std::unique_ptr<ImageSource>> open_registry_source(std::string_view reference,
                                                                const SourceOptions& options) {
  if (!options.transport) return base::fail(base::Kind::internal, "a registry source needs a transport");
  if (options.username.empty() && !options.password.empty())
    return base::fail(base::Kind::invalid_input, "a password was given without a user name; pass --username too");
  const Reference parsed = TRY(Reference::parse(reference));
  return std::make_unique<RegistrySource>(reference, parsed, options);
}

}  // namespace oci
