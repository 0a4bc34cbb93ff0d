// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/spool_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/crypto.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace workspace {

namespace {

constexpr std::string_view kSegmentEnding = ".seg";

base::Result<void> sync_path(const std::filesystem::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) return base::fail(base::errno_error(errno, "cannot open", path));
  const int failed = ::fsync(fd) != 0 ? errno : 0;
  ::close(fd);
  if (failed != 0) return base::fail(base::errno_error(failed, "cannot sync", path));
  return {};
}

}  // namespace

std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint64_t number) {
  return folder / fmt::format("{:020}{}", number, kSegmentEnding);
}

std::string new_segment_id() {
  std::string out;
  for (const char c : base::random_bytes(16)) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

base::Result<std::vector<SegmentFile>> list_segments(const std::filesystem::path& folder) {
  std::vector<SegmentFile> out;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    const auto [digits, ending] = base::cut_last(name, kSegmentEnding);
    SegmentFile file{0, at->path()};
    if (!ending.empty() || digits.size() + kSegmentEnding.size() != name.size() || !base::is_digits(digits)) continue;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), file.number);
    if (read.ec == std::errc()) out.push_back(std::move(file));
  }
  if (error) return base::fail(base::errno_error(error.value(), "cannot list", folder));
  std::sort(out.begin(), out.end(), [](const SegmentFile& a, const SegmentFile& b) { return a.number < b.number; });
  return out;
}

base::Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return base::fail(base::errno_error(error.value(), "cannot make the folder", folder));
  return sync_folder(folder.parent_path());
}

base::Result<void> sync_folder(const std::filesystem::path& folder) {
  return sync_path(folder.empty() ? std::filesystem::path(".") : folder, O_RDONLY | O_DIRECTORY);
}

base::Result<void> sync_file(const std::filesystem::path& path) { return sync_path(path, O_RDONLY); }

base::Result<void> write_at(int fd, std::string_view bytes, std::uint64_t offset, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return base::fail(base::errno_error(errno, "cannot write", path));
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

}  // namespace workspace
