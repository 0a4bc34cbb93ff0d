// SPDX-License-Identifier: Apache-2.0
// What the hub keeps in memory of its hosts.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "providers/services.hpp"
#include "store/jobs.hpp"
#include "uplink/messages.hpp"

namespace providers::hybrid_compute {

// Credentials that were looked up, by their hashes. Thread-safe.
class CredentialCache {
 public:
  std::optional<std::string> find(const std::string& hash) const;  // the key of the machine
  void keep(const std::string& hash, const std::string& machine_key);
  void forget(const std::string& machine_key);

 private:
  mutable std::mutex mutex_;  // guards the map
  std::unordered_map<std::string, std::string> machines_;
};

// Signs of life that came with nothing else: they are written together every few seconds, not each with a transaction of its own.
// Thread-safe.
class SignsOfLife {
 public:
  struct Sign {
    store::Millis at = 0;
    uplink::BatchHeader header;
  };
  void note(const std::string& machine_key, Sign sign);
  std::map<std::string, Sign> take();  // and none are left

 private:
  std::mutex mutex_;  // guards the map
  std::map<std::string, Sign> signs_;
};

// Outlives the requests; thread-safe.
struct Hosts {
  Hosts(const Services& the_services, uplink::Settings the_settings) : services(the_services), settings(std::move(the_settings)) {}

  const Services& services;
  const uplink::Settings settings;  // what agents are told
  const store::Millis started_at = store::now_ms();  // silence of the hub itself is no host's
  CredentialCache credentials;
  SignsOfLife signs;
};

// The machine that a credential is of; nothing where it is of none (any more).
base::Result<std::optional<std::string>> authenticate(Hosts& hosts, const std::string& credential);

}  // namespace providers::hybrid_compute
