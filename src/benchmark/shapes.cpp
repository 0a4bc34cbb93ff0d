// SPDX-License-Identifier: Apache-2.0
#include "benchmark/shapes.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "benchmark/masking.hpp"
#include "benchmark/verdict.hpp"

namespace benchmark {

const std::string_view kVersionShape = "Version ApiVersion MinAPIVersion Os Arch KernelVersion Components{Name Version}";

const std::string_view kInfoShape =
    "Name Containers ContainersRunning ContainersPaused ContainersStopped Images Driver Plugins{Authorization} Debug "
    "LoggingDriver "
    "CgroupDriver CgroupVersion KernelVersion OperatingSystem OSType Architecture RegistryConfig{InsecureRegistryCIDRs "
    "IndexConfigs{*{Secure}}} DockerRootDir ExperimentalBuild ServerVersion Runtimes{*{path}} DefaultRuntime "
    "Swarm{LocalNodeState ControlAvailable NodeAddr NodeID} LiveRestoreEnabled SecurityOptions Warnings";

const std::string_view kNetworkShape = "Id Name Driver Scope Ingress Options";
const std::string_view kSwarmShape = "UpdatedAt Spec{EncryptionConfig{AutoLockManagers} CAConfig{NodeCertExpiry}}";
const std::string_view kNodeShape = "ID Spec{Role Availability}";
const std::string_view kServiceShape = "ID Spec{Name TaskTemplate{RestartPolicy{Condition MaxAttempts}}}";
const std::string_view kSecretShape = "ID";

const std::string_view kContainerShape =
    "Id Name Created Path Image AppArmorProfile ProcessLabel RestartCount State{Status Running Paused Pid ExitCode StartedAt "
    "FinishedAt Health{Status}} "
    "HostConfig{NetworkMode PortBindings RestartPolicy{Name MaximumRetryCount} CapAdd CapDrop IpcMode PidMode Privileged "
    "ReadonlyRootfs SecurityOpt UTSMode UsernsMode CpuShares NanoCpus CpuQuota Memory CgroupParent "
    "Devices{PathOnHost PathInContainer CgroupPermissions} DeviceCgroupRules DeviceRequests{Driver Count} PidsLimit "
    "Ulimits{Name Hard Soft}} Mounts{Type Source Destination RW Propagation} "
    "Config{User Image Labels Healthcheck{Test} ExposedPorts} NetworkSettings{Ports Networks{*{NetworkID}}}";

const std::string_view kExecShape = "ID Running ProcessConfig{privileged user}";
const std::string_view kImageShape =
    "Id RepoTags RepoDigests Created Os Architecture Variant RootFS{Layers} Config{User Env Healthcheck{Test} ExposedPorts}";
const std::string_view kHistoryShape = "Created CreatedBy";

const std::string_view kDaemonConfigShape =
    "hosts tls tlsverify tlscacert tlscert tlskey icc ip log-level debug iptables insecure-registries default-ulimits "
    "cgroup-parent "
    "storage-opts storage-driver authorization-plugins log-driver no-new-privileges live-restore userland-proxy seccomp-profile "
    "experimental userns-remap data-root containerd group selinux-enabled";

namespace {

constexpr std::size_t kKeptItems = 10'000;
constexpr std::size_t kKeptBytes = 4'096;

struct Shape {
  std::string_view name;
  std::vector<Shape> members;  // none: all below is kept
};

std::vector<Shape> parse_shape(std::string_view& text) {
  std::vector<Shape> shapes;
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
    } else if (text.front() == '}') {
      text.remove_prefix(1);
      return shapes;
    } else if (text.front() == '{') {
      text.remove_prefix(1);
      shapes.back().members = parse_shape(text);
    } else {
      const auto end = std::min(text.find_first_of(" {}"), text.size());
      shapes.push_back({text.substr(0, end), {}});
      text.remove_prefix(end);
    }
  }
  return shapes;
}

base::Json kept_whole(const base::Json& value, int depth) {
  if (const auto* text = value.if_string()) return base::Json(std::string_view(*text).substr(0, kKeptBytes));
  if (const auto* items = value.if_array()) {
    base::JsonArray out;
    for (const base::Json& item : *items)
      if (depth > 0 && out.size() < kKeptItems) out.push_back(kept_whole(item, depth - 1));
    return out;
  }
  if (const auto* members = value.if_object()) {
    base::JsonObject out;
    for (const auto& member : *members)
      if (depth > 0 && out.size() < kKeptItems)
        out.emplace(std::string_view(member.key()).substr(0, kKeptBytes), kept_whole(member.value(), depth - 1));
    return out;
  }
  return value;
}

base::Json kept(const base::Json& value, const std::vector<Shape>& shapes) {
  if (shapes.empty()) return kept_whole(value, 6);
  if (const auto* items = value.if_array()) {
    base::JsonArray out;
    for (const base::Json& item : *items)
      if (out.size() < kKeptItems) out.push_back(kept(item, shapes));
    return out;
  }
  const auto* members = value.if_object();
  if (!members) return shortened(value);
  base::JsonObject out;
  for (const Shape& shape : shapes) {
    if (shape.name == "*") {
      for (const auto& member : *members)
        if (out.size() < kKeptItems) out.emplace(member.key(), kept(member.value(), shape.members));
    } else if (const auto* member = members->if_contains(shape.name)) {
      out.emplace(shape.name, kept(*member, shape.members));
    }
  }
  return out;
}

base::Json* member_in(base::Json* value, std::string_view name) {
  return value && value->is_object() ? value->get_object().if_contains(name) : nullptr;
}

base::Json* configured(base::Json& document, std::string_view name) { return member_in(member_in(&document, "Config"), name); }

// A health check is a command, which may carry a password: its kind is enough.
void cut_health_check(base::Json& document) {
  base::Json* test = member_in(configured(document, "Healthcheck"), "Test");
  if (test && test->is_array() && test->get_array().size() > 1) test->get_array().resize(1);
}

bool is_orchestrators(std::string_view label) {
  constexpr std::string_view prefixes[] = {"com.docker.swarm.", "com.docker.compose.", "io.kubernetes.", "com.amazonaws.ecs.",
                                           "com.hashicorp.nomad.", "io.rancher.", "io.podman."};
  return std::any_of(std::begin(prefixes), std::end(prefixes),
                     [label](std::string_view prefix) { return label.starts_with(prefix); });
}

void drop_labels(base::Json& document) {
  base::Json* labels = configured(document, "Labels");
  if (!labels || !labels->is_object()) return;
  base::JsonObject few;
  for (const auto& label : labels->get_object())
    if (is_orchestrators(label.key())) few.emplace(label.key(), shortened(label.value()));
  *labels = std::move(few);
}

}  // namespace

base::Json keep_only(const base::Json& value, std::string_view shape) { return kept(value, parse_shape(shape)); }

base::Json kept_container(const base::Json& inspect) {
  base::Json document = keep_only(inspect, kContainerShape);
  cut_health_check(document);
  drop_labels(document);
  return document;
}

base::Json kept_image(const base::Json& inspect) {
  base::Json document = keep_only(inspect, kImageShape);
  cut_health_check(document);
  base::Json* env = configured(document, "Env");
  if (env && env->is_array())
    for (base::Json& variable : env->get_array())
      if (variable.is_string()) variable = masked_variable(variable.get_string());
  return document;
}

base::Json kept_history(const base::Json& history) {
  base::Json document = keep_only(history, kHistoryShape);
  if (!document.is_array()) return document;
  for (base::Json& step : document.get_array()) {
    base::Json* line = member_in(&step, "CreatedBy");
    if (line && line->is_string()) *line = masked(std::string_view(line->get_string()).substr(0, kKeptBytes));
  }
  return document;
}

}  // namespace benchmark
