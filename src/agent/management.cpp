// SPDX-License-Identifier: Apache-2.0
#include "agent/management.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/host_text.hpp"
#include "base/text.hpp"

namespace agent {

namespace {

struct LabelSign {
  std::string_view prefix, by;
};

constexpr LabelSign kLabelSigns[] = {
    {"io.kubernetes.", "kubelet"},          {"io.cri-containerd.", "kubelet"},  {"annotation.io.kubernetes.", "kubelet"},
    {"com.docker.swarm.", "swarm"},         {"com.amazonaws.ecs.", "ecs"},      {"com.hashicorp.nomad.", "nomad"},
    {"io.rancher.", "rancher"},
};

struct FileSign {
  std::string_view path, by;
};

constexpr FileSign kFileSigns[] = {
    {"/etc/kubernetes/azure.json", "aks"},
    {"/databricks/spark", "databricks"},
    {"/etc/databricks", "databricks"},
    {"/var/lib/kubelet/config.yaml", "kubelet"},
    {"/etc/kubernetes/kubelet.conf", "kubelet"},
    {"/etc/kubernetes/admin.conf", "kubelet"},
    {"/etc/kubernetes/manifests", "kubelet"},
};

struct ProcessSign {
  std::string_view name, by;
};

constexpr ProcessSign kProcessSigns[] = {
    {"kubelet", "kubelet"}, {"cri-dockerd", "kubelet"}, {"k3s", "kubelet"}, {"k3s-agent", "kubelet"}, {"k3s-server", "kubelet"},
    {"nomad", "nomad"},
};

}  // namespace

uplink::Management management_of_container(const Labels& labels, std::string_view name) {
  for (const LabelSign& sign : kLabelSigns)
    for (const auto& [key, value] : labels)
      if (key.starts_with(sign.prefix))
        return {true, std::string(sign.by), fmt::format("it has the label {}", base::printable(key))};
  if (name.starts_with("k8s_")) return {true, "kubelet", "its name is one that the kubelet gives"};
  for (const auto& [key, value] : labels)
    if (key.starts_with("com.docker.compose.")) return {false, {}, "Docker Compose started it, which does not watch over it"};
  return {false, {}, "no label of an orchestrator"};
}

uplink::Management management_of_files(benchmark::HostReader& host) {
  for (const FileSign& sign : kFileSigns)
    if (exists_on(host, std::string(sign.path))) return {true, std::string(sign.by), fmt::format("{} exists", sign.path)};
  const auto names = host.list("/proc");
  if (!names) return {};
  for (const std::string& pid : *names) {
    if (!base::is_digits(pid)) continue;
    const auto text = host.read("/proc/" + pid + "/comm", 64);
    const std::string_view name = text ? base::trim(*text) : std::string_view();
    for (const ProcessSign& sign : kProcessSigns)
      if (sign.name == name) return {true, std::string(sign.by), fmt::format("the process {} runs", name)};
  }
  return {};
}

uplink::Management management_of_host(const uplink::Management& files, bool swarm, const std::vector<uplink::Container>& containers) {
  if (files.managed) return files;
  if (swarm) return {true, "swarm", "the engine is part of a swarm"};
  for (const uplink::Container& container : containers)
    if (container.management.managed)
      return {true, container.management.by, fmt::format("container {}: {}", container.name, container.management.reason)};
  return {false, {}, "no kubelet, Swarm, ECS, Nomad or Rancher was found"};
}

}  // namespace agent
