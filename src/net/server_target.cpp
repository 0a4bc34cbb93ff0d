// SPDX-License-Identifier: Apache-2.0
#include "net/server_target.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace net {

namespace {

constexpr std::size_t kMostParameters = 1000;

base::Error bad_target(std::string_view why) {
  return base::Error{base::Kind::invalid_input, "the request target " + std::string(why)};
}

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Every '%' leads two hexadecimal digits.
bool has_whole_escapes(std::string_view text) {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (at + 2 >= text.size() || !is_hex_digit(text[at + 1]) || !is_hex_digit(text[at + 2])) return false;
  return true;
}

std::string decode_form(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return base::percent_decode(blanks);
}

base::Result<void> read_query(std::string_view text, ServerRequest& request) {
  for (const std::string_view pair : base::split(text, '&')) {
    if (pair.empty()) continue;
    if (request.query.size() == kMostParameters) return base::fail(bad_target("has more than 1000 parameters"));
    const auto [name, value] = base::cut(pair, "=");
    request.query.emplace_back(decode_form(name), decode_form(value));
  }
  return {};
}

// Cuts "http://authority" off, which takes the place of the Host header.
base::Result<std::string_view> origin_form(std::string_view target, ServerRequest& request) {
  const auto [scheme, rest] = base::cut(target, "://");
  if (!base::equals_ignoring_case(scheme, "http") && !base::equals_ignoring_case(scheme, "https"))
    return base::fail(bad_target("is neither a path nor an http URL"));
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  if (authority.empty() || authority.find('@') != std::string_view::npos)
    return base::fail(bad_target("names no plain host"));
  auto& headers = request.headers;
  const auto is_host = [](const auto& header) { return header.first == "host"; };
  headers.erase(std::remove_if(headers.begin(), headers.end(), is_host), headers.end());
  headers.emplace_back("host", authority);
  return rest.substr(authority.size());
}

}  // namespace

base::Result<void> read_target(std::string_view target, ServerRequest& request) {
  const bool sound = std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
  if (target.empty() || !sound) return base::fail(bad_target("has bytes that may not stand in one"));
  if (target.find("%00") != std::string_view::npos) return base::fail(bad_target("has a NUL in it"));
  if (target == "*" && request.method == "OPTIONS") {
    request.target = request.path = "*";
    return {};
  }
  if (target.front() != '/') target = TRY(origin_form(target, request));
  request.target = target.empty() || target.front() == '?' ? "/" + std::string(target) : std::string(target);
  const auto [path, query] = base::cut(request.target, "?");
  if (!has_whole_escapes(path)) return base::fail(bad_target("has a malformed percent escape in its path"));
  request.path = path;
  return read_query(query, request);
}

std::string_view ServerRequest::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

std::string_view ServerRequest::parameter(std::string_view name) const {
  for (const auto& [known, value] : query)
    if (base::equals_ignoring_case(known, name)) return value;
  return {};
}

bool ServerRequest::has_parameter(std::string_view name) const {
  return std::any_of(query.begin(), query.end(),
                     [&](const auto& parameter) { return base::equals_ignoring_case(parameter.first, name); });
}

}  // namespace net
