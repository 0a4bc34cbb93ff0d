// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/stop_signals.hpp"
#include "hostreader/listener.hpp"
#include "hostreader/open_file.hpp"
#include "hostreader/server.hpp"

namespace cli {

namespace {

// The accounts that exist; of a hub and an agent often only one is installed.
base::Result<std::vector<uid_t>> answered_users(const HostReaderFlags& flags) {
  const std::vector<std::string> names = flags.users.empty() ? std::vector<std::string>{"bulwark-agent"} : flags.users;
  std::vector<uid_t> users;
  for (const std::string& name : names)
    if (const auto id = hostreader::user_id(name)) users.push_back(*id);
  if (users.empty())
    return base::fail(base::Kind::invalid_input,
                      fmt::format("there is no user {}; name the agent's with --user", base::printable(base::join(names, ", "))));
  return users;
}

base::Result<hostreader::Descriptor> reader_socket(const HostReaderFlags& flags) {
  auto handed_over = TRY(hostreader::activated_socket());
  if (handed_over && flags.socket.empty()) return std::move(*handed_over);
  if (flags.socket.empty())
    return base::fail(base::Kind::invalid_input,
                      "no socket was handed over; start bulwark-host-reader.socket with systemctl, or name one with --socket");
  return hostreader::listen_at(flags.socket, TRY(hostreader::group_id(flags.group)));
}

}  // namespace

int run_host_reader(const HostReaderFlags& flags) {
  hostreader::ServerOptions options;
  auto users = answered_users(flags);
  if (!users) return usage_error(users.error());
  options.users = std::move(*users);
  auto socket = reader_socket(flags);
  if (!socket) return fail_with(socket.error());
  const StopSignals signals;  // before any thread starts
  benchmark::LocalHostOptions local;
  local.socket = flags.engine;
  const auto host = benchmark::local_host(local);
  hostreader::Gate gate(*host, hostreader::open_file);
  const auto server = hostreader::Server::start(std::move(*socket), gate, options);
  if (!server) return fail_with(server.error());
  if (const auto written = write_output("host reader: ready\n", {}); !written) print_warning(written.error().message);
  signals.wait();
  if (!flags.socket.empty()) (void)::unlink(flags.socket.c_str());
  return kDone;
}

}  // namespace cli
