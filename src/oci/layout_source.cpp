// SPDX-License-Identifier: Apache-2.0
#include "oci/layout_source.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "oci/index_resolver.hpp"
#include "oci/local_reference.hpp"
#include "oci/parallel_layers.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

class LayoutSource : public ImageSource {
 public:
  LayoutSource(LocalReference reference, std::size_t threads)
      : folder_(reference.path), tag_(std::move(reference.tag)), threads_(threads) {}

  Result<Image> resolve(const std::optional<Platform>& platform) override {
    const auto index = read_whole(folder_ / "index.json", kManifestCap);
    if (!index && index.error().kind == Kind::not_found)
      return base::fail(Kind::not_found, fmt::format("{} is no OCI image layout: it has no index.json", folder_.string()));
    if (!index) return base::fail(index.error());
    const auto read_blob = [this](const Digest& digest, std::size_t cap) { return read_whole(blob_path(digest), cap); };
    return resolve_index(*index, tag_, platform, folder_.string(), read_blob);
  }

  std::vector<Result<void>> read_layers(const Image& image, const std::vector<std::size_t>& wanted,
                                        const VisitorFor& visitor_for, const Progress& progress) override {
    const auto open_blob = [&](std::size_t layer) {
      return base::file_source(blob_path(image.layers[layer].digest).string());
    };
    return read_layers_in_parallel(image, wanted, open_blob, visitor_for, progress, threads_);
  }

 private:
  static Result<std::string> read_whole(const std::filesystem::path& path, std::size_t cap) {
    const base::SourcePtr source = TRY(base::file_source(path.string()));
    return base::read_all(*source, cap, path.string());
  }

  // A Digest holds hexadecimal digits only: no way out of the folder.
  std::filesystem::path blob_path(const Digest& digest) const {
    return folder_ / "blobs" / digest.algorithm() / digest.hex();
  }

  std::filesystem::path folder_;
  std::string tag_;
  std::size_t threads_;
};

}  // namespace

Result<std::unique_ptr<ImageSource>> open_layout_source(std::string_view reference, const SourceOptions& options) {
  return std::make_unique<LayoutSource>(TRY(parse_local_reference(reference)), options.parallel_layers);
}

}  // namespace oci
