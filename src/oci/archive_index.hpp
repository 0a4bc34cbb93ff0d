// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "oci/tar.hpp"

namespace oci {

// What an image archive holds, taken down in one walk: where its members are and, if asked for, the text of its JSON
// documents. At most 50,000 members with names of 1,024 bytes, 32 MiB of documents.
class ArchiveIndex : public TarVisitor {
 public:
  explicit ArchiveIndex(bool keep_documents) : keep_documents_(keep_documents) {}

  // Limits to walk an archive with.
  static TarLimits limits();

  base::Result<bool> begin(const TarEntry& entry) override;
  base::Result<void> data(std::string_view chunk) override;
  base::Result<void> end() override { return {}; }

  struct Member {
    TarEntry::Type type = TarEntry::Type::file;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::string link;  // normalised, from the root
  };

  // The file that `name` means, links followed; nullopt where there is none.
  std::optional<std::string> find_file(std::string_view name) const;
  const Member* member(const std::string& name) const;
  const std::string* document(const std::string& name) const;

 private:
  std::map<std::string, Member, std::less<>> members_;
  std::map<std::string, std::string, std::less<>> documents_;
  bool keep_documents_;
  std::size_t document_bytes_ = 0;
  std::string current_;
  bool current_is_document_ = false;
};

}  // namespace oci
