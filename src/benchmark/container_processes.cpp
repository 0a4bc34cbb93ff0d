// SPDX-License-Identifier: Apache-2.0
#include "benchmark/container_processes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "benchmark/collect.hpp"
#include "benchmark/proc_text.hpp"

namespace benchmark {

namespace {

constexpr std::size_t kProcBytes = 64u << 10;
constexpr std::size_t kMostCommands = 1'000;
constexpr std::size_t kIdLength = 64;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// The container that a control group belongs to: the last run of 64 hex digits ("/docker/ID", "docker-ID.scope").
std::string_view container_of(std::string_view cgroups) {
  std::string_view found;
  for (std::size_t at = 0; at < cgroups.size();) {
    std::size_t end = at;
    while (end < cgroups.size() && is_hex(cgroups[end])) ++end;
    if (end - at == kIdLength) found = cgroups.substr(at, kIdLength);
    at = end + 1;
  }
  return found;
}

std::int64_t number_of(std::string_view text) {
  std::int64_t number = -1;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Arguments may carry secrets: kept are the program and a path behind it.
std::string short_command(std::string_view program, std::string_view argument) {
  std::string out(program.substr(0, 200));
  if (argument.starts_with('/')) out.append(" ").append(argument.substr(0, 200));
  return base::printable(out);
}

std::string command_of(HostReader& host, int pid) {
  const auto line = host.read(fmt::format("/proc/{}/cmdline", pid), kProcBytes);
  if (!line || line->empty()) return {};
  const auto words = base::split(*line, '\0');
  if (words.size() > 1) return short_command(words[0], words[1]);
  return short_command(nth_word(words[0], 0), nth_word(words[0], 1));  // programs that write their title: "sshd: user"
}

base::Json commands_of_engine(HostReader& host, const std::string& id) {
  const auto answer = host.get(fmt::format("/containers/{}/top", id));
  if (!answer) return error_json(answer.error().message);
  const auto json = base::parse_json(answer->body, "top");
  if (answer->status != 200 || !json)
    return error_json(fmt::format("the engine answered {} when asked for processes", answer->status));
  const auto& titles = base::get_array(*json, "Titles");
  const auto column = std::find_if(titles.begin(), titles.end(), [](const base::Json& title) {
    return base::as_string(title) == "CMD" || base::as_string(title) == "COMMAND";
  });
  if (column == titles.end()) return error_json("the engine's list of processes has no commands");
  base::JsonArray out;
  for (const base::Json& row : base::get_array(*json, "Processes")) {
    const auto* cells = row.if_array();
    const auto at = static_cast<std::size_t>(column - titles.begin());
    if (!cells || cells->size() <= at || out.size() == kMostCommands) break;
    const std::string_view line = base::as_string((*cells)[at]);
    out.emplace_back(short_command(nth_word(line, 0), nth_word(line, 1)));
  }
  return value_json(std::move(out));
}

// Where user ids of the process's namespace begin among the host's: /proc/PID/uid_map.
std::int64_t inside_uid(HostReader& host, std::int64_t pid, std::int64_t uid) {
  const auto map = host.read(fmt::format("/proc/{}/uid_map", pid), kProcBytes);
  if (!map) return uid;
  for (const std::string_view line : base::split_lines(*map)) {
    const auto inside = number_of(nth_word(line, 0)), outside = number_of(nth_word(line, 1)),
               count = number_of(nth_word(line, 2));
    if (uid >= outside && uid - outside < count) return inside + (uid - outside);
  }
  return uid;
}

}  // namespace

ContainerProcesses::ContainerProcesses(HostReader& host) {
  const auto names = host.list("/proc");
  if (!names) return;
  for (const std::string& name : *names) {
    if (!base::is_digits(name)) continue;
    const auto cgroups = host.read(fmt::format("/proc/{}/cgroup", name), kProcBytes);
    if (!cgroups) continue;
    if (const std::string_view id = container_of(*cgroups); !id.empty())
      pids_[std::string(id)].push_back(static_cast<int>(number_of(name)));
  }
}

base::Json ContainerProcesses::commands(HostReader& host, const std::string& id) const {
  const auto at = pids_.find(id);
  if (at == pids_.end()) return commands_of_engine(host, id);
  base::JsonArray out;
  for (const int pid : at->second)
    if (std::string command = command_of(host, pid); !command.empty() && out.size() < kMostCommands)
      out.emplace_back(std::move(command));
  return value_json(std::move(out));
}

base::Json first_process(HostReader& host, std::int64_t pid) {
  if (pid <= 0) return error_json("the engine names no process of the container");
  const auto status = host.read(fmt::format("/proc/{}/status", pid), kProcBytes);
  if (!status) return error_json(status.error().message);
  const auto uid = number_of(nth_word(status_member(*status, "Uid"), 1));
  base::JsonObject out{
      {"uid", uid}, {"containerUid", inside_uid(host, pid, uid)}, {"capEff", base::printable(status_member(*status, "CapEff"))}};
  for (const auto& [member, key] : {std::pair{"seccomp", "Seccomp"}, std::pair{"noNewPrivs", "NoNewPrivs"}})
    if (const std::string_view text = status_member(*status, key); !text.empty()) out.emplace(member, number_of(text));
  return value_json(std::move(out));
}

}  // namespace benchmark
