// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace base {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Result<void> write_all(int fd, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(errno_error(errno, "cannot write", path));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// A device or a pipe cannot be replaced: whoever names /dev/null or /dev/stdout wants the bytes to go there.
bool is_written_through(const std::filesystem::path& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

Result<void> write_through(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) return fail(errno_error(errno, "cannot open", path));
  return write_all(file.get(), bytes, path);
}

}  // namespace

Error errno_error(int error_number, std::string_view doing, const std::filesystem::path& path) {
  Kind kind = Kind::unavailable;
  if (error_number == ENOENT || error_number == ENOTDIR) kind = Kind::not_found;
  if (error_number == EACCES || error_number == EPERM) kind = Kind::denied;
  return Error{kind, fmt::format("{} {}: {}", doing, path.string(), std::strerror(error_number))};
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t cap) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return fail(errno_error(errno, "cannot open", path));
  std::string out;
  struct stat status{};
  if (::fstat(file.get(), &status) == 0 && status.st_size > 0)
    out.reserve(std::min(cap, static_cast<std::size_t>(status.st_size)) + 1);
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(errno_error(errno, "cannot read", path));
    if (got == 0) return out;
    if (out.size() + static_cast<std::size_t>(got) > cap)
      return fail(Kind::too_large, fmt::format("{} is larger than the {} bytes allowed", path.string(), cap));
    out.append(buffer, static_cast<std::size_t>(got));
  }
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
  if (is_written_through(path)) return write_through(path, bytes);
  if (path.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) return fail(errno_error(error.value(), "cannot create", path.parent_path()));
  }
  std::string temporary = path.string() + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return fail(errno_error(errno, "cannot create a file beside", path));
  const auto give_up = [&](Error error) {
    ::unlink(temporary.c_str());
    return fail(std::move(error));
  };
  if (auto written = write_all(file.get(), bytes, path); !written) return give_up(written.error());
  ::fchmod(file.get(), mode);
  if (::fsync(file.get()) != 0) return give_up(errno_error(errno, "cannot sync", path));
  if (::rename(temporary.c_str(), path.c_str()) != 0) return give_up(errno_error(errno, "cannot replace", path));
  return {};
}

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return fail(errno_error(errno, "cannot open", path));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return fail(errno_error(errno, "cannot stat", path));
  if (!S_ISREG(status.st_mode)) return fail(Kind::invalid_input, path.string() + " is not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return MappedFile(nullptr, 0);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return fail(errno_error(errno, "cannot map", path));
  return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<char*>(data_), size_);
}

Result<TempDir> TempDir::create(std::string_view prefix) {
  std::error_code error;
  auto parent = std::filesystem::temp_directory_path(error);
  if (error) parent = "/tmp";
  std::string name = (parent / fmt::format("{}-XXXXXX", prefix)).string();
  if (!::mkdtemp(name.data())) return fail(errno_error(errno, "cannot create a directory under", parent));
  return TempDir(name);
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempDir::~TempDir() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path cache_dir() {
  const auto variable = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value ? value : "";
  };
  if (auto dir = variable("BULWARK_CACHE_DIR"); !dir.empty()) return dir;
  if (auto dir = variable("XDG_CACHE_HOME"); !dir.empty()) return dir / "bulwark";
  if (auto dir = variable("HOME"); !dir.empty()) return dir / ".cache" / "bulwark";
  return "/var/cache/bulwark";
}

}  // namespace base
