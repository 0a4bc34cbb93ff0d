// SPDX-License-Identifier: Apache-2.0
// Who manages a container host, if anybody: what is looked for is a host that nobody watches over. Docker Compose starts
// containers and manages nothing: its labels say unmanaged.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "benchmark/host_reader.hpp"
#include "uplink/messages.hpp"

namespace agent {

using Labels = std::vector<std::pair<std::string, std::string>>;

// By the container's labels and its name (the kubelet names its own "k8s_…").
uplink::Management management_of_container(const Labels& labels, std::string_view name);

// Signs on the host itself: a running kubelet or cri-dockerd, files of Kubernetes, AKS and Databricks.
uplink::Management management_of_files(benchmark::HostReader& host);

// Of all signs the first that says managed: the host's own, Swarm, then containers.
uplink::Management management_of_host(const uplink::Management& files, bool swarm, const std::vector<uplink::Container>& containers);

}  // namespace agent
