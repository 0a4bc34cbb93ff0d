// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "imagecheck/engine.hpp"
#include "providers/vulnerability_data.hpp"
#include "security/assessor.hpp"
#include "store/database.hpp"
#include "store/vault.hpp"

namespace providers {

// What the hub hands to every provider. Everything outlives the providers and is thread-safe.
struct Services {
  store::Database& database;
  const store::Vault& vault;
  security::Assessor& assessor;
  VulnerabilityData& data;
  std::shared_ptr<const imagecheck::Engine> checks;  // of secrets, malware and misconfiguration
  std::filesystem::path cache_dir;  // of layer facts
  std::string subscription_id;
  std::string resource_group = "default";
  bool allow_private_registries = false;  // registries may send requests on to private addresses other than their own

  std::function<void(std::string_view event, const base::JsonObject& data)> publish;  // to live pages
  std::function<void()> wake_jobs;                                                    // there is a new job
};

}  // namespace providers
