// SPDX-License-Identifier: Apache-2.0
// What one layer contributes to an image, and how layers become an inventory.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "model/inventory.hpp"
#include "oci/tar.hpp"
#include "sbom/cataloger.hpp"

namespace sbom {

// Everything a later merge needs to know of a layer. Independent of the layers below, hence cacheable by diff id.
struct LayerFacts {
  std::string diff_id;
  std::vector<FileFacts> files;                 // sorted by path
  std::vector<std::string> whiteouts;           // paths deleted from lower layers
  std::vector<std::string> opaque;              // folders whose lower content is hidden
  std::vector<std::string> replaced;            // paths that look wanted and hold nothing (any more): a package
                                                // database overwritten by something unreadable, or by a link
  std::map<std::string, std::string> symlinks;  // path → target as written; at most 200,000 a layer
  // base::fnv1a of the path of every entry, sorted: whatever has such a path in a lower layer is gone. An entry that
  // is no folder takes all below that path with it; a folder takes only what is no folder itself.
  std::vector<std::uint64_t> non_folders;
  std::vector<std::uint64_t> folders;
  std::vector<std::string> warnings;
};

// Looks at files of a layer or of a folder; of a folder, no more is read than somebody wants.
class FolderVisitor : public oci::TarVisitor {
 public:
  virtual bool wants_more() const = 0;  // false where the rest of the current file is of no interest
};

// Collects facts from the files of one layer (or of one folder) as they stream by. Large files are held one at a
// time in the whole process. Use: read_layer(blob, layer, analyzer) then finish().
class LayerAnalyzer : public FolderVisitor {
 public:
  explicit LayerAnalyzer(std::vector<const Cataloger*> catalogers);
  ~LayerAnalyzer() override;

  base::Result<bool> begin(const oci::TarEntry& entry) override;
  base::Result<void> data(std::string_view chunk) override;
  base::Result<void> end() override;
  void abandoned() override;

  bool wants_more() const override;

  // Hard links to files that no cataloger had asked for when they went by. When not empty, walk the layer again with
  // an analyzer made by `retry()`.
  bool needs_second_pass() const;
  std::unique_ptr<LayerAnalyzer> retry() const;

  LayerFacts finish(std::string diff_id);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Lays the layers over one another, lowest first (whiteouts, opaque folders, symlinked parents resolved inside the
// root), then: the surviving files' packages; `layer` = first layer whose database has (name, version); packages in
// files owned by an OS package get managed_by; purls; warnings. Fills os, packages and warnings; sets partial where a
// package database of the operating system could not be read.
void merge_layers(const std::vector<LayerFacts>& layers, model::Inventory& inventory);

// The cache's text form. `catalogers_key` changes with the set and the versions of the catalogers.
std::string catalogers_key(const std::vector<const Cataloger*>& catalogers);
base::Json to_json(const LayerFacts& facts);
base::Result<LayerFacts> facts_from_json(const base::Json& json);

// Sets Package::purl (package-url spec) from type, name, version, arch and the distribution.
void fill_purls(model::Inventory& inventory);

// Walks a folder with all catalogers, lock files included; symlinks are not followed out of it, special files are
// skipped, other file systems too. A path that is a file is read as that one file. `also`, where there is one, is shown
// the same files.
base::Result<model::Inventory> catalog_directory(const std::string& path, FolderVisitor* also = nullptr);

// Some files and folders of a root alone, each with all below it on its file system.
struct CatalogPlace {
  std::string path;                              // relative to the root; what is not there is passed over
  std::uint64_t file_bytes = ~std::uint64_t{0};  // larger files are not looked into, which a warning says
};
// Ends at `until`: what was not reached by then is left out, which the warnings say.
base::Result<model::Inventory> catalog_places(const std::string& root, const std::vector<CatalogPlace>& places,
                                              std::chrono::steady_clock::time_point until);

}  // namespace sbom
