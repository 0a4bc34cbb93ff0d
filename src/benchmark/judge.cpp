// SPDX-License-Identifier: Apache-2.0
#include "benchmark/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "benchmark/places.hpp"

namespace benchmark {

namespace {

std::string_view without_engine(const HostFacts& facts) {
  if (const Reading containerd = facts.host("containerd"); containerd.value)
    return "containerd runs here without a Docker engine: these controls are about Docker";
  return "no container engine on this host: no socket answers and no dockerd runs";
}

// Answers that a check cannot do without. Swarm's are asked of managers alone, so those checks look themselves.
struct Needed {
  std::uint32_t bit;
  std::string_view member, shown;
  bool of_engine;
};

constexpr Needed kNeeded[] = {
    {kReadsVersion, "version", "GET /version", true},
    {kReadsInfo, "info", "GET /info", true},
    {kReadsNetworks, "networks", "GET /networks", true},
    {kReadsDaemon, "daemon", "the daemon's process", false},
    {kReadsAudit, "auditRules", "audit rules", false},
    {kReadsMounts, "mounts", "mount points", false},
    {kReadsGroups, "groups", "/etc/group", false},
    {kReadsEnvironment, "environment", "the environment of all users", false},
    {kReadsContainers, "containers", "GET /containers/json", false},
    {kReadsImages, "images", "GET /images/json", false},
};

Verdict unread(const Reading& reading, std::string_view shown) {
  return verdict(Status::error, fmt::format("{}: {}", shown, reading.absent() ? "was not read" : reading.error));
}

// What could not be read of what the check needs; nothing where all is there.
std::optional<Verdict> missing_facts(const Check& check, const HostFacts& facts) {
  for (const Needed& needed : kNeeded) {
    if ((check.reads & needed.bit) == 0) continue;
    const Reading reading = needed.of_engine ? facts.engine(needed.member) : facts.host(needed.member);
    if (!reading.value) return unread(reading, needed.shown);
  }
  const bool finds_files_by_them = (check.reads & kReadsFiles) != 0;  // and looks itself whether it can
  if ((check.reads & kReadsOptions) == 0 || check.scope != Scope::host || finds_files_by_them) return std::nullopt;
  if (const Reading daemon = facts.host("daemon"); !daemon.value) return unread(daemon, "the daemon's arguments");
  if (!facts.options_error().empty()) return verdict(Status::error, std::string(facts.options_error()));
  return std::nullopt;
}

// What can be said before the check is asked.
std::optional<Verdict> settled(const Check& check, const HostFacts& facts) {
  if (facts.engine_kind() == EngineKind::none) return verdict(Status::not_applicable, std::string(without_engine(facts)));
  const bool of_daemon = check.scope == Scope::host || check.scope == Scope::network;
  if (facts.engine_kind() == EngineKind::podman && of_daemon && !check.for_podman)
    return verdict(Status::not_applicable,
                   "podman answers here in place of Docker: it has no daemon, no daemon.json and no Swarm");
  return missing_facts(check, facts);
}

ResourceVerdict of_host(const HostFacts& facts, Verdict verdict) {
  const std::string name(facts.host_text("name"));
  return {Scope::host, name, name, std::move(verdict)};
}

void judge_containers(const Control& control, const HostFacts& facts, const Settings& settings, ControlResult& result) {
  result.resources.reserve(facts.containers().size());
  for (const ContainerFacts& container : facts.containers())
    result.resources.push_back(
        {Scope::container, container.id, container.name, judge_container(control, facts, container, settings)});
}

void judge_images(const Control& control, const HostFacts& facts, const Settings& settings, ControlResult& result) {
  for (const ImageFacts& image : facts.images()) {
    Subject subject{facts, settings, nullptr, &image, nullptr};
    Verdict said = !image.inspect.value ? unread(image.inspect, "GET /images/{id}/json")
                   : (control.check->reads & kReadsHistory) != 0 && !image.history.value
                       ? unread(image.history, "GET /images/{id}/history")
                       : control.check->judge(subject, control.parameters);
    result.resources.push_back({Scope::image, image.id, image.name, std::move(said)});
  }
}

void judge_networks(const Control& control, const HostFacts& facts, const Settings& settings, ControlResult& result) {
  const auto* networks = facts.engine("networks").value->if_array();
  if (!networks) return result.resources.push_back(of_host(facts, verdict(Status::error, "GET /networks: is no list")));
  for (const base::Json& network : *networks) {
    Subject subject{facts, settings, nullptr, nullptr, &network};
    const std::string id(base::get_string(network, "Id"));
    Verdict said = control.check->judge(subject, control.parameters);
    if (said.status == Status::not_applicable) continue;  // of another kind
    result.resources.push_back({Scope::network, id, std::string(base::get_string(network, "Name", id)), std::move(said)});
  }
}

// The list that the resources come from, where they come from one that may be missing.
std::optional<Verdict> missing_list(Scope scope, const HostFacts& facts) {
  if (scope == Scope::container && !(facts.container_list().value && facts.container_list().value->is_array()))
    return unread(facts.container_list(), "GET /containers/json");
  if (scope == Scope::image && !(facts.image_list().value && facts.image_list().value->is_array()))
    return unread(facts.image_list(), "GET /images/json");
  return std::nullopt;
}

bool within(std::string_view id, std::string_view section) {
  return id == section || (id.starts_with(section) && id.size() > section.size() && id[section.size()] == '.');
}

bool within_any(std::string_view id, const std::vector<std::string>& sections) {
  return std::any_of(sections.begin(), sections.end(), [id](const std::string& section) { return within(id, section); });
}

}  // namespace

bool Filter::takes(const Control& control) const {
  if (control.level > level || within_any(control.id, skipped)) return false;
  return (ids.empty() || within_any(control.id, ids)) && (sections.empty() || within_any(control.id, sections));
}

Verdict judge_container(const Control& control, const HostFacts& facts, const ContainerFacts& container,
                        const Settings& settings) {
  if (auto known = settled(*control.check, facts)) return std::move(*known);
  if (!container.inspect.value) return unread(container.inspect, "GET /containers/{id}/json");
  return control.check->judge({facts, settings, &container, nullptr, nullptr}, control.parameters);
}

ControlResult judge(const Control& control, const HostFacts& facts, const Settings& settings) {
  ControlResult result;
  result.control = &control;
  const Check& check = *control.check;
  auto known = settled(check, facts);
  if (!known) known = missing_list(check.scope, facts);
  if (known) {
    result.resources.push_back(of_host(facts, std::move(*known)));
  } else {
    switch (check.scope) {
      case Scope::host:
        result.resources.push_back(of_host(facts, check.judge({facts, settings, nullptr, nullptr, nullptr}, control.parameters)));
        break;
      case Scope::container: judge_containers(control, facts, settings, result); break;
      case Scope::image: judge_images(control, facts, settings, result); break;
      case Scope::network: judge_networks(control, facts, settings, result); break;
    }
  }
  if (result.resources.empty())
    result.resources.push_back(
        of_host(facts, verdict(Status::not_applicable, fmt::format("no {} on this host to judge", scope_name(check.scope)))));
  for (const ResourceVerdict& resource : result.resources) result.status = worst(result.status, resource.verdict.status);
  return result;
}

std::vector<ControlResult> assess(const HostFacts& facts, const Benchmark& benchmark, const Settings& settings,
                                  const Filter& filter) {
  std::vector<ControlResult> results;
  for (const Control& control : benchmark.controls)
    if (filter.takes(control)) results.push_back(judge(control, facts, settings));
  return results;
}

std::vector<const Control*> controls_reading(const Benchmark& benchmark, std::uint32_t reads) {
  std::vector<const Control*> out;
  for (const Control& control : benchmark.controls)
    if ((control.check->reads & reads) != 0) out.push_back(&control);
  return out;
}

std::vector<std::string> paths_read(const Control& control, const HostFacts& facts) {
  const std::string_view place = control.parameters.text("place");
  return place.empty() ? std::vector<std::string>() : place_of(place, facts).paths;
}

}  // namespace benchmark
