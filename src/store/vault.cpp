// SPDX-License-Identifier: Apache-2.0
#include "store/vault.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/crypto.hpp"
#include "base/files.hpp"

namespace store {

namespace {

constexpr std::size_t kKeyBytes = 32;

struct KeyDescriptor {
  explicit KeyDescriptor(int descriptor) : fd(descriptor) {}
  KeyDescriptor(const KeyDescriptor&) = delete;
  KeyDescriptor& operator=(const KeyDescriptor&) = delete;
  ~KeyDescriptor() {
    if (fd >= 0) ::close(fd);
  }
  const int fd;
};

base::Result<void> sync_folder_of(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const KeyDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.fd < 0 || ::fsync(opened.fd) != 0) return base::fail(base::errno_error(errno, "cannot sync", folder));
  return {};
}

// Writes a new key beside its place and links it there, so that of two processes that start at once one key stays, whole.
base::Result<void> make_key_file(const std::filesystem::path& file) {
  std::string beside = file.string() + ".XXXXXX";
  const KeyDescriptor made(::mkostemp(beside.data(), O_CLOEXEC));  // for its owner alone
  if (made.fd < 0) return base::fail(base::errno_error(errno, "cannot create a key file beside", file));
  const std::string key = base::random_bytes(kKeyBytes);
  const bool written = ::write(made.fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(made.fd) == 0;
  const bool linked = written && (::link(beside.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int why = errno;
  ::unlink(beside.c_str());
  if (!linked) return base::fail(base::errno_error(why, "cannot create", file));
  return sync_folder_of(file);
}

base::Result<std::string> read_key(int fd, const std::filesystem::path& file) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return base::fail(base::errno_error(errno, "cannot read", file));
  if (!S_ISREG(status.st_mode))
    return base::fail(base::Kind::invalid_input, fmt::format("the key file {} is no regular file", file.string()));
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return base::fail(base::Kind::denied, fmt::format("the key file {} is open to other users (mode {:04o}): run chmod 600 {}",
                                                      file.string(), status.st_mode & 07777, file.string()));
  std::string key(kKeyBytes + 1, '\0');  // one more, to see whether it ends where it should
  const ssize_t got = ::pread(fd, key.data(), key.size(), 0);
  if (got < 0) return base::fail(base::errno_error(errno, "cannot read", file));
  if (got != static_cast<ssize_t>(kKeyBytes))
    return base::fail(base::Kind::corrupt, fmt::format("the key file {} does not hold {} bytes: restore it from a backup; "
                                                       "without it the stored secrets cannot be read", file.string(), kKeyBytes));
  key.resize(kKeyBytes);
  return key;
}

// What ties a secret to its row. The length keeps two pairs from reading the same.
std::string place_of(const std::string& owner_key, const std::string& name) {
  return fmt::format("{}:{}{}", owner_key.size(), owner_key, name);
}

}  // namespace

base::Result<Vault> Vault::open(const std::filesystem::path& key_file) {
  for (int tries = 0; tries < 2; ++tries) {
    const KeyDescriptor opened(::open(key_file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (opened.fd >= 0) return Vault(TRY(read_key(opened.fd, key_file)));
    if (errno != ENOENT || tries > 0) break;
    TRY(make_key_file(key_file));
  }
  return base::fail(base::errno_error(errno, "cannot open the key file", key_file));
}

base::Result<void> Vault::put(Session& session, const std::string& owner_key, const std::string& name,
                              const std::string& secret) const {
  const std::string sealed = TRY(base::seal(key_, secret, place_of(owner_key, name)));
  return session.run("INSERT INTO secrets (owner_key, name, sealed) VALUES (?, ?, ?) "
                     "ON CONFLICT (owner_key, name) DO UPDATE SET sealed = excluded.sealed",
                     {owner_key, name, Blob{sealed}});
}

base::Result<std::optional<std::string>> Vault::get(Session& session, const std::string& owner_key,
                                                    const std::string& name) const {
  std::optional<std::string> sealed;
  TRY(session.query("SELECT sealed FROM secrets WHERE owner_key = ? AND name = ?", {owner_key, name},
                    [&](const Row& row) { sealed = std::string(row.text(0)); }));
  if (!sealed) return std::nullopt;
  auto secret = base::open_sealed(key_, *sealed, place_of(owner_key, name));
  if (secret) return std::move(*secret);
  if (secret.error().kind != base::Kind::corrupt) return base::fail(std::move(secret).error());
  return base::fail(base::Kind::corrupt, fmt::format("the secret \"{}\" of {} was sealed with another key: put the key file back "
                                                     "that belongs to this database, or set the secret again", name, owner_key));
}

base::Result<void> Vault::remove(Session& session, const std::string& owner_key) const {
  return session.run("DELETE FROM secrets WHERE owner_key = ?", {owner_key});
}

}  // namespace store
