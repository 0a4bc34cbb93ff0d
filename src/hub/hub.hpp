// SPDX-License-Identifier: Apache-2.0
// The server: wires stores, identity, providers, jobs, web pages and the listener.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "identity/identity.hpp"

namespace workspace {
class TableSpecs;
}

namespace hub {

struct WorkspaceParts;  // logs/workspace_parts.hpp

// Whether the hub watches the machine that it stands on as a container host.
enum class OwnMachine { where_docker, yes, no };

struct HubOptions {
  std::filesystem::path data_dir;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;
  std::filesystem::path certificate_file, key_file;  // PEM; both or none
  bool self_signed = false;       // make a certificate in the data directory where none is given
  std::vector<std::string> names; // further names and addresses of a self-signed certificate
  std::string public_url;         // as others reach it; empty: https://address:port
  std::optional<identity::OidcOptions> oidc;
  std::filesystem::path configuration_file;  // applied at every start (docs/configuration.md); may be empty
  std::filesystem::path database_file;   // vulnerability data; empty: DIR/advisories.db
  std::filesystem::path secret_rules, yara_rules;  // folders of users' rules; may be empty
  std::string update_url;         // of the OSV archives; empty: the public ones
  int refresh_hours = 6;          // 0: never
  int heartbeat_seconds = 60;     // between signs of life of agents; 5 … 3600
  std::size_t scan_threads = 2;
  bool allow_private_registries = false;  // let registries redirect to private addresses other than their own
  std::vector<std::string> trusted_users, trusted_images;  // who may be in the group docker of hosts, globs of images that need no doubt
  OwnMachine own_machine = OwnMachine::no;
  std::string reader;                     // socket of the host reader for that; empty: the hub asks the engine itself
  // Opens what workspaces are kept by; empty: there is no engine.
  std::function<base::Result<std::shared_ptr<WorkspaceParts>>(const std::filesystem::path& data_dir, const workspace::TableSpecs& specs)> open_workspaces;
};

class Hub {
 public:
  // Opens or makes the data directory, starts to serve. Kind::denied where it would listen beyond loopback without TLS.
  static base::Result<std::unique_ptr<Hub>> start(HubOptions options);
  virtual ~Hub() = default;

  virtual std::string url() const = 0;               // where it can be reached
  virtual std::optional<std::string> sign_in_link() const = 0;  // on the first start
  virtual std::optional<std::string> fingerprint() const = 0;   // SHA-256 of a certificate that the hub made itself, hex
  virtual void stop() = 0;                           // graceful: requests and jobs that run are finished
};

// A one-time link that sets a user's password, for whoever owns the data directory of a hub, also while it runs there: for an
// administrator's lost password. The address is `public_url`, else where the hub was reached last. It is in the activity log.
base::Result<std::string> make_sign_in_link(const std::filesystem::path& data_dir, const std::string& user, const std::string& public_url);

// One archive (tar, gzip) with the state store and the records of a data directory as of one moment, the key file, the certificate and the
// vulnerability data, also while a hub runs there; and back again into an empty one, verified. Records that were acknowledged before
// are there once. Those on a ClickHouse server are not in it.
base::Result<void> backup(const std::filesystem::path& data_dir, const std::filesystem::path& archive);
// The same without the key file and the certificate, for who asks over the network. The file has no name in the data directory,
// and goes away with the object.
base::Result<base::MappedFile> backup_without_keys(const std::filesystem::path& data_dir);
base::Result<void> restore(const std::filesystem::path& archive, const std::filesystem::path& data_dir);

}  // namespace hub
