// SPDX-License-Identifier: Apache-2.0
#include "oci/parallel_layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <numeric>

#include "base/pool.hpp"
#include "oci/layer_reader.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

base::SourcePtr with_progress(base::SourcePtr blob, std::size_t index, std::uint64_t size, const Progress& progress) {
  if (!progress) return blob;
  const auto report = [&progress, index, size, done = std::uint64_t{0}](std::string_view chunk) mutable {
    done += chunk.size();
    progress(index, done, size);
  };
  return base::tee_source(std::move(blob), report);
}

Result<void> read_one_layer(const Image& image, std::size_t index, const OpenBlob& open_blob,
                            const VisitorFor& visitor_for, const Progress& progress) {
  if (index >= image.layers.size()) return base::fail(Kind::internal, fmt::format("the image has no layer {}", index));
  const Layer& layer = image.layers[index];
  if (layer.foreign)
    return base::fail(Kind::unsupported, fmt::format("layer {} is not distributable", layer.digest.text()));
  base::SourcePtr blob = TRY(open_blob(index));
  return read_layer(with_progress(std::move(blob), index, layer.size, progress), layer, visitor_for(index));
}

}  // namespace

std::vector<Result<void>> read_layers_in_parallel(const Image& image, const std::vector<std::size_t>& wanted,
                                                  const OpenBlob& open_blob, const VisitorFor& visitor_for,
                                                  const Progress& progress, std::size_t threads) {
  // The largest first, so that none is left alone at the end.
  std::vector<std::size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto size_of = [&](std::size_t k) { return wanted[k] < image.layers.size() ? image.layers[wanted[k]].size : 0; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return size_of(a) > size_of(b); });
  std::vector<Result<void>> results(wanted.size());
  base::parallel_for(order.size(), threads, [&](std::size_t at) {
    const std::size_t k = order[at];
    try {
      results[k] = read_one_layer(image, wanted[k], open_blob, visitor_for, progress);
    } catch (const std::exception& error) {
      results[k] = base::fail(Kind::internal, fmt::format("reading layer {} failed: {}", wanted[k], error.what()));
    }
  });
  return results;
}

}  // namespace oci
