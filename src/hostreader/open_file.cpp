// SPDX-License-Identifier: Apache-2.0
#include "hostreader/open_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "base/files.hpp"
#include "hostreader/descriptor.hpp"

namespace hostreader {

base::Result<OpenedFile> open_file(const std::string& path, std::size_t cap) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.get() < 0) return base::fail(base::errno_error(errno, "cannot open", path));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return base::fail(base::errno_error(errno, "cannot look at", path));
  if (!S_ISREG(status.st_mode)) return base::fail(base::Kind::denied, path + " is no regular file");
  OpenedFile out;
  out.uid = status.st_uid;
  std::array<char, PATH_MAX> name{};
  const ssize_t length = ::readlink(fmt::format("/proc/self/fd/{}", file.get()).c_str(), name.data(), name.size());
  if (length < 0) return base::fail(base::errno_error(errno, "cannot tell where it leads,", path));
  out.real_path.assign(name.data(), static_cast<std::size_t>(length));
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::fail(base::errno_error(errno, "cannot read", path));
    if (got == 0) return out;
    if (static_cast<std::size_t>(got) > cap - out.bytes.size())
      return base::fail(base::Kind::too_large, fmt::format("{} has more than {} bytes", path, cap));
    out.bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace hostreader
