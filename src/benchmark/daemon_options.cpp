// SPDX-License-Identifier: Apache-2.0
// Names of flags and keys: docs.docker.com/reference/cli/dockerd.
#include "benchmark/daemon_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace benchmark {

namespace {

// Flags that take their value with '=' alone.
constexpr std::array<std::string_view, 23> kSwitches{
    "allow-direct-routing", "bridge-accept-fwmark", "debug", "experimental", "help", "icc", "init", "ip-forward",
    "ip-forward-no-drop", "ip-masq", "ip6tables", "iptables", "ipv6", "live-restore", "no-new-privileges", "raw-logs",
    "rootless", "selinux-enabled", "tls", "tlsverify", "userland-proxy", "validate", "version"};

struct Renamed {
  std::string_view flag, key;
};

constexpr std::array<Renamed, 17> kRenamed{{{"D", "debug"},
                                            {"H", "hosts"},
                                            {"host", "hosts"},
                                            {"G", "group"},
                                            {"l", "log-level"},
                                            {"p", "pidfile"},
                                            {"s", "storage-driver"},
                                            {"b", "bridge"},
                                            {"v", "version"},
                                            {"g", "data-root"},
                                            {"graph", "data-root"},
                                            {"insecure-registry", "insecure-registries"},
                                            {"registry-mirror", "registry-mirrors"},
                                            {"default-ulimit", "default-ulimits"},
                                            {"authorization-plugin", "authorization-plugins"},
                                            {"storage-opt", "storage-opts"},
                                            {"label", "labels"}}};

std::string_view key_of(std::string_view flag) {
  const auto at = std::find_if(kRenamed.begin(), kRenamed.end(), [flag](const Renamed& entry) { return entry.flag == flag; });
  return at == kRenamed.end() ? flag : at->key;
}

bool is_switch(std::string_view key) { return std::find(kSwitches.begin(), kSwitches.end(), key) != kSwitches.end(); }

// Go's ways to write true and false (strconv.ParseBool).
std::string switch_text(std::string text) {
  for (const std::string_view yes : {"1", "t", "T", "TRUE", "True"})
    if (text == yes) return "true";
  for (const std::string_view no : {"0", "f", "F", "FALSE", "False"})
    if (text == no) return "false";
  return text;
}

std::string text_of(const base::Json& value) {
  return value.is_string() ? std::string(value.get_string()) : base::to_text(value);
}

}  // namespace

DaemonOptions::DaemonOptions(const std::vector<std::string>& argv, const base::Json* config) : config_(config) {
  for (std::size_t at = 1; at < argv.size(); ++at) {
    std::string_view word = argv[at];
    const bool is_long = word.starts_with("--");
    if (word.size() < 2 || word[0] != '-' || word == "--") continue;
    word.remove_prefix(is_long ? 2 : 1);
    const auto equal = word.find('=');
    std::string_view name = word.substr(0, equal);
    std::optional<std::string> value;
    if (equal != std::string_view::npos) value = std::string(word.substr(equal + 1));
    if (!is_long && name.size() > 1 && !value) {  // -Hunix:///run/docker.sock
      value = std::string(name.substr(1));
      name = name.substr(0, 1);
    }
    const std::string_view key = key_of(name);
    if (!value && !is_switch(key) && at + 1 < argv.size()) value = argv[++at];
    flags_[std::string(key)].push_back(is_switch(key) ? switch_text(value.value_or("true")) : value.value_or("true"));
  }
}

std::vector<std::string> DaemonOptions::values(std::string_view name) const {
  if (const auto at = flags_.find(name); at != flags_.end()) return at->second;
  const base::Json* entry = config_ ? base::find(*config_, name) : nullptr;
  if (!entry || entry->is_null()) return {};
  std::vector<std::string> out;
  if (const auto* items = entry->if_array())
    std::transform(items->begin(), items->end(), std::back_inserter(out), text_of);
  else
    out.push_back(text_of(*entry));
  return out;
}

std::optional<std::string> DaemonOptions::value(std::string_view name) const {
  const auto all = values(name);
  if (all.empty()) return std::nullopt;
  return all.back();
}

Evidence DaemonOptions::evidence(std::string_view name, std::string message) const {
  if (const auto at = flags_.find(name); at != flags_.end()) {
    base::JsonArray shown(at->second.begin(), at->second.end());
    return {"dockerd arguments", std::string(name), shortened(shown), std::move(message)};
  }
  const base::Json* entry = config_ ? base::find(*config_, name) : nullptr;
  if (entry) return {"daemon.json", fmt::format("$.{}", name), shortened(*entry), std::move(message)};
  return {"dockerd arguments and daemon.json", std::string(name), base::Json(), message.empty() ? "not set" : std::move(message)};
}

}  // namespace benchmark
