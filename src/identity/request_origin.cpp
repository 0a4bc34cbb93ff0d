// SPDX-License-Identifier: Apache-2.0
#include "identity/request_origin.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "net/url.hpp"

namespace identity {

namespace {

constexpr std::size_t kLongestHost = 255 + 6;

bool is_host_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._:[]").find(c) != std::string_view::npos;
}

}  // namespace

base::Result<std::string> request_origin(const net::ServerRequest& request) {
  const std::string_view host = request.header("host");
  const bool plausible = !host.empty() && host.size() <= kLongestHost && std::all_of(host.begin(), host.end(), is_host_character);
  if (!plausible) return base::fail(base::Kind::invalid_input, "the request's Host header is no host and port");
  auto url = net::Url::parse(fmt::format("{}://{}/", request.tls ? "https" : "http", host));
  if (!url) return base::fail(base::Kind::invalid_input, "the request's Host header is no host and port");
  return url->scheme + "://" + url->authority();
}

bool is_from_own_page(const net::ServerRequest& request, std::string_view public_url) {
  if (const std::string site = base::to_lower(request.header("sec-fetch-site")); !site.empty()) return site == "same-origin" || site == "none";
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return true;
  const auto given = net::Url::parse(origin);
  if (!given) return false;  // "null"
  const auto own = net::Url::parse(public_url);
  if (own && own->same_origin(*given)) return true;
  // Where a proxy ends TLS the scheme differs.
  const auto asked = net::Url::parse(fmt::format("{}://{}/", given->scheme, request.header("host")));
  return asked && asked->authority() == given->authority();
}

std::string address_group(std::string_view peer) {
  std::array<unsigned char, 16> bytes{};
  const std::string text(base::cut(peer, "%").first);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::string(peer.substr(0, 64));
  constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // RFC 4291 section 2.5.5.2
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin()))
    return fmt::format("{}.{}.{}.{}", bytes[12], bytes[13], bytes[14], bytes[15]);
  return fmt::format("{:02x}/64", fmt::join(bytes.begin(), bytes.begin() + 8, ""));
}

}  // namespace identity
