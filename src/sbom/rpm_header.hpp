// SPDX-License-Identifier: Apache-2.0
// An rpm header as the package databases hold it: one blob a package (rpm's docs/manual/format_header.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.hpp"
#include "base/result.hpp"
#include "model/package.hpp"

namespace sbom {

enum class RpmTag : std::uint32_t {
  name = 1000,
  version = 1001,
  release = 1002,
  epoch = 1003,
  vendor = 1011,
  arch = 1022,
  sourcerpm = 1044,
  dirindexes = 1116,
  basenames = 1117,
  dirnames = 1118,
  modularitylabel = 5096,
};

// A view of a header; the blob must outlive it. Entries past the immutable region replace those inside it, as in
// librpm. A missing or wrongly typed entry, or one whose data leave the blob, reads as nothing.
class RpmHeader {
 public:
  // Kind::corrupt where the counts do not fit the blob.
  static base::Result<RpmHeader> parse(std::string_view blob);

  std::string_view text(RpmTag tag) const;                // STRING, or the first of an array; empty where missing
  std::optional<std::uint32_t> number(RpmTag tag) const;  // the first INT32
  std::vector<std::string_view> texts(RpmTag tag) const;  // STRING_ARRAY
  std::vector<std::uint32_t> numbers(RpmTag tag) const;   // INT32 array

 private:
  struct Entry {
    std::uint32_t type = 0;
    std::uint32_t offset = 0;
    std::uint32_t count = 0;
  };
  RpmHeader(std::string_view index, std::string_view data) : index_(index), data_(data) {}
  std::optional<Entry> find(RpmTag tag) const;

  base::ByteReader index_;
  base::ByteReader data_;
};

// A source rpm's file name taken apart: "httpd-2.4.53-11.el9.src.rpm" is {"httpd", "2.4.53-11.el9"}. Empty where it is
// no such name. The epoch is not in it.
struct RpmSource {
  std::string name;
  std::string version;
};
RpmSource split_source_rpm(std::string_view file);

// Name, version, arch, source, modularity and vendor of an installed package; source_version is "version-release"
// of the source rpm's file name, which has no epoch. Kind::corrupt where name or version is missing.
base::Result<model::Package> rpm_package(const RpmHeader& header);

// Fingerprints of the files that packages own, under a limit for hostile headers (a long folder name that a million
// files share).
class RpmOwnedFiles {
 public:
  void add(const RpmHeader& header);
  bool truncated() const { return truncated_; }
  std::vector<std::uint64_t> take_sorted();

 private:
  std::vector<std::uint64_t> fingerprints_;
  std::uint64_t text_left_ = 128u << 20;
  bool truncated_ = false;
};

}  // namespace sbom
