// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "hub/hub.hpp"
#include "net/server.hpp"
#include "providers/resources/resources.hpp"
#include "store/database.hpp"

namespace hub {

// The data directory, made where it is missing, for its owner alone. Locked against a second hub, which would take the first
// one's jobs for those of a dead process.
class DataFolder {
 public:
  static base::Result<DataFolder> open(const std::filesystem::path& folder);  // Kind::conflict: another hub runs in it
  DataFolder(DataFolder&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

 private:
  explicit DataFolder(int fd) : fd_(fd) {}
  int fd_;
};

// The ids of this installation, made on the first start, and the resource group "default".
base::Result<providers::Installation> load_installation(store::Database& database);

// Where the hub was reached when it last listened; empty before its first start.
base::Result<std::string> load_url(store::Session& session);
base::Result<void> keep_url(store::Database& database, const std::string& url);

// The certificate to serve with: given, or made by the hub itself and kept in DIR/tls; nothing on loopback without either.
// Kind::denied beyond loopback without one, with the mend.
base::Result<std::optional<net::TlsIdentity>> load_tls(const HubOptions& options);

}  // namespace hub
