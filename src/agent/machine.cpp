// SPDX-License-Identifier: Apache-2.0
#include "agent/machine.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "agent/host_text.hpp"
#include "base/text.hpp"

namespace agent {

namespace {

constexpr std::size_t kMostAddresses = 64;

std::string line_of(benchmark::HostReader& host, const std::string& path) {
  const std::string text = text_of(host, path, 4'096);
  return base::printable(base::trim(base::cut(text, "\n").first));
}

std::string text_of_address(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* raw = address->sa_family == AF_INET
                        ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr)
                        : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
  return ::inet_ntop(address->sa_family, raw, text.data(), text.size()) ? text.data() : std::string();
}

// By which others reach the machine: not loopback, not link-local, not those of the engine's bridges.
std::vector<std::string> addresses() {
  std::vector<std::string> out;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return out;
  for (const ifaddrs* at = first; at && out.size() < kMostAddresses; at = at->ifa_next) {
    const std::string_view name = at->ifa_name;
    if (!at->ifa_addr || (at->ifa_flags & IFF_LOOPBACK) != 0 || (at->ifa_flags & IFF_UP) == 0) continue;
    if (name.starts_with("docker") || name.starts_with("br-") || name.starts_with("veth")) continue;
    if (at->ifa_addr->sa_family != AF_INET && at->ifa_addr->sa_family != AF_INET6) continue;
    if (std::string text = text_of_address(at->ifa_addr); !text.empty() && !text.starts_with("fe80:")) out.push_back(std::move(text));
  }
  ::freeifaddrs(first);
  std::sort(out.begin(), out.end());
  return out;
}

std::string_view unquoted(std::string_view value) {
  value = base::trim(value);
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  return value;
}

uplink::EngineKind kind_of_engine(benchmark::EngineKind kind) {
  switch (kind) {
    case benchmark::EngineKind::none: return uplink::EngineKind::none;
    case benchmark::EngineKind::docker: return uplink::EngineKind::docker;
    case benchmark::EngineKind::podman: return uplink::EngineKind::podman;
    case benchmark::EngineKind::unreachable: return uplink::EngineKind::unreachable;
  }
  return uplink::EngineKind::none;
}

std::string text_in(const benchmark::Reading& reading, std::string_view key) {
  return reading.value ? base::printable(base::get_string(*reading.value, key).substr(0, 256)) : std::string();
}

}  // namespace

void read_os_release(std::string_view text, uplink::Machine& machine) {
  for (const std::string_view line : base::split_lines(text)) {
    const auto [key, value] = base::cut(line, "=");
    const std::string word = base::printable(unquoted(value).substr(0, 256));
    if (key == "ID") machine.os_id = word;
    if (key == "VERSION_ID") machine.os_version = word;
    if (key == "PRETTY_NAME") machine.os = word;
  }
}

uplink::Machine this_machine(benchmark::HostReader& host) {
  uplink::Machine out;
  out.name = line_of(host, "/proc/sys/kernel/hostname");
  out.kernel = line_of(host, "/proc/sys/kernel/osrelease");
  const std::string id = line_of(host, "/etc/machine-id");
  const bool hex = id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (hex) out.machine_id = id;
  utsname names{};
  if (::uname(&names) == 0) {
    out.architecture = names.machine;
    if (out.name.empty()) out.name = names.nodename;
    if (out.kernel.empty()) out.kernel = names.release;
  }
  std::string release = text_of(host, "/etc/os-release");
  if (release.empty()) release = text_of(host, "/usr/lib/os-release");
  read_os_release(release, out);
  out.addresses = addresses();
  out.cpus = ::sysconf(_SC_NPROCESSORS_ONLN);
  out.memory_bytes = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
  return out;
}

uplink::Machine machine_with_engine(uplink::Machine machine, const benchmark::HostFacts& facts, const uplink::Management& management) {
  const benchmark::Reading version = facts.engine("version"), info = facts.engine("info");
  machine.engine = kind_of_engine(facts.engine_kind());
  machine.engine_error = base::printable(facts.engine_error());
  machine.engine_version = text_in(version, "Version");
  machine.api_version = text_in(version, "ApiVersion");
  machine.storage_driver = text_in(info, "Driver");
  machine.rootless = facts.rootless();
  machine.userns_remap = facts.userns_remap();
  const base::Json* swarm = info.value ? base::find(*info.value, "Swarm") : nullptr;
  machine.swarm = swarm && base::get_string(*swarm, "LocalNodeState") == "active";
  machine.containerd_alone = machine.engine == uplink::EngineKind::none && facts.host("containerd").value != nullptr;
  machine.management = management;
  return machine;
}

}  // namespace agent
