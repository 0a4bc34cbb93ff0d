// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/server_parser.hpp"
#include "net/server_target.hpp"

namespace {

constexpr std::size_t kBodyCap = 1000, kHeaderCap = 2000;

// Reads one request out of pieces of `step` bytes; how much of the input it used.
std::size_t read_in_pieces(net::RequestParser& parser, std::string_view input, std::size_t step) {
  std::size_t used = 0, seen = 0;
  while (seen < input.size()) {
    seen = std::min(input.size(), seen + step);
    for (;;) {
      const auto before = parser.state();
      used += parser.take(input.substr(used, seen - used));
      if (used > seen) std::abort();
      if (parser.state() == before || before == net::RequestParser::State::complete) break;
    }
    if (parser.state() == net::RequestParser::State::complete || parser.state() == net::RequestParser::State::failed) break;
  }
  return used;
}

void check(const net::ServerRequest& request) {
  if (request.body.size() > kBodyCap || request.path.empty()) std::abort();
  if (request.path.front() != '/' && request.path != "*") std::abort();
  if (request.target.compare(0, request.path.size(), request.path) != 0) std::abort();
  for (const auto& [name, value] : request.headers)
    if (name.empty() || (name + value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) std::abort();
  for (const auto& parameter : request.query)
    if (!request.has_parameter(parameter.first)) std::abort();
}

}  // namespace

// How the bytes are cut changes nothing: a server and the proxy before it must see the same requests.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  net::ServerLimits limits;
  limits.body_bytes = kBodyCap;
  limits.header_bytes = kHeaderCap;
  net::RequestParser whole(limits), pieces(limits);
  const std::size_t used = read_in_pieces(whole, input, input.size());
  const std::size_t used_in_pieces = read_in_pieces(pieces, input, 1);
  const bool complete = whole.state() == net::RequestParser::State::complete;
  if (complete != (pieces.state() == net::RequestParser::State::complete)) std::abort();
  if (complete) {
    check(whole.request());
    if (used != used_in_pieces || whole.request().target != pieces.request().target ||
        whole.request().body != pieces.request().body || whole.request().headers != pieces.request().headers)
      std::abort();
  }
  net::ServerRequest request;
  request.method = "GET";
  if (net::read_target(input, request)) check(request);
  return 0;
}
