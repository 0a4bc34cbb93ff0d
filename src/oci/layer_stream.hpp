// SPDX-License-Identifier: Apache-2.0
// Layers that come inside one tar stream, walked as they go by.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/stream.hpp"
#include "oci/archive_index.hpp"
#include "oci/image_source.hpp"

namespace oci {

// The layers (indexes into image.layers) that a member of the archive holds: none, or several that are the same blob.
using LayersOf = std::function<std::vector<std::size_t>(const std::string& member)>;

// One reading of some layers of an image; which are done is kept, so that a second stream can bring the rest.
class LayerStreamRun {
 public:
  LayerStreamRun(const Image& image, const std::vector<std::size_t>& wanted, const VisitorFor& visitor_for,
                 const Progress& progress)
      : image_(image), wanted_(wanted), visitor_for_(visitor_for), progress_(progress) {}

  // Walks the archive, until all wanted layers are done. Members that are no wanted layer go to `index` if there is
  // one.
  base::Result<void> read(base::ByteSource& archive, const LayersOf& layers_of, ArchiveIndex* index);

  std::vector<std::size_t> missing() const;

  // One result a wanted layer; those that never came get `otherwise`.
  std::vector<base::Result<void>> results(const base::Error& otherwise) const;

 private:
  class Visitor;

  const Image& image_;
  const std::vector<std::size_t>& wanted_;
  const VisitorFor& visitor_for_;
  const Progress& progress_;
  std::map<std::size_t, base::Result<void>> done_;
};

}  // namespace oci
