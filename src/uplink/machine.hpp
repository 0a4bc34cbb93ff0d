// SPDX-License-Identifier: Apache-2.0
// The members of a machine and of what is on it.
#pragma once

#include "uplink/form.hpp"
#include "uplink/messages.hpp"

namespace uplink {

inline constexpr std::size_t kMostThings = 50'000;  // containers, images, networks, volumes of a message, each
inline constexpr std::size_t kMostNames = 1'000;    // of one image, ports of one container, addresses of a machine
inline constexpr std::size_t kMostLabels = 64;

inline constexpr std::array<std::string_view, 4> kEngineNames{"none", "docker", "podman", "unreachable"};

template <typename Form, Like<Management> Value>
void describe(Form& form, Value& management) {
  form.flag("managed", management.managed);
  form.text("by", management.by);
  form.text("reason", management.reason);
}

template <typename Form, Like<Machine> Value>
void describe(Form& form, Value& machine) {
  form.required("name", machine.name);
  form.text("machineId", machine.machine_id);
  form.text("os", machine.os);
  form.text("osId", machine.os_id);
  form.text("osVersion", machine.os_version);
  form.text("kernel", machine.kernel);
  form.text("architecture", machine.architecture);
  form.texts("addresses", machine.addresses, kMostNames);
  form.number("cpus", machine.cpus);
  form.number("memoryBytes", machine.memory_bytes);
  form.choice("engine", machine.engine, kEngineNames);
  form.text("engineVersion", machine.engine_version);
  form.text("apiVersion", machine.api_version);
  form.text("storageDriver", machine.storage_driver);
  form.text("engineError", machine.engine_error);
  form.flag("rootless", machine.rootless);
  form.flag("usernsRemap", machine.userns_remap);
  form.flag("swarm", machine.swarm);
  form.flag("containerdAlone", machine.containerd_alone);
  form.member("management", machine.management);
}

template <typename Form, Like<Container> Value>
void describe(Form& form, Value& container) {
  form.required("id", container.id);
  form.text("name", container.name);
  form.text("image", container.image);
  form.text("imageId", container.image_id);
  form.text("state", container.state);
  form.number("createdAt", container.created_at);
  form.number("startedAt", container.started_at);
  form.number("finishedAt", container.finished_at);
  form.optional_number("exitCode", container.exit_code);
  form.number("restarts", container.restarts);
  form.flag("privileged", container.privileged);
  form.text("user", container.user);
  form.text("networkMode", container.network_mode);
  form.text("command", container.command);
  form.texts("ports", container.ports, kMostNames);
  form.pairs("labels", container.labels, kMostLabels);
  form.member("management", container.management);
}

template <typename Form, Like<Image> Value>
void describe(Form& form, Value& image) {
  form.required("id", image.id);
  form.texts("names", image.names, kMostNames);
  form.texts("digests", image.digests, kMostNames);
  form.number("sizeBytes", image.size_bytes);
  form.number("createdAt", image.created_at);
}

template <typename Form, Like<Network> Value>
void describe(Form& form, Value& network) {
  form.required("id", network.id);
  form.text("name", network.name);
  form.text("driver", network.driver);
  form.text("scope", network.scope);
}

template <typename Form, Like<Volume> Value>
void describe(Form& form, Value& volume) {
  form.required("name", volume.name);
  form.text("driver", volume.driver);
  form.text("mountpoint", volume.mountpoint);
}

template <typename Form, Like<Inventory> Value>
void describe(Form& form, Value& inventory) {
  form.flag("whole", inventory.whole);
  form.list("containers", inventory.containers, kMostThings);
  form.list("images", inventory.images, kMostThings);
  form.list("networks", inventory.networks, kMostThings);
  form.list("volumes", inventory.volumes, kMostThings);
  form.texts("goneContainers", inventory.gone_containers, kMostThings);
  form.texts("goneImages", inventory.gone_images, kMostThings);
  form.texts("goneNetworks", inventory.gone_networks, kMostThings);
  form.texts("goneVolumes", inventory.gone_volumes, kMostThings);
  form.texts("keptContainers", inventory.kept_containers, kMostThings);
  form.texts("keptImages", inventory.kept_images, kMostThings);
  form.texts("keptNetworks", inventory.kept_networks, kMostThings);
  form.texts("keptVolumes", inventory.kept_volumes, kMostThings);
}

}  // namespace uplink
