// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "store/database.hpp"

namespace store {

// Secrets in the database, sealed (AES-256-GCM) with a key from a file that is not in it. Owner and name are
// authenticated with each, so that a sealed value moved to another row does not open. Thread-safe.
class Vault {
 public:
  // Reads the 32 bytes of the key file; makes it, readable by its owner alone, where there is none. Kind::denied where
  // others may read it, with the mend.
  static base::Result<Vault> open(const std::filesystem::path& key_file);

  base::Result<void> put(Session& session, const std::string& owner_key, const std::string& name,
                         const std::string& secret) const;
  // Nothing where there is none; Kind::corrupt where it was sealed with another key, with the mend.
  base::Result<std::optional<std::string>> get(Session& session, const std::string& owner_key, const std::string& name) const;
  base::Result<void> remove(Session& session, const std::string& owner_key) const;  // all of the owner's

 private:
  explicit Vault(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

}  // namespace store
