// SPDX-License-Identifier: Apache-2.0
// A cataloger turns one file (or a few of one folder) into packages. To add one: docs/add-a-cataloger.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/package.hpp"

namespace sbom {

// What is known of a file before its content is kept.
struct FileHead {
  std::string_view path;   // relative to the root, normalised as in oci::TarEntry
  std::uint64_t size = 0;
  std::uint32_t mode = 0;
  std::string_view magic;  // the first bytes, up to 16
};

struct File {
  std::string path;
  std::string content;
  std::uint32_t mode = 0;
};

// What one file, or one group of files, told. Serialised into the layer cache (facts_json.hpp).
struct FileFacts {
  std::string path;                        // of the (first) file
  std::vector<model::Package> packages;    // name, version, type, arch, source*, modularity, vendor, dev; `path` only
                                           // where it is inside the file ("x.jar!/y.jar"), else the merge sets it
  std::optional<model::Distribution> os;   // from os-release and its kin
  std::string manager;                     // "dpkg", "apk", "rpm" where the file is an OS package database
  std::vector<std::uint64_t> owned;        // path_fingerprint of every file the OS packages own, sorted
  std::vector<std::string> warnings;       // parts that were left out, naming the file
};

struct Cataloger {
  std::string_view name;     // unique; part of the cache key
  int version = 1;           // raise when the output for the same file changes
  std::size_t cap = 0;       // largest file it reads; a larger one is left out with a warning
  bool grouped = false;      // files it wants in one folder are handed over together, at the end of the layer
  bool (*wants)(const FileHead& file) = nullptr;
  // `files` is not empty; exactly one file unless grouped. An error leaves the file out with a warning; a file that
  // is simply something else yields empty facts. Never trusts content: bounded time and memory for any bytes.
  base::Result<FileFacts> (*catalog)(std::span<const File> files) = nullptr;
  bool os_database = false;  // lists the packages of the operating system: one that cannot be read makes the result partial
};

// dpkg, apk, rpm, opkg and os-release; installed language packages; lock files (used for dir: only).
std::span<const Cataloger> os_catalogers();
std::span<const Cataloger> installed_catalogers();
std::span<const Cataloger> lock_file_catalogers();

// Fingerprint of a path for `owned`: without leading "/", and with usr/{bin,sbin,lib*} and {bin,sbin,lib*} as one,
// because package databases and merged-/usr images write them differently.
std::uint64_t path_fingerprint(std::string_view path);

}  // namespace sbom
