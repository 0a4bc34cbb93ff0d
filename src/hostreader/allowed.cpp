// SPDX-License-Identifier: Apache-2.0
#include "hostreader/allowed.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/text.hpp"
#include "benchmark/shapes.hpp"
#include "hostreader/kept.hpp"

namespace hostreader {

namespace {

using benchmark::keep_only;
using base::Json;

constexpr EnginePath kEnginePaths[] = {
    {"/_ping", "", false, nullptr},
    {"/version", "", false, nullptr},
    {"/info", "", false, kept_info},
    {"/containers/json", "all:flag limit:number size:flag filters:filters", false, kept_container_list},
    {"/containers/{id}/json", "", false, kept_container},
    {"/containers/{id}/top", "", false, kept_top},
    {"/images/json", "all:flag digests:flag filters:filters", false, nullptr},
    {"/images/{id}/json", "", false, kept_image},
    {"/images/{id}/history", "", false, kept_history},
    {"/networks", "", false, [](const Json& answer) { return keep_only(answer, benchmark::kNetworkShape); }},
    {"/volumes", "", false, kept_volumes},
    {"/swarm", "", false, [](const Json& answer) { return keep_only(answer, benchmark::kSwarmShape); }},
    {"/nodes", "", false, [](const Json& answer) { return keep_only(answer, benchmark::kNodeShape); }},
    {"/services", "", false, [](const Json& answer) { return keep_only(answer, benchmark::kServiceShape); }},
    {"/secrets", "", false, [](const Json& answer) { return keep_only(answer, benchmark::kSecretShape); }},
    {"/exec/{id}/json", "", false, [](const Json& answer) { return keep_only(answer, benchmark::kExecShape); }},
    {"/events", "since:number until:number filters:filters", true, nullptr},
    {"/images/{id}/get", "", true, nullptr},
};

constexpr std::size_t kSmall = 64u << 10, kConfig = 4u << 20, kTable = 16u << 20, kMounts = 64u << 20;

constexpr FileRule kReadable[] = {
    {"/proc/{n}/comm", kSmall, Cut::whole, ""},
    {"/proc/{n}/cmdline", 1u << 20, Cut::command_line, ""},
    {"/proc/{n}/status", 1u << 20, Cut::whole, ""},
    {"/proc/{n}/cgroup", kSmall, Cut::whole, ""},
    {"/proc/{n}/uid_map", kSmall, Cut::whole, ""},
    {"/proc/{n}/mountinfo", kMounts, Cut::whole, ""},
    {"/proc/{n}/net/tcp", kTable, Cut::whole, ""},
    {"/proc/{n}/net/tcp6", kTable, Cut::whole, ""},
    {"/proc/self/mountinfo", kMounts, Cut::whole, "/proc/1/mountinfo"},  // the unit has mounts of its own
    {"/proc/sys/kernel/hostname", kSmall, Cut::whole, ""},
    {"/proc/sys/kernel/osrelease", kSmall, Cut::whole, ""},
    {"/sys/fs/selinux/enforce", kSmall, Cut::whole, ""},
    {"/run/docker.pid", kSmall, Cut::whole, ""},
    {"/var/run/docker.pid", kSmall, Cut::whole, ""},
    {"/etc/os-release", kConfig, Cut::whole, ""},
    {"/usr/lib/os-release", kConfig, Cut::whole, ""},  // where /etc/os-release leads
    {"/etc/passwd", kConfig, Cut::whole, ""},
    {"/etc/group", kConfig, Cut::whole, ""},
    {"/etc/environment", kConfig, Cut::environment, ""},
    {"/etc/containerd/config.toml", kConfig, Cut::containerd, ""},
    {"/etc/audit/audit.rules", kConfig, Cut::whole, ""},
    {"/etc/audit/rules.d/{rules}", kConfig, Cut::whole, ""},
};

constexpr std::string_view kLinks[] = {"/proc/{n}/exe", "/proc/{n}/fd/{n}"};
constexpr std::string_view kFolders[] = {"/proc", "/proc/{n}/fd", "/etc/audit/rules.d"};
constexpr std::string_view kVisible[] = {
    "/bin", "/sbin", "/lib", "/lib64", "/var/run", "/var/lock",  // links that checks see through
    // What shows that somebody manages the host: kubelet, AKS, Databricks.
    "/etc/kubernetes/azure.json", "/etc/kubernetes/kubelet.conf", "/etc/kubernetes/admin.conf", "/etc/kubernetes/manifests",
    "/var/lib/kubelet/config.yaml", "/databricks/spark", "/etc/databricks"};

bool is_letter(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Of containers, images ("sha256:…") and execs: nothing that could be read as another path.
bool is_engine_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || c == ':' || c == '_' || c == '-' || c == '.';
  });
}

bool fits(std::string_view pattern, std::string_view name) {
  if (pattern == "{id}") return is_engine_id(name);
  if (pattern == "{n}") return base::is_digits(name) && name.size() <= 10;
  if (pattern == "{rules}") return name.ends_with(".rules") && name.find('\0') == std::string_view::npos;
  return pattern == name;
}

bool matches(std::string_view pattern, std::string_view path) {
  const auto wanted = base::split(pattern, '/'), given = base::split(path, '/');
  return std::equal(wanted.begin(), wanted.end(), given.begin(), given.end(), fits);
}

std::optional<std::string> unescaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    const std::string pair = base::to_lower(text.substr(at + 1, 2));
    const auto high = pair.size() == 2 ? kDigits.find(pair[0]) : std::string::npos;
    const auto low = pair.size() == 2 ? kDigits.find(pair[1]) : std::string::npos;
    if (high == std::string::npos || low == std::string::npos) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    at += 2;
  }
  return out;
}

// {"type": ["container"], "event": ["start", "die"]}
bool is_filters(std::string_view value) {
  const auto text = unescaped(value);
  const auto json = text ? base::parse_json(*text, "filters") : base::fail(base::Kind::invalid_input, "");
  if (!json || !json->is_object()) return false;
  return std::all_of(json->get_object().begin(), json->get_object().end(), [](const auto& member) {
    const auto* items = member.value().if_array();
    return items && std::all_of(items->begin(), items->end(), [](const Json& item) { return item.is_string(); });
  });
}

// Seconds, with a fraction or not.
bool is_number(std::string_view value) {
  const auto [whole, fraction] = base::cut(value, ".");
  return value.size() <= 32 && base::is_digits(whole) && (whole.size() == value.size() || base::is_digits(fraction));
}

bool is_of_kind(std::string_view kind, std::string_view value) {
  if (kind == "flag") return value == "0" || value == "1" || value == "true" || value == "false";
  return kind == "number" ? is_number(value) : is_filters(value);
}

// Every byte stands for itself in a URL, but of "%…" in the value of filters.
bool is_query(std::string_view parameters, std::string_view query) {
  constexpr std::string_view kMarks = "=&%._:-,~";
  if (!std::all_of(query.begin(), query.end(), [kMarks](char c) { return is_letter(c) || kMarks.find(c) != std::string_view::npos; }))
    return false;
  std::vector<std::string_view> seen;
  for (const std::string_view pair : base::split(query, '&')) {
    const auto [name, value] = base::cut(pair, "=");
    bool allowed = false;
    for (const std::string_view parameter : base::split(parameters, ' ')) {
      const auto [known, kind] = base::cut(parameter, ":");
      allowed = allowed || (!known.empty() && known == name && is_of_kind(kind, value));
    }
    if (!allowed || std::find(seen.begin(), seen.end(), name) != seen.end()) return false;
    seen.push_back(name);
  }
  return true;
}

// "/v1.41/info" → "/info"
std::string_view without_version(std::string_view path) {
  if (!path.starts_with("/v1.")) return path;
  const auto slash = path.find('/', 4);
  return slash != std::string_view::npos && slash <= 7 && base::is_digits(path.substr(4, slash - 4)) ? path.substr(slash) : path;
}

template <std::size_t size>
bool any_matches(const std::string_view (&patterns)[size], std::string_view path) {
  return std::any_of(std::begin(patterns), std::end(patterns), [path](std::string_view pattern) { return matches(pattern, path); });
}

}  // namespace

const EnginePath* find_engine_path(std::string_view target, bool stream) {
  const bool has_query = target.find('?') != std::string_view::npos;
  const auto [path, query] = base::cut(target, "?");
  const std::string_view resource = without_version(path);
  for (const EnginePath& row : kEnginePaths)
    if (row.stream == stream && matches(row.pattern, resource) && (!has_query || is_query(row.query, query))) return &row;
  return nullptr;
}

const FileRule* find_readable(std::string_view path) {
  const auto row = std::find_if(std::begin(kReadable), std::end(kReadable),
                                [path](const FileRule& rule) { return matches(rule.pattern, path); });
  return row == std::end(kReadable) ? nullptr : row;
}

bool is_readable_link(std::string_view path) { return any_matches(kLinks, path); }
bool is_listable(std::string_view path) { return any_matches(kFolders, path); }
bool is_visible(std::string_view path) { return any_matches(kVisible, path); }

bool is_plain_path(std::string_view path) {
  if (path.empty() || path.front() != '/' || path.size() > 4096 || path.find('\0') != std::string_view::npos) return false;
  const auto names = base::split(path.substr(1), '/');
  return std::none_of(names.begin(), names.end(),
                      [](std::string_view name) { return name.empty() || name == "." || name == ".."; });
}

}  // namespace hostreader
