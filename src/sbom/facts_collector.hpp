// SPDX-License-Identifier: Apache-2.0
// Runs catalogers over the files of one layer and keeps what they tell.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sbom/cataloger.hpp"
#include "sbom/layer_facts.hpp"

namespace sbom {

class FactsCollector {
 public:
  using Catalogers = std::vector<const Cataloger*>;

  explicit FactsCollector(Catalogers catalogers) : catalogers_(std::move(catalogers)) {}

  const Catalogers& catalogers() const { return catalogers_; }
  Catalogers wanting(const FileHead& head) const;

  // True where some cataloger asks for the path whatever the content: an entry there replaces such a file.
  bool looks_wanted(std::string_view path) const;

  // Hands the file to `wanting`; grouped catalogers get a copy at the end.
  void read(const File& file, const Catalogers& wanting);

  // Notes an entry that holds nothing where a cataloger would have wanted a file.
  void add_replaced(std::string_view path);

  // Drops what an earlier entry at this path told.
  void forget(std::string_view path);

  // Gives the facts of an earlier file of the layer to a hard link. False where a cataloger wants the link that was not
  // asked about the target: the content is needed again.
  bool link(const std::string& path, const std::string& target);

  void warn(std::string message);

  // Notes a file that a cataloger wanted and could not read.
  void leave_out(const Cataloger& cataloger, const std::string& path, const std::string& message);

  // Hands groups over, then moves files, replaced paths and warnings into `facts`; nothing is kept.
  void finish(LayerFacts& facts);

 private:
  struct Seen {
    std::uint64_t size = 0;
    std::uint32_t mode = 0;
    std::string magic;
    Catalogers readers;
    FileFacts facts;
    bool empty() const;
  };
  using Group = std::pair<const Cataloger*, std::string>;  // of one folder

  void run(const Cataloger& cataloger, std::span<const File> files);
  void keep(FileFacts facts);
  void keep_for_group(const Cataloger& cataloger, const File& file);
  void copy_group_files(const Catalogers& readers, const std::string& path, const std::string& target);

  Catalogers catalogers_;
  std::unordered_map<std::uint64_t, Seen> seen_;  // by fnv1a of the path; only files that some cataloger read
  std::map<Group, std::vector<File>> groups_;
  std::uint64_t group_bytes_ = 0;
  std::size_t packages_ = 0;
  std::vector<std::string> replaced_;
  std::vector<std::string> warnings_;
  std::size_t file_warnings_ = 0;  // of `seen_`
  std::size_t warnings_left_out_ = 0;
};

}  // namespace sbom
