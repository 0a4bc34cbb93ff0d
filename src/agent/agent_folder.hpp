// SPDX-License-Identifier: Apache-2.0
// The folder that an agent keeps between its runs: who it is to its hub, what waits to be sent, what it last knew.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace agent {

// What an agent is to its hub, from its enrolment. The credential is a secret: it stands in a file of mode 0600 and in no message.
struct Identity {
  std::string hub;          // "https://hub.example.com:8443"
  std::string fingerprint;  // of the hub's certificate; empty where authorities verify it
  std::string ca_file;      // of such an authority; may be empty
  std::string resource_id, credential;
  std::string token_id;     // of the token that it was enrolled with
};

// Held by one process at a time.
class AgentFolder {
 public:
  // Makes the folder (mode 0700) where there is none. Kind::conflict while another agent holds it; Kind::denied where it is
  // open to others.
  static base::Result<AgentFolder> open(const std::filesystem::path& path);
  AgentFolder(AgentFolder&& other) noexcept;
  AgentFolder& operator=(AgentFolder&&) = delete;
  ~AgentFolder();

  // Nothing where the agent was not enrolled yet; Kind::corrupt where the file is none of ours.
  base::Result<std::optional<Identity>> identity() const;
  base::Result<void> keep(const Identity& identity) const;

  std::filesystem::path spool() const { return path_ / "spool"; }
  std::filesystem::path status_file() const { return path_ / "status.json"; }
  std::filesystem::path catalogue() const { return path_ / "catalogue.json"; }

 private:
  AgentFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_;
};

}  // namespace agent
