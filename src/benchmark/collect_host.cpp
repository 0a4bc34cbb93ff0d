// SPDX-License-Identifier: Apache-2.0
// The host itself: kernel, mounts, groups, audit rules, the owners and modes of files.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/text.hpp"
#include "base/toml.hpp"
#include "benchmark/audit_rules.hpp"
#include "benchmark/collect.hpp"
#include "benchmark/facts.hpp"
#include "benchmark/places.hpp"
#include "benchmark/proc_text.hpp"

namespace benchmark {

namespace {

constexpr std::size_t kConfigBytes = 4u << 20;
constexpr std::size_t kMountsBytes = 64u << 20;
constexpr std::size_t kMostFilesBelow = 2'000;

std::string first_line(HostReader& host, const std::string& path) {
  const auto text = host.read(path, 4'096);
  return text ? base::printable(base::trim(base::cut(*text, "\n").first)) : std::string();
}

std::string os_name(HostReader& host) {
  const auto text = host.read("/etc/os-release", kConfigBytes);
  if (!text) return {};
  for (const std::string_view line : base::split_lines(*text)) {
    auto [key, value] = base::cut(line, "=");
    if (key != "PRETTY_NAME") continue;
    while (value.starts_with('"')) value.remove_prefix(1);
    while (value.ends_with('"')) value.remove_suffix(1);
    return base::printable(value);
  }
  return {};
}

std::string selinux_mode(HostReader& host) {
  const std::string enforce = first_line(host, "/sys/fs/selinux/enforce");
  return enforce == "1" ? "enforcing" : enforce == "0" ? "permissive" : "absent";
}

// "\040" of mountinfo stands for a blank (proc(5)).
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned code = 0;
    if (text[at] == '\\' && at + 3 < text.size() &&
        std::from_chars(text.data() + at + 1, text.data() + at + 4, code, 8).ptr == text.data() + at + 4 && code < 256) {
      out += static_cast<char>(code);
      at += 3;
    } else {
      out += text[at];
    }
  }
  return out;
}

// Where other file systems are mounted. A folder that is bound over itself, as dockerd does with its data, lies on the
// file system that it lay on before.
base::JsonArray mount_points(std::string_view mountinfo) {
  std::map<std::string_view, std::string_view> device_of;  // by the id of the mount
  for (const std::string_view line : base::split_lines(mountinfo)) device_of[nth_word(line, 0)] = nth_word(line, 2);
  base::JsonArray points;
  for (const std::string_view line : base::split_lines(mountinfo)) {
    const auto parent = device_of.find(nth_word(line, 1));
    const bool is_bound = parent != device_of.end() && parent->second == nth_word(line, 2) && nth_word(line, 3) != "/";
    if (!is_bound && !nth_word(line, 4).empty()) points.emplace_back(base::printable(unescaped(nth_word(line, 4))));
  }
  return points;
}

// Rules of files, which may not have been loaded: the fallback where the kernel cannot be asked.
base::Json rules_of_files(HostReader& host, const std::string& why) {
  std::vector<std::string> files{"/etc/audit/audit.rules"};
  if (auto names = host.list("/etc/audit/rules.d")) {
    std::sort(names->begin(), names->end());
    for (const std::string& name : *names)
      if (name.ends_with(".rules")) files.push_back("/etc/audit/rules.d/" + name);
  }
  base::JsonArray rules;
  bool read_any = false;
  for (const std::string& file : files) {
    const auto text = host.read(file, kConfigBytes);
    if (!text && text.error().kind == base::Kind::denied) return error_json(fmt::format("{}; {}", why, text.error().message));
    if (!text) continue;
    read_any = true;
    for (const std::string_view line : base::split_lines(*text))
      if (parse_audit_rule(line)) rules.emplace_back(base::trim(line));
    if (file == "/etc/audit/audit.rules" && !rules.empty()) break;  // made from the others
  }
  if (!read_any) return error_json(why);
  return value_json(base::JsonObject{{"source", "files, as the kernel could not be asked"}, {"rules", std::move(rules)}});
}

struct Group {
  std::int64_t gid = -1;
  std::set<std::string, std::less<>> members;
};

std::optional<Group> find_group(std::string_view groups, std::string_view name) {
  for (const std::string_view line : base::split_lines(groups)) {
    const auto parts = base::split(line, ':');
    if (parts.size() < 4 || parts[0] != name || !base::is_digits(parts[2])) continue;
    Group group;
    (void)std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), group.gid);
    for (const std::string_view member : base::split(parts[3], ','))
      if (!member.empty()) group.members.emplace(base::printable(member));
    return group;
  }
  return std::nullopt;
}

base::Json file_json(HostReader& host, const std::string& path) {
  const auto status = host.stat(path);
  if (!status && status.error().kind == base::Kind::not_found) return nullptr;
  if (!status) return error_json(status.error().message);
  base::JsonObject out{
      {"type", status->type}, {"uid", status->uid}, {"gid", status->gid}, {"mode", fmt::format("{:04o}", status->mode)}};
  if (status->real_path != path && !status->real_path.empty()) out.emplace("realPath", status->real_path);
  return out;
}

// Files of a folder and of those in it.
void add_below(HostReader& host, const std::string& folder, int depth, base::JsonObject& files) {
  const auto names = host.list(folder);
  if (!names) {
    if (names.error().kind != base::Kind::not_found) files[folder] = error_json(names.error().message);
    return;
  }
  for (const std::string& name : *names) {
    if (files.size() >= kMostFilesBelow) {
      files[folder] = error_json(fmt::format("more than {} files", kMostFilesBelow));
      return;
    }
    const std::string path = folder + "/" + name;
    base::Json entry = file_json(host, path);
    const bool is_folder = base::get_string(entry, "type") == "dir";
    files[path] = std::move(entry);
    if (is_folder && depth > 0) add_below(host, path, depth - 1, files);
  }
}

}  // namespace

base::Json collect_host(HostReader& host) {
  return base::JsonObject{{"name", first_line(host, "/proc/sys/kernel/hostname")},
                          {"os", os_name(host)},
                          {"kernel", first_line(host, "/proc/sys/kernel/osrelease")},
                          {"seLinux", selinux_mode(host)}};
}

base::Json collect_audit(HostReader& host) {
  auto rules = host.audit_rules();
  if (!rules) return rules_of_files(host, rules.error().message);
  base::JsonArray list;
  for (const std::string& rule : *rules) list.emplace_back(base::printable(rule));
  return value_json(base::JsonObject{{"source", "kernel"}, {"rules", std::move(list)}});
}

base::Json collect_mounts(HostReader& host, const base::Json& daemon) {
  const base::Json* value = base::find(daemon, "value");
  const auto pid = value ? base::get_int(*value, "pid") : std::nullopt;
  auto text = host.read(pid ? fmt::format("/proc/{}/mountinfo", *pid) : "/proc/self/mountinfo", kMountsBytes);
  if (!text && pid) text = host.read("/proc/self/mountinfo", kMountsBytes);
  if (!text) return error_json(text.error().message);
  return value_json(mount_points(*text));
}

base::Json collect_groups(HostReader& host) {
  const auto groups = host.read("/etc/group", kConfigBytes);
  if (!groups) return error_json(groups.error().message);
  auto docker = find_group(*groups, "docker");
  if (!docker) return value_json(base::JsonObject{{"docker", nullptr}});
  if (const auto accounts = host.read("/etc/passwd", kConfigBytes))
    for (const std::string_view line : base::split_lines(*accounts))
      if (const auto parts = base::split(line, ':'); parts.size() > 3 && parts[3] == std::to_string(docker->gid))
        docker->members.emplace(base::printable(parts[0]));
  base::JsonArray members(docker->members.begin(), docker->members.end());
  return value_json(base::JsonObject{{"docker", base::JsonObject{{"gid", docker->gid}, {"members", std::move(members)}}}});
}

base::Json collect_environment(HostReader& host) {
  const auto text = host.read("/etc/environment", kConfigBytes);
  if (!text && text.error().kind != base::Kind::not_found) return error_json(text.error().message);
  base::JsonObject out;
  if (text) {
    for (std::string_view line : base::split_lines(*text)) {
      line = base::trim(line);
      if (line.starts_with("export ")) line = base::trim(line.substr(7));
      auto [name, value] = base::cut(line, "=");
      if (name != "DOCKER_CONTENT_TRUST") continue;
      while (value.starts_with('"')) value.remove_prefix(1);
      while (value.ends_with('"')) value.remove_suffix(1);
      out[name] = base::printable(value.substr(0, 20));
    }
  }
  return value_json(std::move(out));
}

std::string containerd_address(std::string_view config_toml) {
  const auto config = base::parse_toml(config_toml, "config.toml");
  const base::Json* grpc = config ? base::find(*config, "grpc") : nullptr;
  return grpc ? std::string(base::get_string(*grpc, "address")) : std::string();
}

base::Json collect_containerd(HostReader& host) {
  const auto text = host.read("/etc/containerd/config.toml", kConfigBytes);
  std::string address = text ? containerd_address(*text) : std::string();
  if (address.empty()) address = "/run/containerd/containerd.sock";
  if (!host.stat(address)) return nullptr;
  return value_json(base::JsonObject{{"address", base::printable(address)}});
}

base::JsonObject collect_links(HostReader& host) {
  base::JsonObject links;
  for (const std::string path : {"/bin", "/sbin", "/lib", "/lib64", "/var/run", "/var/lock"})
    if (const auto status = host.stat(path); status && !status->real_path.empty() && status->real_path != path)
      links[path] = status->real_path;
  return links;
}

base::JsonObject collect_files(HostReader& host, const base::Json& document) {
  base::JsonObject files;
  const auto facts = HostFacts::from_json(document);
  if (!facts) return files;
  for (const std::string_view name : place_names()) {
    const Place place = place_of(name, **facts);
    for (const std::string& path : place.paths) {
      if (!files.contains(path)) files[path] = file_json(host, path);
      if (place.below) add_below(host, path, 2, files);
    }
  }
  return files;
}

}  // namespace benchmark
