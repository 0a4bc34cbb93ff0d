// SPDX-License-Identifier: Apache-2.0
#include "oci/archive_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/compress.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "oci/archive_index.hpp"
#include "oci/index_resolver.hpp"
#include "oci/layer_stream.hpp"
#include "oci/local_reference.hpp"
#include "oci/manifest.hpp"
#include "oci/parallel_layers.hpp"
#include "oci/saved_manifest.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

std::string blob_member(const Digest& digest) { return fmt::format("blobs/{}/{}", digest.algorithm(), digest.hex()); }

class ArchiveSource : public ImageSource {
 public:
  ArchiveSource(LocalReference reference, ArchiveFlavour flavour, bool compressed, std::size_t threads)
      : path_(std::move(reference.path)),
        tag_(std::move(reference.tag)),
        flavour_(flavour),
        compressed_(compressed),
        threads_(threads),
        index_(compressed) {}

  Result<void> take_index() {
    const base::SourcePtr source = TRY(open_archive());
    TRY_CONTEXT(read_tar(*source, index_, ArchiveIndex::limits()), path_);
    return {};
  }

  Result<Image> resolve(const std::optional<Platform>& platform) override {
    const bool has_index = index_.find_file("index.json").has_value();
    const bool has_manifest = index_.find_file("manifest.json").has_value();
    if (!has_index && !has_manifest)
      return base::fail(Kind::invalid_input,
                        fmt::format("{} is no image archive: it has neither index.json nor manifest.json", path_));
    const bool use_index = has_index && (flavour_ == ArchiveFlavour::oci || !has_manifest);
    Image image = TRY(use_index ? resolve_layout(platform) : resolve_saved());
    return image;
  }

  std::vector<Result<void>> read_layers(const Image& image, const std::vector<std::size_t>& wanted,
                                        const VisitorFor& visitor_for, const Progress& progress) override {
    if (wanted.empty()) return {};
    if (compressed_) return read_layers_in_one_pass(image, wanted, visitor_for, progress);
    const auto open_blob = [this](std::size_t layer) -> Result<base::SourcePtr> {
      const std::string member = TRY(layer_member(layer));
      const ArchiveIndex::Member& found = *index_.member(member);
      return base::file_source(path_, found.offset, found.size);
    };
    return read_layers_in_parallel(image, wanted, open_blob, visitor_for, progress, threads_);
  }

 private:
  Result<base::SourcePtr> open_archive() const {
    base::SourcePtr file = TRY(base::file_source(path_));
    if (!compressed_) return file;
    return base::read_ahead(base::decompress_any(std::move(file)), 1u << 20);
  }

  Result<std::string> document(std::string_view name, std::size_t cap) const {
    const auto member = index_.find_file(name);
    if (!member) return base::fail(Kind::not_found, fmt::format("{} has no {}", path_, base::printable(name)));
    if (!compressed_) {
      const ArchiveIndex::Member& found = *index_.member(*member);
      const base::SourcePtr source = TRY(base::file_source(path_, found.offset, found.size));
      return base::read_all(*source, cap, fmt::format("{} of {}", base::printable(name), path_));
    }
    const std::string* text = index_.document(*member);
    if (!text) return base::fail(Kind::invalid_input, fmt::format("{} of {} is no JSON document", base::printable(name), path_));
    return *text;
  }

  Result<Image> resolve_layout(const std::optional<Platform>& platform) {
    const std::string index_json = TRY(document("index.json", kManifestCap));
    const auto read_blob = [this](const Digest& digest, std::size_t cap) { return document(blob_member(digest), cap); };
    Image image = TRY(resolve_index(index_json, tag_, platform, path_, read_blob));
    layer_members_.clear();
    for (const Layer& layer : image.layers) layer_members_.push_back(blob_member(layer.digest));
    return image;
  }

  Result<Image> resolve_saved() {
    const std::string manifest_json = TRY(document("manifest.json", kManifestCap));
    SavedImage saved = TRY(pick_saved_image(manifest_json, tag_, path_));
    const std::string config = TRY(document(saved.config, kConfigCap));
    Document manifest;
    manifest.config.digest = TRY(Digest::parse("sha256:" + base::sha256_hex(config)));
    const auto named = base::cut(base::basename(saved.config), ".").first;
    if (Digest::parse(fmt::format("sha256:{}", named)) && named != manifest.config.digest.hex())
      return base::fail(Kind::corrupt, fmt::format("{}: the configuration {} has the digest {} instead", path_, saved.config,
                                                   manifest.config.digest.text()));
    for (const std::string& name : saved.layers) {
      Descriptor layer;
      const auto member = index_.find_file(name);
      layer.digest = digest_of_blob_name(name);
      layer.size = member ? index_.member(*member)->size : 0;
      manifest.layers.push_back(std::move(layer));
    }
    layer_members_ = std::move(saved.layers);
    return assemble_image(manifest, config, path_);
  }

  // The name of the file that holds a layer.
  Result<std::string> layer_member(std::size_t layer) const {
    if (layer < layer_members_.size())
      if (auto member = index_.find_file(layer_members_[layer])) return std::move(*member);
    return base::fail(Kind::not_found, fmt::format("{} lacks the layer {}", path_,
                                                   layer < layer_members_.size() ? layer_members_[layer] : ""));
  }

  std::vector<Result<void>> read_layers_in_one_pass(const Image& image, const std::vector<std::size_t>& wanted,
                                                    const VisitorFor& visitor_for, const Progress& progress) {
    std::map<std::string, std::vector<std::size_t>> layers_of;
    for (std::size_t layer = 0; layer < image.layers.size(); ++layer)
      if (auto member = layer_member(layer); member && !image.layers[layer].foreign) layers_of[*member].push_back(layer);
    LayerStreamRun run(image, wanted, visitor_for, progress);
    const auto lookup = [&layers_of](const std::string& member) -> std::vector<std::size_t> {
      const auto found = layers_of.find(member);
      return found == layers_of.end() ? std::vector<std::size_t>() : found->second;
    };
    auto source = open_archive();
    const Result<void> walked = source ? run.read(**source, lookup, nullptr) : base::fail(source.error());
    base::Error otherwise{Kind::not_found, fmt::format("{} lacks this layer", path_)};
    if (!walked) otherwise = walked.error().with_context(path_);
    return run.results(otherwise);
  }

  std::string path_;
  std::string tag_;
  ArchiveFlavour flavour_;
  bool compressed_;
  std::size_t threads_;
  ArchiveIndex index_;
  std::vector<std::string> layer_members_;  // by layer, as the manifest names them
};

Result<bool> is_compressed(const std::string& path) {
  const base::SourcePtr head = TRY(base::file_source(path, 0, 4));
  return base::sniff_compression(TRY(head->next())) != base::Compression::none;
}

}  // namespace

Result<std::unique_ptr<ImageSource>> open_archive_source(std::string_view reference, ArchiveFlavour flavour,
                                                         const SourceOptions& options) {
  LocalReference local = TRY(parse_local_reference(reference));
  const bool compressed = TRY(is_compressed(local.path));
  auto source = std::make_unique<ArchiveSource>(std::move(local), flavour, compressed, options.parallel_layers);
  TRY(source->take_index());
  return source;
}

}  // namespace oci
