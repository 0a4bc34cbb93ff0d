// SPDX-License-Identifier: Apache-2.0
// Container hosts of a hub, and the tokens by which agents enrol.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "client/connection.hpp"

namespace client {

// One host in full. Kind::not_found names those there are.
base::Result<base::Json> find_host(const Connection& connection, const std::string& name);

std::string host_path(const std::string& name, std::string_view part = {});  // "/api/v1/hosts/NAME/controls"

struct TokenRequest {
  std::int64_t seconds = 0;  // 0: the hub's default
  std::int64_t uses = 1;
  std::map<std::string, std::string> labels;
};
// {id, token, expires, uses, command}; the token is shown this once.
base::Result<base::Json> make_enrollment_token(const Connection& connection, const TokenRequest& request);

}  // namespace client
