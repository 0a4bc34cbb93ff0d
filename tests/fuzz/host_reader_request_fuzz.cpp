// SPDX-License-Identifier: Apache-2.0
// What an agent sends: requests off a stream, and whether what they ask for stands in the tables.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "benchmark/collect.hpp"
#include "hostreader/allowed.hpp"
#include "hostreader/kept.hpp"
#include "hostreader/protocol.hpp"

namespace {

void check_target(std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  if (path.find_first_of("%\\#@") != std::string_view::npos || path.find("..") == 0 || path.find("/..") != std::string_view::npos ||
      path.find("//") != std::string_view::npos)
    std::abort();
  if (std::any_of(target.begin(), target.end(), [](char c) { return c <= ' ' || c >= 127; })) std::abort();
}

void check(const hostreader::Request& request) {
  if (!request.path.empty() && request.path.front() != '/') std::abort();
  for (const bool stream : {false, true})
    if (hostreader::find_engine_path(request.path, stream)) check_target(request.path);
  if (hostreader::find_readable(request.path) && !hostreader::is_plain_path(request.path)) std::abort();
  const auto again = hostreader::parse_request(std::string_view(hostreader::encode(request)).substr(4));
  if (!again || again->path != request.path || again->op != request.op || again->cap != request.cap) std::abort();
}

void check_cuts(std::string_view text) {
  const std::string program = hostreader::kept_command_line(text, false);
  if (base::trim(hostreader::kept_command_line(program, false)) != base::trim(program) || program.size() > text.size()) std::abort();
  (void)hostreader::kept_command_line(text, true);
  const std::string address = benchmark::containerd_address(text);
  const bool is_plain = std::all_of(address.begin(), address.end(), [](char c) { return c >= ' ' && c < 127; });
  if (is_plain && benchmark::containerd_address(hostreader::kept_containerd(text)) != address) std::abort();
  (void)hostreader::kept_daemon_config(text, "daemon.json");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::string_view rest = input;
  for (;;) {
    const std::size_t before = rest.size();
    const auto json = hostreader::take_request(rest);
    if (!json || !*json) break;
    if (rest.size() >= before) std::abort();
    if (const auto request = hostreader::parse_request(**json)) check(*request);
  }
  check_cuts(input);
  return 0;
}
