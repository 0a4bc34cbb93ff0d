// SPDX-License-Identifier: Apache-2.0
// The messages of the OAuth2 side of registry authentication (RFC 6749 sections 4.3 and 6, and Azure's exchange).
#pragma once

#include <string>
#include <string_view>

#include "net/http.hpp"
#include "net/url.hpp"

namespace oci {

// The user name that Azure's registries use where the password is a token.
inline constexpr std::string_view kTokenUser = "00000000-0000-0000-0000-000000000000";

net::HttpRequest token_request(const net::Url& url);                       // GET
net::HttpRequest token_form(const net::Url& url, std::string_view grant);  // POST; the form may be added to

std::string refresh_token_grant(std::string_view token);
std::string password_grant(std::string_view username, std::string_view password);
std::string directory_token_grant(std::string_view access_token);  // of Microsoft Entra

// Who made a JSON web token (RFC 7519), its signature unchecked; empty where the text is none.
struct TokenIssuer {
  bool directory = false;  // Microsoft Entra, not the registry
  std::string tenant;
};
TokenIssuer json_web_token_issuer(std::string_view token);

}  // namespace oci
