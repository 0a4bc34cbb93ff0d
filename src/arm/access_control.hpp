// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>

#include "arm/builtin_roles.hpp"
#include "arm/rbac.hpp"
#include "identity/identity.hpp"
#include "store/database.hpp"

namespace arm {

// Roles and assignments as they stand in the store, ready to be asked. Thread-safe.
class AccessControl {
 public:
  static base::Result<std::unique_ptr<AccessControl>> open(store::Database& database);

  base::Result<Access> access_of(const identity::Caller& caller);
  void forget();  // after a role, an assignment or a deny assignment was written

  const std::vector<RoleDefinition>& builtin_roles() const { return builtin_; }

 private:
  struct Snapshot {
    std::vector<std::shared_ptr<const Role>> roles;
    std::vector<Assignment> assignments;
    std::vector<DenyAssignment> denials;
  };

  AccessControl(store::Database& database, std::vector<RoleDefinition> builtin)
      : database_(database), builtin_(std::move(builtin)) {}
  base::Result<std::shared_ptr<const Snapshot>> snapshot();
  base::Result<std::shared_ptr<const Snapshot>> load();

  store::Database& database_;
  const std::vector<RoleDefinition> builtin_;
  std::mutex mutex_;  // guards snapshot_ and generation_
  std::shared_ptr<const Snapshot> snapshot_;
  std::uint64_t generation_ = 0;
};

}  // namespace arm
