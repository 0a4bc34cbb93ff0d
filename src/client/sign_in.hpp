// SPDX-License-Identifier: Apache-2.0
// From what proves who somebody is to an API token, which is all that is kept.
#pragma once

#include <string>

#include "client/connection.hpp"
#include "client/contexts.hpp"

namespace client {

struct SignIn {
  std::string user, password;               // a local user, or
  std::string client_id, client_secret;     // a program (OAuth2 client credentials), or
  std::string tenant = "organizations";     // its tenant; this word stands for the hub's own
  std::string token;                        // an API token made elsewhere
  std::string token_name = "bulwark login"; // of the API token that is made
  int days = 90;                            // it is valid
};

struct SignedIn {
  std::string user;      // sign-in name, as the hub has it
  std::string token;     // a secret
  std::string token_id;  // empty for one that was made elsewhere
};

// Checks what is given, and exchanges a password or client secret for an API token; a session made on the way is ended.
// Kind::denied: the credentials are wrong.
base::Result<SignedIn> sign_in(const Target& target, const SignIn& how);

}  // namespace client
