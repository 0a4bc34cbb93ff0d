// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/agent_folder.hpp"
#include "base/result.hpp"
#include "net/http.hpp"

namespace agent {

// "hub.example.com:8443" → "https://hub.example.com:8443". Kind::invalid_input for what is no address; Kind::denied for plain
// http to another machine, where anybody could read the credential.
base::Result<std::string> hub_address(std::string_view text);

// Trusts the identity's fingerprint alone where it has one, else authorities.
base::Result<std::unique_ptr<net::HttpTransport>> hub_transport(const Identity& identity, const std::string& user_agent);

// What a hub says of a refusal: {"error": {"message"}}; the status where it says nothing.
std::string hub_message(const net::HttpResponse& answer);

}  // namespace agent
