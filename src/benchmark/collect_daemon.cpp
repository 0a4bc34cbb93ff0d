// SPDX-License-Identifier: Apache-2.0
// The daemon's process, its arguments, its listening sockets and its daemon.json.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.hpp"
#include "benchmark/collect.hpp"
#include "benchmark/daemon_options.hpp"
#include "benchmark/masking.hpp"
#include "benchmark/proc_text.hpp"
#include "benchmark/shapes.hpp"

namespace benchmark {

namespace {

constexpr std::size_t kSmallFile = 1u << 20;
constexpr std::size_t kMostDescriptors = 65'536;

bool is_dockerd(HostReader& host, int pid) {
  const auto name = host.read(fmt::format("/proc/{}/comm", pid), 64);
  return name && base::trim(*name) == "dockerd";
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

// The process that owns the engine's socket; where systemd holds it, or none is there, the first dockerd of the host.
std::optional<int> find_daemon(HostReader& host) {
  if (const auto pid = host.engine_process(); pid && is_dockerd(host, *pid)) return pid;
  for (const char* file : {"/var/run/docker.pid", "/run/docker.pid"})
    if (const auto text = host.read(file, 64))
      if (const auto pid = number(base::trim(*text)); pid && is_dockerd(host, *pid)) return pid;
  const auto names = host.list("/proc");
  if (!names) return std::nullopt;
  for (const std::string& name : *names)
    if (const auto pid = number(name); pid && is_dockerd(host, *pid)) return pid;
  return std::nullopt;
}

// "0100007F:0947" of /proc/net/tcp: addresses in the host's byte order, word by word.
base::Json address_json(std::string_view hex) {
  if (hex.size() == 8) {
    unsigned bytes = 0;
    (void)std::from_chars(hex.data(), hex.data() + 8, bytes, 16);
    return base::Json(fmt::format("{}.{}.{}.{}", bytes & 255, bytes >> 8 & 255, bytes >> 16 & 255, bytes >> 24));
  }
  if (hex.find_first_not_of('0') == std::string_view::npos) return "::";
  if (hex == "00000000000000000000000001000000") return "::1";
  return base::Json(hex);
}

std::set<std::string> socket_inodes(HostReader& host, int pid) {
  std::set<std::string> inodes;
  const std::string folder = fmt::format("/proc/{}/fd", pid);
  const auto names = host.list(folder);
  if (!names) return inodes;
  for (const std::string& name : *names) {
    if (inodes.size() == kMostDescriptors) break;
    const auto target = host.read_link(folder + "/" + name);
    if (target && target->starts_with("socket:[")) inodes.insert(target->substr(8, target->size() - 9));
  }
  return inodes;
}

// TCP sockets on which the daemon listens, in its own network namespace.
base::Json listeners_of(HostReader& host, int pid) {
  const auto inodes = socket_inodes(host, pid);
  base::JsonArray out;
  for (const char* table : {"tcp", "tcp6"}) {
    const auto text = host.read(fmt::format("/proc/{}/net/{}", pid, table), 16u << 20);
    if (!text) continue;
    for (const std::string_view line : base::split_lines(*text)) {
      constexpr std::string_view kListening = "0A";
      if (nth_word(line, 3) != kListening || !inodes.contains(std::string(nth_word(line, 9)))) continue;
      const auto [address, port_text] = base::cut(nth_word(line, 1), ":");
      int port = 0;
      (void)std::from_chars(port_text.data(), port_text.data() + port_text.size(), port, 16);
      out.emplace_back(base::JsonObject{{"address", address_json(address)}, {"port", port}});
    }
  }
  return out;
}

std::vector<std::string> arguments_of(const base::Json& daemon) {
  std::vector<std::string> argv;
  if (const base::Json* value = base::find(daemon, "value"))
    for (const base::Json& word : base::get_array(*value, "argv")) argv.emplace_back(base::as_string(word));
  return argv;
}

// Where a rootless daemon looks: the folder of its user.
std::string config_of_user(HostReader& host, const base::Json& daemon) {
  const base::Json* value = base::find(daemon, "value");
  const auto uid = value ? base::get_int(*value, "uid") : std::nullopt;
  if (!uid || *uid == 0) return "/etc/docker/daemon.json";
  const auto accounts = host.read("/etc/passwd", kSmallFile);
  if (accounts)
    for (const std::string_view line : base::split_lines(*accounts))
      if (const auto parts = base::split(line, ':'); parts.size() >= 6 && parts[2] == std::to_string(*uid))
        return std::string(parts[5]) + "/.config/docker/daemon.json";
  return "/etc/docker/daemon.json";
}

base::JsonArray json_of(const std::vector<std::string>& words) { return base::JsonArray(words.begin(), words.end()); }

}  // namespace

base::Json collect_daemon(HostReader& host) {
  const auto pid = find_daemon(host);
  if (!pid) return host.engine_socket().empty() ? base::Json() : error_json("no dockerd was found among the host's processes");
  const auto command_line = host.read(fmt::format("/proc/{}/cmdline", *pid), kSmallFile);
  if (!command_line) return error_json(command_line.error().message);
  const auto status = host.read(fmt::format("/proc/{}/status", *pid), kSmallFile);
  base::JsonObject daemon{{"pid", *pid}, {"argv", json_of(kept_arguments(*command_line))}};
  if (const auto exe = host.read_link(fmt::format("/proc/{}/exe", *pid))) daemon.emplace("exe", base::printable(*exe));
  if (status) {
    for (const auto& [member, key] : {std::pair{"uid", "Uid"}, std::pair{"gid", "Gid"}})
      if (const auto id = nth_word(status_member(*status, key), 0); base::is_digits(id))
        daemon.emplace(member, id == "0" ? 0 : number(id).value_or(-1));
  }
  daemon.emplace("listeners", listeners_of(host, *pid));
  return value_json(std::move(daemon));
}

std::string daemon_config_path(HostReader& host, const base::Json& daemon) {
  const DaemonOptions options(arguments_of(daemon), nullptr);
  auto told = options.value("config-file");
  return told ? std::move(*told) : config_of_user(host, daemon);
}

base::Json collect_daemon_config(HostReader& host, const base::Json& daemon) {
  const std::string path = daemon_config_path(host, daemon);
  const auto text = host.read(path, kSmallFile);
  if (!text && text.error().kind == base::Kind::not_found) return nullptr;
  if (!text) return error_json(text.error().message);
  const auto json = base::parse_json(*text, path);
  if (!json) return error_json(json.error().message);
  if (!json->is_object()) return error_json(path + " is no JSON object");
  return value_json(base::JsonObject{{"path", path}, {"content", keep_only(*json, kDaemonConfigShape)}});
}

}  // namespace benchmark
