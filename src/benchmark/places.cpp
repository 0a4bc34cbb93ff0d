// SPDX-License-Identifier: Apache-2.0
#include "benchmark/places.hpp"

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"

namespace benchmark {

namespace {

Place first_of(std::vector<std::string> paths) { return {std::move(paths), false, false}; }

Place program(std::string_view name) {
  Place place;
  for (const std::string_view folder : {"/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/", "/usr/libexec/docker/"})
    place.paths.push_back(std::string(folder).append(name));
  return place;
}

Place unit(std::string_view name) {  // in the order of systemd.unit(5)
  Place place;
  for (const std::string_view folder : {"/etc/systemd/system/", "/run/systemd/system/", "/usr/local/lib/systemd/system/",
                                        "/usr/lib/systemd/system/", "/lib/systemd/system/"})
    place.paths.push_back(std::string(folder).append(name));
  return place;
}

std::string config_path(const HostFacts& facts) {
  const Reading config = facts.host("daemonConfig");
  const std::string_view path = config.value ? base::get_string(*config.value, "path") : std::string_view();
  if (!path.empty()) return std::string(path);
  return facts.options().value("config-file").value_or("/etc/docker/daemon.json");
}

Place dockerd(const HostFacts& facts) {
  const Reading daemon = facts.host("daemon");
  if (daemon.value)
    if (const std::string_view exe = base::get_string(*daemon.value, "exe"); exe.starts_with('/'))
      return first_of({std::string(exe)});
  return program("dockerd");
}

Place data_root(const HostFacts& facts) {
  const Reading info = facts.engine("info");
  const std::string_view root = info.value ? base::get_string(*info.value, "DockerRootDir") : std::string_view();
  if (!root.empty()) return first_of({std::string(root)});
  return first_of({facts.options().value("data-root").value_or("/var/lib/docker")});
}

Place config_folder(const HostFacts& facts) {
  return first_of({facts.rootless() ? std::filesystem::path(config_path(facts)).parent_path().string() : "/etc/docker"});
}

Place certificates(const HostFacts& facts) {
  Place place = config_folder(facts);
  place.paths.front() += "/certs.d";
  place.below = true;
  return place;
}

Place containerd_socket(const HostFacts& facts) {
  if (auto told = facts.options().value("containerd")) return first_of({std::move(*told)});
  const Reading containerd = facts.host("containerd");
  const std::string_view address = containerd.value ? base::get_string(*containerd.value, "address") : std::string_view();
  return first_of({address.empty() ? "/run/containerd/containerd.sock" : std::string(address)});
}

Place runc(const HostFacts& facts) {
  const Reading info = facts.engine("info");
  if (info.value) {
    const base::Json* runtimes = base::find(*info.value, "Runtimes");
    const base::Json* runtime = runtimes ? base::find(*runtimes, base::get_string(*info.value, "DefaultRuntime")) : nullptr;
    const std::string_view path = runtime ? base::get_string(*runtime, "path") : std::string_view();
    if (path.starts_with('/')) return first_of({std::string(path)});
  }
  return program("runc");
}

Place docker_sockets(const HostFacts& facts) {
  Place place;
  place.each = true;
  for (const std::string& host : facts.options().values("hosts"))
    if (host.starts_with("unix://")) place.paths.push_back(host.substr(7));
  if (place.paths.empty() && !facts.rootless()) place.paths.emplace_back("/var/run/docker.sock");
  if (place.paths.empty()) {
    const base::Json* engine = base::find(facts.document(), "engine");
    if (engine) place.paths.emplace_back(base::get_string(*engine, "socket"));
  }
  return place;
}

// Docker looks for what is not named in the folder of its user, which says nothing where TLS is off.
Place tls_file(const HostFacts& facts, std::string_view option) {
  auto path = facts.options().value(option);
  return path && !path->empty() ? first_of({std::move(*path)}) : Place();
}

struct NamedPlace {
  std::string_view name;
  Place (*find)(const HostFacts&);
};

constexpr NamedPlace kPlaces[] = {
    {"dockerd", dockerd},
    {"data_root", data_root},
    {"config_folder", config_folder},
    {"certificates", certificates},
    {"docker_service", [](const HostFacts&) { return unit("docker.service"); }},
    {"docker_socket_unit", [](const HostFacts&) { return unit("docker.socket"); }},
    {"docker_sockets", docker_sockets},
    {"daemon_json", [](const HostFacts& facts) { return first_of({config_path(facts)}); }},
    {"default_docker", [](const HostFacts&) { return first_of({"/etc/default/docker"}); }},
    {"sysconfig_docker", [](const HostFacts&) { return first_of({"/etc/sysconfig/docker"}); }},
    {"containerd_folder", [](const HostFacts&) { return first_of({"/run/containerd"}); }},
    {"containerd_socket", containerd_socket},
    {"containerd_config", [](const HostFacts&) { return first_of({"/etc/containerd/config.toml"}); }},
    {"containerd", [](const HostFacts&) { return program("containerd"); }},
    {"containerd_shim", [](const HostFacts&) { return program("containerd-shim"); }},
    {"containerd_shim_runc_v1", [](const HostFacts&) { return program("containerd-shim-runc-v1"); }},
    {"containerd_shim_runc_v2", [](const HostFacts&) { return program("containerd-shim-runc-v2"); }},
    {"runc", runc},
    {"tls_ca", [](const HostFacts& facts) { return tls_file(facts, "tlscacert"); }},
    {"tls_certificate", [](const HostFacts& facts) { return tls_file(facts, "tlscert"); }},
    {"tls_key", [](const HostFacts& facts) { return tls_file(facts, "tlskey"); }},
};

}  // namespace

Place place_of(std::string_view name, const HostFacts& facts) {
  const auto at =
      std::find_if(std::begin(kPlaces), std::end(kPlaces), [name](const NamedPlace& place) { return place.name == name; });
  return at == std::end(kPlaces) ? Place() : at->find(facts);
}

const std::vector<std::string_view>& place_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (const NamedPlace& place : kPlaces) out.push_back(place.name);
    return out;
  }();
  return names;
}

}  // namespace benchmark
