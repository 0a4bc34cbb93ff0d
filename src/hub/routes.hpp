// SPDX-License-Identifier: Apache-2.0
// The routes of the hub's API, a file each family.
#pragma once

#include <optional>

#include "hub/api.hpp"
#include "hub/context.hpp"

namespace hub {

void add_routes(Api& api, const Context& context);  // all of them

void add_session_routes(Api& api, const Context& context);
void add_view_routes(Api& api, const Context& context);
void add_image_routes(Api& api, const Context& context);
void add_identity_routes(Api& api, const Context& context);
void add_data_routes(Api& api, const Context& context);
void add_host_routes(Api& api, const Context& context);
void add_container_routes(Api& api, const Context& context);

// Requests that need no sign-in: GET and POST /api/v1/session, /api/v1/links, /signin/oidc…; nothing for any other.
std::optional<net::ServerResponse> serve_open_api(const Context& context, const net::ServerRequest& request);

// POST /api/v1/agents/enroll and /api/v1/agents/reports, which need no sign-in either; nothing for any other.
std::optional<net::ServerResponse> serve_agents(const Context& context, const net::ServerRequest& request);
std::optional<std::size_t> agent_body_cap(std::string_view path);  // of their bodies, as they are sent

}  // namespace hub
