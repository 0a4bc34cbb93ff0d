// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "agent/agent.hpp"
#include "agent/enroll.hpp"
#include "agent/hub_address.hpp"
#include "agent/machine.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "benchmark/host_reader.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/stop_signals.hpp"
#include "hostreader/remote_host.hpp"

namespace cli {

namespace {

std::filesystem::path agent_data(const AgentFlags& flags) {
  if (!flags.data.empty()) return flags.data;
  const char* state = std::getenv("STATE_DIRECTORY");  // systemd.exec(5)
  return state && *state != '\0' ? std::string(base::cut(state, ":").first) : std::string("/var/lib/bulwark-agent");
}

// "64M", "1G"; bytes without a letter.
base::Result<std::uint64_t> parse_spool_size(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit = base::to_lower(text.substr(static_cast<std::size_t>(end - text.data())));
  const int shift = unit.empty() ? 0 : unit == "k" ? 10 : unit == "m" ? 20 : unit == "g" ? 30 : -1;
  if (error != std::errc() || shift < 0 || number > (1ull << 20 << 20) >> shift)
    return base::fail(base::Kind::invalid_input, fmt::format("--spool-size '{}' is no size such as 64M", base::printable(text)));
  number <<= shift;
  if (number < agent::kLeastSpoolBytes)
    return base::fail(base::Kind::invalid_input, "--spool-size is at least 16M: what is found at first has to fit");
  return number;
}

agent::OpenHost host_opener(const AgentFlags& flags) {
  if (!flags.reader.empty())
    return [socket = flags.reader] {
      hostreader::RemoteOptions options;
      options.socket = socket;
      return hostreader::remote_host(options);
    };
  return [socket = flags.docker] {
    benchmark::LocalHostOptions options;
    options.socket = socket;
    return benchmark::local_host(options);
  };
}

void agent_log(const std::string& line) { fmt::print(stderr, "bulwark agent: {}\n", base::printable(line)); }

// Whose token was used already is what it was: the arguments of a service stay the same at each start.
base::Result<agent::Identity> identity_of(const AgentFlags& flags, const agent::AgentFolder& folder, const agent::OpenHost& open_host) {
  auto known = TRY(folder.identity());
  const auto token = flags.token.empty() ? base::Result<uplink::EnrollmentToken>() : uplink::parse_token(flags.token);
  if (!token) return base::fail(token.error());
  if (known && (flags.token.empty() || known->token_id == token->id)) {
    if (!flags.hub.empty()) known->hub = TRY(agent::hub_address(flags.hub));  // it may have moved; its certificate has not
    return *known;
  }
  if (flags.token.empty() || flags.hub.empty())
    return base::fail(base::Kind::invalid_input,
                      "this machine is not enrolled yet: name the hub with --hub and give its token with --enroll (Add host in the "
                      "hub's pages has the whole command)");
  const auto host = open_host();
  auto identity = TRY(agent::enroll({flags.hub, flags.token, flags.ca_file}, agent::this_machine(*host), tool_version()));
  TRY(folder.keep(identity));
  agent_log(fmt::format("enrolled with {} as {}", identity.hub, identity.resource_id));
  return identity;
}

std::string time_of(std::int64_t milliseconds) {
  return base::format_time(base::Seconds(std::chrono::seconds(milliseconds / 1'000)));
}

}  // namespace

int run_agent(const GlobalOptions& global, const AgentFlags& flags) {
  if (!flags.reader.empty() && !flags.docker.empty())
    return usage_error({base::Kind::invalid_input, "--reader and --docker do not go together: the reader has the engine's socket"});
  const auto spool_bytes = parse_spool_size(flags.spool_size);
  if (!spool_bytes) return usage_error(spool_bytes.error());
  const StopSignals signals;
  auto folder = agent::AgentFolder::open(agent_data(flags));
  if (!folder) return fail_with(folder.error());
  agent::AgentOptions options;
  options.open_host = host_opener(flags);
  options.version = tool_version();
  options.spool_bytes = *spool_bytes;
  options.packages = !flags.no_packages;
  options.log = agent_log;
  const auto identity = identity_of(flags, *folder, options.open_host);
  if (!identity) return fail_with(identity.error());
  if (flags.enroll_only) return kDone;
  options.hub = identity->hub;
  auto link = agent::http_link(*identity, "bulwark-agent/" + tool_version());
  if (!link) return fail_with(link.error());
  const auto running = agent::Agent::start(std::move(*folder), std::move(*link), std::move(options));
  if (!running) return fail_with(running.error());
  signals.wait();
  signals.release();  // a second signal does not wait
  print_hint(global, "Stopping: what waits is kept for the next start.");
  (*running)->stop();
  return kDone;
}

int run_agent_status(const AgentFlags& flags) {
  const std::filesystem::path data = agent_data(flags);
  const auto report = agent::StatusFile::read(data / "status.json");
  if (!report) {
    if (report.error().kind != base::Kind::not_found) return fail_with(report.error());
    return fail_with({base::Kind::not_found, fmt::format("no agent ran with {} yet; name its folder with --data", data.string())});
  }
  std::string text = fmt::format("Hub:      {}\nState:    {}{}\nVersion:  {}\nAs of:    {}\n", report->hub, report->state,
                                 report->message.empty() ? "" : " (" + report->message + ")", report->version,
                                 time_of(report->written_at));
  if (report->taken_at != 0) text += fmt::format("Heard:    {}\n", time_of(report->taken_at));
  text += fmt::format("Waiting:  {} messages, {} bytes\nLost:     {} messages\n", report->spool_messages, report->spool_bytes,
                      report->lost_messages);
  for (const std::string& problem : report->problems) text += fmt::format("Problem:  {}\n", base::printable(problem));
  if (const auto written = write_output(text, {}); !written) return fail_with(written.error());
  return kDone;
}

}  // namespace cli
