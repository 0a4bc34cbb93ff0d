// SPDX-License-Identifier: Apache-2.0
#include "benchmark/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace benchmark {

namespace {

constexpr std::size_t kMostResources = 50'000;
constexpr std::size_t kMostAuditRules = 20'000;

const base::Json& nothing() {
  static const base::Json none;
  return none;
}

const base::Json& member_of(const base::Json& parent, std::string_view name) {
  const base::Json* found = base::find(parent, name);
  return found ? *found : nothing();
}

bool has_security_option(const base::Json& info, std::string_view name) {
  for (const base::Json& option : base::get_array(info, "SecurityOptions")) {
    const std::string_view text = base::cut(base::as_string(option), ",").first;
    if (text.starts_with("name=") && text.substr(5) == name) return true;
  }
  return false;
}

bool is_podman(const base::Json& version) {
  for (const base::Json& component : base::get_array(version, "Components"))
    if (base::get_string(component, "Name") == "Podman Engine") return true;
  return false;
}

std::uint32_t parse_mode(std::string_view text) {
  std::uint32_t mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  return error == std::errc() && end == text.data() + text.size() && mode <= 07777 ? mode : 07777;  // unreadable: the worst
}

FileFacts file_facts(std::string_view path, const base::Json& entry) {
  FileFacts file;
  file.path = path;
  file.error = base::get_string(entry, "error");
  if (entry.is_null() || !file.error.empty()) return file;
  const auto uid = base::get_int(entry, "uid"), gid = base::get_int(entry, "gid");
  const std::string_view mode = base::get_string(entry, "mode");
  if (!uid || !gid || mode.empty()) {
    file.error = "the facts name no owner or mode";
    return file;
  }
  file.exists = true;
  file.uid = *uid;
  file.gid = *gid;
  file.mode = parse_mode(mode);
  file.type = base::get_string(entry, "type");
  file.real_path = base::get_string(entry, "realPath");
  file.user = base::get_string(entry, "user");
  file.group = base::get_string(entry, "group");
  return file;
}

std::string named(std::int64_t number, std::string_view name) {
  return name.empty() ? fmt::format("{}", number) : fmt::format("{}({})", number, base::printable(name));
}

}  // namespace

Reading reading_of(const base::Json& parent, std::string_view member) {
  const base::Json& entry = member_of(parent, member);
  Reading reading;
  reading.error = base::get_string(entry, "error");
  if (reading.error.empty()) reading.value = base::find(entry, "value");
  if (!entry.is_null() && reading.absent()) reading.error = "the facts hold neither a value nor an error";
  return reading;
}

Evidence FileFacts::evidence(std::string message) const {
  if (!error.empty()) return {"stat " + path, {}, {}, message.empty() ? error : std::move(message)};
  if (!exists) return {"stat " + path, {}, {}, message.empty() ? "does not exist" : std::move(message)};
  base::JsonObject shown{{"mode", fmt::format("{:04o}", mode)}, {"owner", named(uid, user)}, {"group", named(gid, group)}};
  return {"stat " + path, {}, std::move(shown), std::move(message)};
}

base::Result<std::unique_ptr<const HostFacts>> HostFacts::parse(std::string_view text, std::string_view what) {
  return from_json(TRY(base::parse_json(text, what)));
}

base::Result<std::unique_ptr<HostFacts>> HostFacts::from_json(base::Json document) {
  if (!document.is_object()) return base::fail(base::Kind::invalid_input, "the facts of a host are a JSON object; this is none");
  const auto schema = base::get_int(document, "schemaVersion");
  if (!schema) return base::fail(base::Kind::invalid_input, "no facts of a host: schemaVersion is missing");
  if (*schema != kFactsSchemaVersion)
    return base::fail(base::Kind::unsupported,
                      fmt::format("facts of schema version {}; this program reads version {}", *schema, kFactsSchemaVersion));
  std::unique_ptr<HostFacts> facts(new HostFacts());
  facts->document_ = std::move(document);
  TRY(facts->read());
  return facts;
}

base::Result<void> HostFacts::read() {
  kind_ = EngineKind::none;
  rootless_ = userns_remap_ = false;
  engine_error_.clear();
  options_error_.clear();
  containers_.clear();
  images_.clear();
  files_.clear();
  audit_rules_.clear();
  links_.clear();
  read_engine();
  read_daemon();
  read_files();
  read_audit();
  TRY(read_containers());
  return read_images();
}

base::Result<void> HostFacts::replace(std::string_view member, base::Json value) {
  document_.get_object()[member] = std::move(value);
  return read();
}

base::Result<void> HostFacts::replace_in(std::string_view list, std::string_view id, base::Json entry) {
  base::Json* reading = document_.get_object().if_contains(list);
  base::Json* value = reading && reading->is_object() ? reading->get_object().if_contains("value") : nullptr;
  base::JsonArray* entries = value ? value->if_array() : nullptr;
  if (!entries) return base::fail(base::Kind::not_found, fmt::format("the facts have no {}", list));
  const auto at = std::find_if(entries->begin(), entries->end(),
                               [id](const base::Json& one) { return base::get_string(one, "id") == id; });
  if (entry.is_null()) {
    if (at != entries->end()) entries->erase(at);
  } else if (at == entries->end()) {
    entries->push_back(std::move(entry));
  } else {
    *at = std::move(entry);
  }
  return read();
}

Reading HostFacts::engine(std::string_view answer) const { return reading_of(member_of(document_, "engine"), answer); }
Reading HostFacts::host(std::string_view member) const { return reading_of(document_, member); }
std::string_view HostFacts::host_text(std::string_view member) const {
  return base::get_string(member_of(document_, "host"), member);
}

void HostFacts::read_engine() {
  const Reading version = engine("version"), info = engine("info");
  engine_error_ = version.error.empty() ? info.error : version.error;
  if (version.absent() && info.absent()) return;
  kind_ = !engine_error_.empty() ? EngineKind::unreachable
          : version.value && is_podman(*version.value) ? EngineKind::podman
                                                       : EngineKind::docker;
  if (!info.value) return;
  rootless_ = has_security_option(*info.value, "rootless");
  userns_remap_ = has_security_option(*info.value, "userns");
}

void HostFacts::read_daemon() {
  std::vector<std::string> argv;
  if (const Reading daemon = host("daemon"); daemon.value) {
    for (const base::Json& word : base::get_array(*daemon.value, "argv")) argv.emplace_back(base::as_string(word));
    if (argv.empty()) options_error_ = "the facts hold no arguments of the daemon";
  }
  const Reading config = host("daemonConfig");
  if (!config.error.empty()) options_error_ = config.error;
  const base::Json* content = config.value ? base::find(*config.value, "content") : nullptr;
  if (config.value && !(content && content->is_object())) {
    options_error_ = "daemon.json is no JSON object";
    content = nullptr;
  }
  options_ = DaemonOptions(argv, content);
}

void HostFacts::read_files() {
  for (const auto& [path, entry] : base::get_object(document_, "files"))
    files_.emplace(std::string(path), file_facts(path, entry));
  for (const auto& [from, to] : base::get_object(document_, "links"))
    if (from.size() > 1 && !base::as_string(to).empty()) links_.emplace_back(from, base::as_string(to));
}

void HostFacts::read_audit() {
  const Reading audit = this->audit();
  if (!audit.value) return;
  for (const base::Json& line : base::get_array(*audit.value, "rules")) {
    if (audit_rules_.size() == kMostAuditRules) return;
    if (auto rule = parse_audit_rule(base::as_string(line))) {
      if (!rule->path.empty()) rule->path = canonical(rule->path);
      audit_rules_.push_back(std::move(*rule));
    }
  }
}

base::Result<void> HostFacts::read_containers() {
  container_list_ = reading_of(document_, "containers");
  const base::JsonArray* list = container_list_.value ? container_list_.value->if_array() : nullptr;
  if (!list) return {};
  if (list->size() > kMostResources)
    return base::fail(base::Kind::too_large, fmt::format("facts of {} containers, more than {}", list->size(), kMostResources));
  containers_.reserve(list->size());
  for (const base::Json& entry : *list) {
    ContainerFacts container;
    container.inspect = reading_of(entry, "inspect");
    container.process = reading_of(entry, "process");
    container.commands = reading_of(entry, "commands");
    container.execs = reading_of(entry, "execs");
    container.id = base::get_string(entry, "id");
    std::string_view name = base::get_string(entry, "name");
    if (container.inspect.value) {
      if (container.id.empty()) container.id = base::get_string(*container.inspect.value, "Id");
      if (name.empty()) name = base::get_string(*container.inspect.value, "Name");
      container.running = base::get_bool(member_of(*container.inspect.value, "State"), "Running");
    }
    while (name.starts_with('/')) name.remove_prefix(1);
    container.name = name.empty() ? container.id.substr(0, 12) : std::string(name);
    containers_.push_back(std::move(container));
  }
  return {};
}

base::Result<void> HostFacts::read_images() {
  image_list_ = reading_of(document_, "images");
  const base::JsonArray* list = image_list_.value ? image_list_.value->if_array() : nullptr;
  if (!list) return {};
  if (list->size() > kMostResources)
    return base::fail(base::Kind::too_large, fmt::format("facts of {} images, more than {}", list->size(), kMostResources));
  for (const base::Json& entry : *list) {
    ImageFacts image;
    image.inspect = reading_of(entry, "inspect");
    image.history = reading_of(entry, "history");
    image.id = base::get_string(entry, "id");
    if (image.inspect.value) {
      if (image.id.empty()) image.id = base::get_string(*image.inspect.value, "Id");
      const auto& tags = base::get_array(*image.inspect.value, "RepoTags");
      if (!tags.empty()) image.name = base::as_string(tags.front());
    }
    if (image.name.empty()) image.name = image.id;
    images_.push_back(std::move(image));
  }
  return {};
}

const FileFacts* HostFacts::file(std::string_view path) const {
  const auto at = files_.find(path);
  return at == files_.end() ? nullptr : &at->second;
}

std::vector<const FileFacts*> HostFacts::files_below(std::string_view folder) const {
  std::vector<const FileFacts*> out;
  const std::string prefix = std::string(folder) + "/";
  for (auto at = files_.lower_bound(prefix); at != files_.end() && at->first.starts_with(prefix); ++at)
    if (at->second.exists || !at->second.error.empty()) out.push_back(&at->second);
  return out;
}

std::string HostFacts::canonical(std::string_view path) const {
  for (const auto& [from, to] : links_)
    if (path.starts_with(from) && (path.size() == from.size() || path[from.size()] == '/'))
      return to + std::string(path.substr(from.size()));
  return std::string(path);
}

}  // namespace benchmark
