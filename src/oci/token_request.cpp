// SPDX-License-Identifier: Apache-2.0
#include "oci/token_request.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace oci {

namespace {

constexpr std::size_t kTokenAnswerCap = 1u << 20;

}  // namespace

net::HttpRequest token_request(const net::Url& url) {
  net::HttpRequest request;
  request.url = url.text();
  request.headers = {{"Accept", "application/json"}};
  request.body_cap = kTokenAnswerCap;
  request.total_timeout = std::chrono::seconds(60);
  return request;
}

net::HttpRequest token_form(const net::Url& url, std::string_view grant) {
  net::HttpRequest request = token_request(url);
  request.method = "POST";
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.body = grant;
  return request;
}

std::string refresh_token_grant(std::string_view token) {
  return "grant_type=refresh_token&client_id=bulwark&refresh_token=" + base::percent_encode(token);
}

std::string password_grant(std::string_view username, std::string_view password) {
  return fmt::format("grant_type=password&client_id=bulwark&username={}&password={}", base::percent_encode(username),
                     base::percent_encode(password));
}

std::string directory_token_grant(std::string_view access_token) {
  std::string grant = "grant_type=access_token&access_token=" + base::percent_encode(access_token);
  const TokenIssuer issuer = json_web_token_issuer(access_token);
  if (!issuer.tenant.empty()) grant += "&tenant=" + base::percent_encode(issuer.tenant);
  return grant;
}

TokenIssuer json_web_token_issuer(std::string_view token) {
  const auto parts = base::split(token, '.');
  if (parts.size() != 3 || parts[1].size() > 64u << 10) return {};
  const auto claims = base::base64_decode(parts[1]);
  if (!claims) return {};
  const auto document = base::parse_json(*claims, "token");
  if (!document) return {};
  TokenIssuer issuer;
  const std::string_view name = base::get_string(*document, "iss");
  for (const std::string_view directory : {"https://sts.windows.net/", "https://login.microsoftonline.com/"})
    issuer.directory = issuer.directory || name.substr(0, directory.size()) == directory;
  issuer.tenant = base::get_string(*document, "tid");
  return issuer;
}

}  // namespace oci
