// SPDX-License-Identifier: Apache-2.0
#include "hub/own_agent.hpp"

#include <fmt/format.h>

#include "agent/machine.hpp"
#include "base/text.hpp"
#include "hostreader/remote_host.hpp"
#include "hub/version.hpp"
#include "providers/hybrid_compute/enroll.hpp"

namespace hub {

namespace {

agent::OpenHost own_host(const std::string& reader) {
  if (reader.empty()) return [] { return benchmark::local_host({}); };
  return [reader] {
    hostreader::RemoteOptions options;
    options.socket = reader;
    return hostreader::remote_host(options);
  };
}

agent::AgentOptions agent_options(const HubOptions& options) {
  agent::AgentOptions out;
  out.open_host = own_host(options.reader);
  out.version = version();
  out.hub = "this hub";
  out.log = [](const std::string& line) { fmt::print(stderr, "bulwark hub: own machine: {}\n", base::printable(line)); };
  return out;
}

}  // namespace

base::Result<std::unique_ptr<OwnAgent>> OwnAgent::start(providers::hybrid_compute::Hosts& hosts, const HubOptions& options) {
  if (options.own_machine == OwnMachine::no) return nullptr;
  agent::AgentOptions agent = agent_options(options);
  const auto host = agent.open_host();
  if (options.own_machine == OwnMachine::where_docker && options.reader.empty() && !host->get("/_ping")) return nullptr;
  auto folder = TRY(agent::AgentFolder::open(options.data_dir / "agent"));
  const std::string key = TRY(providers::hybrid_compute::enroll_own(hosts, agent::this_machine(*host), store::now_ms()));
  std::unique_ptr<OwnAgent> out(new OwnAgent(hosts));
  auto link = agent::in_process_link([&intake = out->intake_, key](const uplink::Batch& batch) { return intake.take(key, batch, store::now_ms()); });
  out->agent_ = TRY(agent::Agent::start(std::move(folder), std::move(link), std::move(agent)));
  return out;
}

}  // namespace hub
