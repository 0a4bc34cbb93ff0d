// SPDX-License-Identifier: Apache-2.0
// Configuration as code: registries, users, roles, plans, notifications and rules from one document, idempotently.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hub/api.hpp"
#include "hub/context.hpp"

namespace hub {

struct Applied {
  std::vector<std::string> changed;  // ids of resources, names of principals
  std::size_t unchanged = 0;
};

// Reads YAML or JSON (docs/configuration.md) and makes what is there so; what is not named stays. Goes on behind a fault
// and tells all of them: Kind::invalid_input, one a line. Every change is made with the caller's rights.
base::Result<Applied> apply_configuration(const Context& context, const identity::Caller& caller, const arm::Access& access,
                                          std::string_view text);

// With all rights, as "bulwark": a file named on the command line.
base::Result<Applied> apply_file(const Context& context, const std::filesystem::path& file);

void add_apply_routes(Api& api, const Context& context);

}  // namespace hub
