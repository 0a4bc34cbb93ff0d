// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace base {

// The whole file; Kind::too_large past `cap` bytes, Kind::not_found and Kind::denied as errno says.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t cap = 64u << 20);

// Writes beside the target, syncs, then renames over it: readers see the old file or the new one, whole. The file has
// these permissions, whatever the umask; with 0600 nobody else can read it at any moment. What exists and is neither a
// file nor a directory (a device, a pipe) is written through and stays what it is.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes, unsigned mode = 0644);

// A file mapped read-only into memory, unmapped at the end of its life.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

// A fresh directory under the system's temporary one, removed with all in it at the end of its life.
class TempDir {
 public:
  static Result<TempDir> create(std::string_view prefix = "bulwark");
  TempDir(TempDir&& other) noexcept;
  TempDir& operator=(TempDir&&) = delete;
  ~TempDir();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TempDir(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// $BULWARK_CACHE_DIR, else $XDG_CACHE_HOME/bulwark, else ~/.cache/bulwark.
std::filesystem::path cache_dir();

// The error of a failed system call on `path`: kind from errno, message with its text.
Error errno_error(int error_number, std::string_view doing, const std::filesystem::path& path);

}  // namespace base
