// SPDX-License-Identifier: Apache-2.0
// Images made in memory: layers, configuration and manifests whose digests agree, until a test makes them lie.
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "oci/image.hpp"
#include "support/compressors.hpp"
#include "support/sources.hpp"
#include "support/tar_builder.hpp"
#include "support/tar_list.hpp"

namespace test {

inline std::string sha256(std::string_view bytes) { return "sha256:" + base::sha256_hex(bytes); }

// A layer that holds the one file `name`.
inline std::string layer_tar(const std::string& name, const std::string& content) {
  return tar_file(name, content) + tar_end();
}

struct BuiltImage {
  std::vector<std::string> tars;   // uncompressed, lowest first
  std::vector<std::string> blobs;  // as stored
  std::string config, manifest;

  // `pack` compresses a layer.
  template <typename Pack>
  BuiltImage(std::vector<std::string> layers, Pack pack, const std::string& architecture = "amd64")
      : tars(std::move(layers)) {
    std::string diff_ids, descriptors, history;
    for (const std::string& tar : tars) {
      blobs.push_back(pack(tar));
      const std::string comma = diff_ids.empty() ? "" : ",";
      diff_ids += fmt::format("{}\"{}\"", comma, sha256(tar));
      history += fmt::format("{}{{\"created_by\":\"step {}\"}}", comma, blobs.size());
      descriptors += fmt::format(R"({}{{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{}","size":{}}})",
                                 comma, sha256(blobs.back()), blobs.back().size());
    }
    config = fmt::format(R"({{"architecture":"{}","os":"linux","rootfs":{{"type":"layers","diff_ids":[{}]}},"history":[{}]}})",
                         architecture, diff_ids, history);
    manifest = fmt::format(R"({{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
                           R"("config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{}","size":{}}},"layers":[{}]}})",
                           sha256(config), config.size(), descriptors);
  }

  std::string descriptor(const std::string& more = "") const {
    return fmt::format(R"({{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{}","size":{}{}}})",
                       sha256(manifest), manifest.size(), more);
  }

  // Member name → bytes of the blobs in a layout.
  void add_blobs(std::map<std::string, std::string>& files) const {
    const auto add = [&files](const std::string& blob) { files["blobs/sha256/" + base::sha256_hex(blob)] = blob; };
    for (const std::string& blob : blobs) add(blob);
    add(config);
    add(manifest);
  }
};

inline std::string index_of(const std::string& descriptors) {
  return fmt::format(R"({{"schemaVersion":2,"manifests":[{}]}})", descriptors);
}

inline std::string ref_name(const std::string& tag) {
  return fmt::format(R"(,"annotations":{{"org.opencontainers.image.ref.name":"{}"}})", tag);
}

inline std::string tar_of(const std::map<std::string, std::string>& files) {
  std::string out;
  for (const auto& [name, bytes] : files) out += tar_file(name, bytes);
  return out + tar_end();
}

// A visitor for each layer.
struct LayerLists {
  std::map<std::size_t, TarList> lists;
  explicit LayerLists(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) lists[i];
  }
  oci::TarVisitor& operator()(std::size_t layer) { return lists.at(layer); }
};

}  // namespace test
