// SPDX-License-Identifier: Apache-2.0
#include "hub/static_files.hpp"

#include <array>

#include "arm/reply.hpp"
#include "base/text.hpp"
#include "content/content.hpp"

namespace hub {

namespace {

constexpr std::string_view kPolicy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "worker-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kTypes{{
    {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"}, {".svg", "image/svg+xml"}, {".json", "application/json"}, {".png", "image/png"},
    {".ico", "image/x-icon"}, {".woff2", "font/woff2"}, {".woff", "font/woff"}, {".ttf", "font/ttf"}, {".txt", "text/plain; charset=utf-8"},
}};

std::string_view type_of(std::string_view path) {
  for (const auto& type : kTypes)
    if (path.size() > type.first.size() && path.substr(path.size() - type.first.size()) == type.first) return type.second;
  return "application/octet-stream";
}

bool takes_brotli(const net::ServerRequest& request) {
  for (const auto part : base::split(request.header("accept-encoding"), ','))
    if (base::trim(base::cut(part, ";").first) == "br") return true;
  return false;
}

// The file at `path` below web/, compressed where the client takes that or there is no other.
std::optional<net::ServerResponse> serve_file(const net::ServerRequest& request, const std::string& path) {
  const auto plain = content::file("web/" + path);
  const auto compressed = content::file("web/" + path + ".br");
  if (!plain && !compressed) return std::nullopt;
  net::ServerResponse response;
  const bool brotli = compressed && (takes_brotli(request) || !plain);
  response.static_body = brotli ? *compressed : *plain;
  if (brotli) response.headers.emplace_back("Content-Encoding", "br");
  response.headers.emplace_back("Vary", "Accept-Encoding");
  response.headers.emplace_back("Content-Type", std::string(type_of(path)));
  const bool immutable = path.substr(0, 7) == "assets/";  // named by their hash
  response.headers.emplace_back("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
  return response;
}

}  // namespace

net::ServerResponse serve_page(const net::ServerRequest& request) {
  if (request.method != "GET" && request.method != "HEAD")
    return arm::to_response(arm::refuse(405, "MethodNotAllowed", "Pages are read by GET alone."));
  const std::string path = base::percent_decode(std::string_view(request.path).substr(1));
  if (path.find("..") == std::string::npos)
    if (auto file = serve_file(request, path)) return *file;
  if (base::basename(path).find('.') == std::string_view::npos)
    if (auto application = serve_file(request, "index.html")) return *application;
  auto missing = arm::to_response(arm::refuse(404, "NotFound", "There is nothing here. (This build may have no web pages: ./up builds them.)"));
  return missing;
}

void add_security_headers(const net::ServerRequest& request, net::ServerResponse& response) {
  auto& headers = response.headers;
  headers.emplace_back("Content-Security-Policy", kPolicy);
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("Referrer-Policy", "no-referrer");
  headers.emplace_back("X-Frame-Options", "DENY");
  headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  headers.emplace_back("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  if (request.tls) headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
  bool cached = false;
  for (const auto& header : headers) cached = cached || header.first == "Cache-Control";
  if (!cached) headers.emplace_back("Cache-Control", "no-store");
}

}  // namespace hub
