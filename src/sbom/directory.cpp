// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>

#include "base/files.hpp"
#include "base/text.hpp"
#include "sbom/layer_facts.hpp"

namespace sbom {

namespace {

constexpr std::size_t kFolderDepthCap = 256;  // one descriptor each
constexpr std::size_t kFolderWarnings = 1'000;
constexpr std::size_t kReadChunk = 256u << 10;

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

std::vector<const Cataloger*> all_catalogers() {
  std::vector<const Cataloger*> all;
  for (const auto catalogers : {os_catalogers(), installed_catalogers(), lock_file_catalogers()})
    for (const Cataloger& cataloger : catalogers) all.push_back(&cataloger);
  return all;
}

// Feeds a folder to a LayerAnalyzer as if it were a layer.
class FolderWalk {
 public:
  using Clock = std::chrono::steady_clock;
  FolderWalk(LayerAnalyzer& analyzer, FolderVisitor* also, model::Inventory& inventory,
             Clock::time_point until = Clock::time_point::max())
      : analyzer_(analyzer), also_(also), inventory_(inventory), until_(until) {}

  base::Result<void> walk(int fd, const std::string& path, dev_t device, std::size_t depth) {
    Folder folder(::fdopendir(fd));
    if (!folder) {
      ::close(fd);
      leave_out(path, "it cannot be read");
      return {};
    }
    for (const std::string& name : names_in(*folder, path)) {
      if (Clock::now() > until_) {
        leave_out(path, "it took too long to get there");
        return {};
      }
      const std::string child = path.empty() ? name : path + '/' + name;
      TRY(visit(::dirfd(folder.get()), name, child, device, depth));
    }
    return {};
  }

  // From now on, of each file.
  void limit_files(std::uint64_t bytes) { file_bytes_ = bytes; }
  std::size_t too_large() const { return too_large_; }

  base::Result<void> read_file(int fd, const std::string& path, const struct stat& info) {
    if (static_cast<std::uint64_t>(info.st_size) > file_bytes_) {
      ++too_large_;
      return {};
    }
    oci::TarEntry entry;
    entry.type = oci::TarEntry::Type::file;
    entry.path = path;
    entry.size = static_cast<std::uint64_t>(info.st_size);
    entry.mode = info.st_mode & 07777;
    const bool analyzed = TRY(analyzer_.begin(entry));
    const bool shown = also_ && TRY(also_->begin(entry));
    if (!analyzed && !shown) return {};
    if (buffer_.empty()) buffer_.resize(kReadChunk);
    // The file may grow or shrink meanwhile: never more than its size was, and a short one ends early.
    std::uint64_t left = entry.size;
    while (left > 0 && ((analyzed && analyzer_.wants_more()) || (shown && also_->wants_more()))) {
      // A first small piece is enough to tell whether the rest is wanted.
      const std::uint64_t piece = left == entry.size ? 512 : buffer_.size();
      const auto got = ::read(fd, buffer_.data(), static_cast<std::size_t>(std::min(left, piece)));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) leave_out(path, "it cannot be read");
      if (got <= 0) break;
      const auto chunk = std::string_view(buffer_).substr(0, static_cast<std::size_t>(got));
      if (analyzed) TRY(analyzer_.data(chunk));
      if (shown) TRY(also_->data(chunk));
      left -= static_cast<std::uint64_t>(got);
    }
    if (analyzed) TRY(analyzer_.end());
    if (shown) TRY(also_->end());
    return {};
  }

 private:
  std::vector<std::string> names_in(DIR& folder, const std::string& path) {
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(&folder)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) leave_out(path, "not all of it can be read");
    std::sort(names.begin(), names.end());
    return names;
  }

  base::Result<void> visit(int parent, const std::string& name, const std::string& path, dev_t device, std::size_t depth) {
    struct stat info {};
    if (::fstatat(parent, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT) leave_out(path, "it cannot be looked at");
      return {};
    }
    if (S_ISLNK(info.st_mode)) return add_link(parent, name, path);
    if (S_ISREG(info.st_mode)) return open_file(parent, name, path);
    if (!S_ISDIR(info.st_mode) || info.st_dev != device) return {};
    if (depth >= kFolderDepthCap) {
      leave_out(path, fmt::format("it is more than {} folders deep", kFolderDepthCap));
      return {};
    }
    FileDescriptor fd(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (fd.get() < 0) {
      leave_out(path, "it cannot be opened");
      return {};
    }
    return walk(fd.release(), path, device, depth + 1);
  }

  base::Result<void> open_file(int parent, const std::string& name, const std::string& path) {
    const FileDescriptor fd(::openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat info {};
    if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) {
      leave_out(path, "it cannot be opened");
      return {};
    }
    if (!S_ISREG(info.st_mode)) return {};
    return read_file(fd.get(), path, info);
  }

  base::Result<void> add_link(int parent, const std::string& name, const std::string& path) {
    std::string target(4096, '\0');
    const auto length = ::readlinkat(parent, name.c_str(), target.data(), target.size());
    if (length < 0) return {};
    target.resize(static_cast<std::size_t>(length));
    oci::TarEntry entry;
    entry.type = oci::TarEntry::Type::symlink;
    entry.path = path;
    entry.link = std::move(target);
    TRY(analyzer_.begin(entry));
    if (also_) TRY(also_->begin(entry));
    return {};
  }

  void leave_out(const std::string& path, std::string_view reason) {
    inventory_.partial = true;
    if (++left_out_ <= kFolderWarnings)
      inventory_.warnings.push_back(fmt::format("{} is left out: {}", base::printable(path.empty() ? "." : path), reason));
  }

  LayerAnalyzer& analyzer_;
  FolderVisitor* also_;
  model::Inventory& inventory_;
  const Clock::time_point until_;
  std::uint64_t file_bytes_ = ~std::uint64_t{0};
  std::size_t too_large_ = 0;
  std::string buffer_;
  std::size_t left_out_ = 0;
};

// Path patterns of catalogers ("…/var/lib/dpkg/status") need the folders that the user named before a single file.
std::string file_path_as_named(const std::string& path) {
  std::string_view rest = path;
  while (rest.starts_with('/') || rest.starts_with("./")) rest.remove_prefix(rest[0] == '/' ? 1 : 2);
  return std::string(rest);
}

}  // namespace

base::Result<model::Inventory> catalog_directory(const std::string& path, FolderVisitor* also) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) return base::fail(base::errno_error(errno, "opening", path));
  model::Inventory inventory;
  inventory.artifact.name = path;
  inventory.artifact.type = "directory";
  LayerAnalyzer analyzer(all_catalogers());
  FolderWalk walk(analyzer, also, inventory);
  if (S_ISDIR(info.st_mode))
    TRY(walk.walk(fd.release(), "", info.st_dev, 0));
  else if (S_ISREG(info.st_mode))
    TRY(walk.read_file(fd.get(), file_path_as_named(path), info));
  else
    return base::fail(base::Kind::invalid_input, fmt::format("{} is neither a folder nor a file", base::printable(path)));
  std::vector<LayerFacts> layers;
  layers.push_back(analyzer.finish(""));
  merge_layers(layers, inventory);
  return inventory;
}

base::Result<model::Inventory> catalog_places(const std::string& root, const std::vector<CatalogPlace>& places,
                                              std::chrono::steady_clock::time_point until) {
  model::Inventory inventory;
  inventory.artifact.name = root;
  inventory.artifact.type = "directory";
  LayerAnalyzer analyzer(all_catalogers());
  FolderWalk walk(analyzer, nullptr, inventory, until);
  for (const CatalogPlace& place : places) {
    FileDescriptor fd(::open((root + "/" + place.path).c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
    struct stat info {};
    if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) continue;
    walk.limit_files(place.file_bytes);
    if (S_ISDIR(info.st_mode))
      TRY(walk.walk(fd.release(), place.path, info.st_dev, 0));
    else if (S_ISREG(info.st_mode))
      TRY(walk.read_file(fd.get(), place.path, info));
  }
  if (walk.too_large() > 0)
    inventory.warnings.push_back(fmt::format("{} large files are not looked into", walk.too_large()));
  std::vector<LayerFacts> layers;
  layers.push_back(analyzer.finish(""));
  merge_layers(layers, inventory);
  return inventory;
}

}  // namespace sbom
