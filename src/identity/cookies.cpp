// SPDX-License-Identifier: Apache-2.0
#include "identity/cookies.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace identity {

std::string_view session_cookie_name(bool tls) { return tls ? "__Host-bulwark_session" : "bulwark_session"; }

std::string make_cookie(std::string_view name, std::string_view value, bool tls, std::chrono::seconds life) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", name, value, life.count(),
                     tls ? "; Secure" : "");
}

std::string session_cookie(const SignIn& sign_in, bool tls, std::chrono::seconds life) {
  return make_cookie(session_cookie_name(tls), sign_in.session_token, tls, life);
}

std::string clear_cookie(bool tls) { return make_cookie(session_cookie_name(tls), "", tls, std::chrono::seconds(0)); }

std::string_view cookie_value(const net::ServerRequest& request, std::string_view name) {
  for (const auto& [header, text] : request.headers) {
    if (header != "cookie") continue;
    for (const std::string_view pair : base::split(text, ';')) {
      const auto [key, value] = base::cut(base::trim(pair), "=");
      if (key == name && !value.empty()) return value;
    }
  }
  return {};
}

}  // namespace identity
