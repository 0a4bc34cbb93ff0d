// SPDX-License-Identifier: Apache-2.0
// Cookies as RFC 6265 has them: the session's, and reading those that came with a request.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "identity/identity.hpp"

namespace identity {

// "__Host-bulwark_session" over TLS, so that no other host of the domain can set it; "bulwark_session" on loopback without.
std::string_view session_cookie_name(bool tls);

// Values for Set-Cookie. `life` is Options::session_longest; the session itself may end before.
std::string session_cookie(const SignIn& sign_in, bool tls, std::chrono::seconds life);
std::string clear_cookie(bool tls);

// HttpOnly, SameSite=Lax, Path=/, Secure where `tls`. A life of 0 takes the cookie away.
std::string make_cookie(std::string_view name, std::string_view value, bool tls, std::chrono::seconds life);

// Of the first cookie of that name in all Cookie headers; empty where there is none. A view into the request.
std::string_view cookie_value(const net::ServerRequest& request, std::string_view name);

}  // namespace identity
