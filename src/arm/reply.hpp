// SPDX-License-Identifier: Apache-2.0
// Answers of the resource manager, and Azure's form of errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "net/server.hpp"

namespace arm {

struct Reply {
  int status = 200;
  base::Json body;              // null: no body
  net::Headers headers;
};

// {"error": {"code", "message", "target"?}} (Azure REST guidelines, "Error response").
Reply refuse(int status, std::string_view code, std::string_view message, std::string_view target = {});
Reply refuse(const base::Error& error);  // status and code as its kind says

// 415 where a body comes that does not say that it is JSON. (A form of another site cannot say so without being asked, too.)
std::optional<Reply> refuse_other_than_json(const net::ServerRequest& request);

net::ServerResponse to_response(const Reply& reply);
net::ServerResponse to_response(const base::Error& error);

int status_of(base::Kind kind);

}  // namespace arm
