// SPDX-License-Identifier: Apache-2.0
// Workspaces as they are stored, and how others find them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arm/resource.hpp"
#include "store/vault.hpp"
#include "workspace/query_service.hpp"

namespace providers {

inline constexpr std::string_view kWorkspaceType = "Microsoft.OperationalInsights/workspaces";
inline constexpr std::string_view kDefaultWorkspace = "default";

struct Workspace {
  workspace::WorkspaceRef ref;
  std::string key;  // of the resource
  int retention_days = 30;
  bool resource_rights_suffice = true;  // features.enableLogAccessUsingOnlyResourcePermissions
  bool keys_are_refused = false;        // features.disableLocalAuth
  bool in_default_group = false;

  static Workspace of(const arm::Resource& resource);
};

base::Result<std::vector<Workspace>> load_workspaces(store::Session& session);

// By customerId, ARM id or name, without case; of several of that name the one of the resource group `default`. Null where
// there is none.
const Workspace* find_workspace(const std::vector<Workspace>& workspaces, std::string_view name);

// The workspace `default` in the resource group of that name, made where there is none. The hub itself writes to it.
base::Result<Workspace> ensure_default_workspace(store::Session& session, const store::Vault& vault, const std::string& subscription_id);

// With either of which a sender signs (HTTP Data Collector API); base64.
struct SharedKeys {
  std::string primary, secondary;
};
base::Result<SharedKeys> load_shared_keys(store::Session& session, const store::Vault& vault, const std::string& workspace_key);

// Functions that users saved in a workspace.
base::Result<std::vector<workspace::StoredFunction>> load_functions(store::Session& session, const std::string& workspace_key);

}  // namespace providers
