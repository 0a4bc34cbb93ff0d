// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "base/text.hpp"

namespace net {

namespace {

constexpr std::size_t kUrlCap = 16u << 10;

struct CurlUrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlFree>;

std::string url_part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK || !text) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

base::Error bad_url(std::string_view why) {
  return base::Error{base::Kind::invalid_input, fmt::format("not a usable http or https URL: {}", why)};
}

base::Result<Url> take_parts(CURLU* handle) {
  Url url;
  url.scheme = base::to_lower(url_part(handle, CURLUPART_SCHEME));
  url.host = base::to_lower(url_part(handle, CURLUPART_HOST));
  url.path = url_part(handle, CURLUPART_PATH);
  url.query = url_part(handle, CURLUPART_QUERY);
  if (url.scheme != "http" && url.scheme != "https") return base::fail(bad_url("the scheme is another one"));
  if (url.host.empty()) return base::fail(bad_url("it names no host"));
  const std::string port = url_part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (parsed.ec != std::errc() || url.port == 0) return base::fail(bad_url("the port is no port"));
  return url;
}

base::Result<void> set_url(CURLU* handle, std::string_view text) {
  if (text.size() > kUrlCap) return base::fail(bad_url("it is too long"));
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return base::fail(bad_url("blank or control character"));
  const CURLUcode code = curl_url_set(handle, CURLUPART_URL, std::string(text).c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return base::fail(bad_url(curl_url_strerror(code)));
  return {};
}

}  // namespace

std::string Url::authority() const {
  const bool is_default = port == (scheme == "https" ? 443 : 80);
  return is_default ? host : fmt::format("{}:{}", host, port);
}

std::string Url::text() const {
  return fmt::format("{}://{}{}{}{}", scheme, authority(), path, query.empty() ? "" : "?", query);
}

bool Url::same_origin(const Url& other) const {
  return scheme == other.scheme && host == other.host && port == other.port;
}

base::Result<Url> Url::parse(std::string_view text) {
  const CurlUrl handle(curl_url());
  if (!handle) return base::fail(bad_url("out of memory"));
  TRY(set_url(handle.get(), text));
  return take_parts(handle.get());
}

base::Result<Url> Url::resolve(std::string_view reference) const {
  const CurlUrl handle(curl_url());
  if (!handle) return base::fail(bad_url("out of memory"));
  TRY(set_url(handle.get(), text()));
  TRY(set_url(handle.get(), reference));
  return take_parts(handle.get());
}

bool is_loopback_host(std::string_view host) {
  if (base::equals_ignoring_case(host, "localhost")) return true;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string text(host);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6) != 0;
}

}  // namespace net
