// SPDX-License-Identifier: Apache-2.0
#include "workspace/write_gate.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/files.hpp"

namespace workspace {

namespace {

// Two bytes of the file. Who wants in takes the door first and then the room; a writer leaves the door at once, a backup
// keeps it: without a door the writers, who come and go, could fill the room for ever.
constexpr off_t kDoor = 0, kRoom = 1;

// Of this open file, not of the process: threads lock each other out, too.
base::Result<void> lock_byte(int fd, off_t byte, short type, const std::filesystem::path& file) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  while (::fcntl(fd, F_OFD_SETLKW, &lock) != 0)
    if (errno != EINTR) return base::fail(base::errno_error(errno, "cannot lock", file));
  return {};
}

// A backup that root makes must not leave a file that the hub cannot open.
base::Result<void> give_to_owner_of_folder(int fd, const std::filesystem::path& file) {
  struct stat folder {};
  if (::geteuid() != 0 || ::stat(file.parent_path().c_str(), &folder) != 0) return {};
  if (::fchown(fd, folder.st_uid, folder.st_gid) != 0) return base::fail(base::errno_error(errno, "cannot change the owner of", file));
  return {};
}

base::Result<WriteGate::Hold> open_gate(const std::filesystem::path& file, int& fd) {
  fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return base::fail(base::errno_error(errno, "cannot open", file));
  WriteGate::Hold hold(fd);
  TRY(give_to_owner_of_folder(fd, file));
  return hold;
}

}  // namespace

WriteGate::Hold::~Hold() {
  if (fd_ >= 0) ::close(fd_);
}

base::Result<WriteGate::Hold> WriteGate::pass() const {
  int fd = -1;
  Hold hold = TRY(open_gate(file_, fd));
  TRY(lock_byte(fd, kDoor, F_RDLCK, file_));
  TRY(lock_byte(fd, kRoom, F_RDLCK, file_));
  TRY(lock_byte(fd, kDoor, F_UNLCK, file_));
  return hold;
}

base::Result<WriteGate::Hold> WriteGate::close() const {
  int fd = -1;
  Hold hold = TRY(open_gate(file_, fd));
  TRY(lock_byte(fd, kDoor, F_WRLCK, file_));
  TRY(lock_byte(fd, kRoom, F_WRLCK, file_));
  return hold;
}

}  // namespace workspace
