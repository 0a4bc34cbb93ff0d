// SPDX-License-Identifier: Apache-2.0
#include "oci/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

constexpr std::size_t kDocumentBytes = 4u << 20;
constexpr std::size_t kDocumentDescriptors = 10'000;

constexpr std::string_view kDocumentOciIndex = "application/vnd.oci.image.index.v1+json";
constexpr std::string_view kDocumentOciManifest = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kDocumentDockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr std::string_view kDocumentDockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

bool media_type_starts(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

std::optional<Platform> read_platform(const base::Json& value) {
  const base::Json* platform = base::find(value, "platform");
  if (!platform || !platform->is_object()) return std::nullopt;
  return Platform{std::string(base::get_string(*platform, "os")), std::string(base::get_string(*platform, "architecture")),
                  std::string(base::get_string(*platform, "variant"))};
}

// Image-spec descriptor.md.
Result<Descriptor> read_descriptor(const base::Json& value, std::string_view what) {
  Descriptor descriptor;
  descriptor.media_type = base::get_string(value, "mediaType");
  descriptor.digest = TRY_CONTEXT(Digest::parse(base::get_string(value, "digest")), what);
  const auto size = base::get_int(value, "size");
  if (!size || *size < 0)
    return base::fail(Kind::invalid_input,
                      fmt::format("{}: the entry {} has no valid size", what, descriptor.digest.text()));
  descriptor.size = static_cast<std::uint64_t>(*size);
  descriptor.platform = read_platform(value);
  const base::Json* annotations = base::find(value, "annotations");
  descriptor.attestation = descriptor.platform && descriptor.platform->os == "unknown";
  if (annotations) {
    descriptor.attestation |= !base::get_string(*annotations, "vnd.docker.reference.type").empty();
    descriptor.ref_name = base::get_string(*annotations, "org.opencontainers.image.ref.name");
    descriptor.image_name = base::get_string(*annotations, "io.containerd.image.name");
  }
  descriptor.foreign = !base::get_array(value, "urls").empty() ||
                       descriptor.media_type.find("nondistributable") != std::string::npos ||
                       descriptor.media_type.find("foreign") != std::string::npos;
  return descriptor;
}

Result<std::vector<Descriptor>> read_descriptors(const base::JsonArray& values, std::string_view what) {
  if (values.size() > kDocumentDescriptors)
    return base::fail(Kind::too_large, fmt::format("{}: {} entries, more than the {} allowed", what, values.size(), kDocumentDescriptors));
  std::vector<Descriptor> descriptors;
  for (const base::Json& value : values) descriptors.push_back(TRY(read_descriptor(value, what)));
  return descriptors;
}

// The media type without its parameters ("; charset=utf-8").
std::string_view bare_media_type(std::string_view content_type) {
  return base::trim(content_type.substr(0, content_type.find(';')));
}

std::string declared_media_type(const base::Json& json, std::string_view content_type) {
  if (const auto declared = base::get_string(json, "mediaType"); !declared.empty()) return std::string(declared);
  if (base::get_int(json, "schemaVersion") == 1) return "application/vnd.docker.distribution.manifest.v1+json";
  content_type = bare_media_type(content_type);
  for (const std::string_view known : {kDocumentOciIndex, kDocumentOciManifest, kDocumentDockerList, kDocumentDockerManifest})
    if (content_type == known) return std::string(known);
  return std::string(base::find(json, "manifests") ? kDocumentOciIndex : kDocumentOciManifest);
}

// What an artifact is, in words that a user knows.
std::string_view artifact_name(std::string_view media_type) {
  if (media_type_starts(media_type, "application/vnd.cncf.helm.")) return "a Helm chart";
  if (media_type_starts(media_type, "application/vnd.dev.cosign.") || media_type_starts(media_type, "application/vnd.cncf.notary.") ||
      media_type_starts(media_type, "application/vnd.dev.sigstore."))
    return "a signature";
  if (media_type.find("in-toto") != std::string_view::npos) return "an attestation";
  if (media_type.find("spdx") != std::string_view::npos || media_type.find("cyclonedx") != std::string_view::npos)
    return "a bill of materials";
  if (media_type.find("wasm") != std::string_view::npos) return "a WebAssembly module";
  return "an artifact";
}

bool is_image_configuration(std::string_view media_type) {
  return media_type == "application/vnd.oci.image.config.v1+json" ||
         media_type == "application/vnd.docker.container.image.v1+json" ||
         media_type == "application/octet-stream" ||  // old Docker pushes
         media_type.empty();
}

Result<void> refuse_artifacts(const base::Json& json, const Document& document, std::string_view what) {
  std::string_view type = base::get_string(json, "artifactType");
  if (is_image_configuration(document.config.media_type) && type.empty()) {
    // cosign gives its signatures an image configuration; their layers tell.
    for (const Descriptor& layer : document.layers)
      if (artifact_name(layer.media_type) != "an artifact") type = layer.media_type;
    if (type.empty()) return {};
  }
  if (type.empty()) type = document.config.media_type;
  return base::fail(Kind::unsupported, fmt::format("{} is {} ({}), not a container image", what, artifact_name(type),
                                                   base::printable(type.substr(0, 200))));
}

bool is_schema_1(const base::Json& json, std::string_view media_type) {
  return base::get_int(json, "schemaVersion") == 1 || media_type_starts(media_type, "application/vnd.docker.distribution.manifest.v1");
}

std::string list_platforms(const std::vector<const Descriptor*>& entries) {
  std::vector<std::string> names;
  for (const Descriptor* entry : entries)
    if (entry->platform) names.push_back(base::printable(entry->platform->text()));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.size() > 50) names.resize(50);
  return names.empty() ? "no platforms" : base::join(names, ", ");
}

bool same_platform(const Platform& offered, const Platform& asked) {
  return offered.os == asked.os && offered.architecture == asked.architecture;
}

// The variant a platform without one means (image-spec image-index.md, "Platform Variants").
std::string_view variant_of(const Platform& platform) {
  if (!platform.variant.empty()) return platform.variant;
  if (platform.architecture == "arm64") return "v8";
  return platform.architecture == "arm" ? "v7" : "";
}

// The entry that runs on `asked`: its own variant, else, where none was asked for, the first of its architecture.
const Descriptor* matching_entry(const std::vector<const Descriptor*>& entries, const Platform& asked) {
  const Descriptor* other_variant = nullptr;
  for (const Descriptor* entry : entries) {
    if (!entry->platform || !same_platform(*entry->platform, asked)) continue;
    if (variant_of(*entry->platform) == variant_of(asked)) return entry;
    if (!other_variant) other_variant = entry;
  }
  return asked.variant.empty() ? other_variant : nullptr;
}

std::vector<std::string> layer_history(const base::Json& config) {
  std::vector<std::string> lines;
  for (const base::Json& entry : base::get_array(config, "history"))
    if (!base::get_bool(entry, "empty_layer")) lines.emplace_back(base::get_string(entry, "created_by"));
  return lines;
}

}  // namespace

Result<Document> parse_document(std::string_view text, std::string_view content_type, std::string_view what) {
  if (text.size() > kDocumentBytes)
    return base::fail(Kind::too_large, fmt::format("{}: a manifest of {} bytes, more than the {} allowed", what, text.size(), kDocumentBytes));
  const base::Json json = TRY(base::parse_json(text, what));
  Document document;
  document.media_type = declared_media_type(json, content_type);
  if (is_schema_1(json, document.media_type))
    return base::fail(Kind::unsupported,
                      fmt::format("{} has a manifest of Docker schema 1, which no digest protects; push it again with a "
                                  "current Docker or `skopeo copy --format oci`", what));
  document.is_index = document.media_type == kDocumentOciIndex || document.media_type == kDocumentDockerList;
  if (!document.is_index && document.media_type != kDocumentOciManifest && document.media_type != kDocumentDockerManifest)
    return base::fail(Kind::unsupported, fmt::format("{} is {} ({}), not a container image", what,
                                                     artifact_name(document.media_type), base::printable(document.media_type)));
  if (document.is_index) {
    if (!base::find(json, "manifests"))
      return base::fail(Kind::invalid_input, fmt::format("{}: an image index without manifests", what));
    document.manifests = TRY(read_descriptors(base::get_array(json, "manifests"), what));
    return document;
  }
  const base::Json* config = base::find(json, "config");
  if (!config) return base::fail(Kind::invalid_input, fmt::format("{}: a manifest without configuration", what));
  document.config = TRY(read_descriptor(*config, what));
  document.layers = TRY(read_descriptors(base::get_array(json, "layers"), what));
  TRY(refuse_artifacts(json, document, what));
  return document;
}

Result<Descriptor> pick_platform(const Document& index, const std::optional<Platform>& platform, std::string_view what) {
  std::vector<const Descriptor*> entries;
  for (const Descriptor& entry : index.manifests)
    if (!entry.attestation) entries.push_back(&entry);
  if (entries.empty()) return base::fail(Kind::not_found, fmt::format("{}: the index lists no image", what));
  if (const Descriptor* entry = matching_entry(entries, platform.value_or(Platform::host()))) return *entry;
  // An index without platforms (umoci writes such) is believed when it has one entry only.
  if (entries.size() == 1 && (!platform || !entries.front()->platform)) return *entries.front();
  return base::fail(Kind::not_found,
                    fmt::format("{} is not there for {}; there is: {}. Choose with --platform", what,
                                platform.value_or(Platform::host()).text(), list_platforms(entries)));
}

Result<Image> assemble_image(const Document& manifest, std::string_view config_text, std::string_view name) {
  Image image;
  image.name = name;
  image.config_digest = manifest.config.digest;
  image.config = TRY(base::parse_json(config_text, fmt::format("configuration of {}", name)));
  image.platform = {std::string(base::get_string(image.config, "os")),
                    std::string(base::get_string(image.config, "architecture")),
                    std::string(base::get_string(image.config, "variant"))};
  const base::Json* rootfs = base::find(image.config, "rootfs");
  const base::JsonArray none;
  const base::JsonArray& diff_ids = rootfs ? base::get_array(*rootfs, "diff_ids") : none;
  if (diff_ids.size() != manifest.layers.size())
    return base::fail(Kind::corrupt, fmt::format("{}: the manifest lists {} layers, the configuration {}", name,
                                                 manifest.layers.size(), diff_ids.size()));
  const auto history = layer_history(image.config);
  for (std::size_t i = 0; i < manifest.layers.size(); ++i) {
    const Descriptor& descriptor = manifest.layers[i];
    Layer layer;
    layer.digest = descriptor.digest;
    layer.media_type = descriptor.media_type;
    layer.size = descriptor.size;
    layer.foreign = descriptor.foreign;
    layer.diff_id = TRY_CONTEXT(Digest::parse(base::as_string(diff_ids[i])), fmt::format("configuration of {}", name));
    // A history that does not match the layers (squashed images) says nothing about any of them.
    if (history.size() == manifest.layers.size()) layer.created_by = history[i];
    if (layer.foreign)
      image.warnings.push_back(fmt::format("layer {} is not distributable and was skipped", layer.digest.text()));
    image.layers.push_back(std::move(layer));
  }
  return image;
}

}  // namespace oci
