// SPDX-License-Identifier: Apache-2.0
// What of the host a container can reach through mounts and devices (section 5).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text.hpp"
#include "benchmark/check.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

bool at_or_below(std::string_view path, std::string_view folder) {
  if (folder == "/") return path == "/";
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string clean(std::string_view path) {
  std::string out = std::filesystem::path(path).lexically_normal().string();
  while (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

// "/run" is where "/var/run" leads on every system of today, whatever the facts say of links.
std::string resolved(const HostFacts& host, std::string_view path) {
  const std::string cleaned = clean(path);
  const std::string out = host.canonical(cleaned);
  return out.starts_with("/var/run/") || out == "/var/run" ? out.substr(4) : out;
}

struct Mount {
  std::string source;  // clean
  bool writable = true;
};

struct Mounts {
  Field field;
  std::vector<std::pair<std::size_t, Mount>> binds;
  bool faulty = false;
};

Mounts binds_of(const Subject& subject) {
  Mounts mounts{subject.in_container("Mounts"), {}, false};
  std::size_t index = 0;
  for (const base::Json& entry : mounts.field.list()) {
    const std::size_t at = index++;
    if (base::get_string(entry, "Type") != "bind") {
      mounts.faulty = mounts.faulty || base::get_string(entry, "Type").empty();
      continue;
    }
    const base::Json* writable = base::find(entry, "RW");
    const std::string_view source = base::get_string(entry, "Source");
    if (source.empty() || !writable || !writable->is_bool()) mounts.faulty = true;
    mounts.binds.push_back({at, {clean(source), !writable || !writable->is_bool() || writable->get_bool()}});
  }
  mounts.faulty = mounts.faulty || mounts.field.faulty();
  return mounts;
}

Verdict faulty_mounts(const Mounts& mounts) {
  return mounts.field.faulty() ? mounts.field.fault()
                               : verdict(Status::error, mounts.field.evidence("a mount lacks Type, Source or RW"));
}

Evidence of_mount(const Mounts& mounts, std::size_t index, const Mount& mount, std::string message) {
  return mounts.field.evidence_of(fmt::format("[{}].Source", index), base::Json(mount.source), std::move(message));
}

Verdict no_sensitive_mounts(const Subject& subject, const Parameters& parameters) {
  const Mounts mounts = binds_of(subject);
  if (mounts.faulty) return faulty_mounts(mounts);
  Verdict out{Status::pass, {}};
  std::vector<Evidence> read_only;
  for (const auto& [index, mount] : mounts.binds) {
    const std::string real = resolved(subject.host, mount.source);
    for (const std::string& folder : parameters.texts("folders")) {
      if (!at_or_below(mount.source, folder) && !at_or_below(real, folder)) continue;
      if (mount.writable) out.because(of_mount(mounts, index, mount, fmt::format("writable, in {}", folder)));
      else read_only.push_back(of_mount(mounts, index, mount, fmt::format("read-only, in {}", folder)));
      break;
    }
  }
  if (!out.evidence.empty()) out.status = Status::fail;
  else if (!read_only.empty()) out.evidence = std::move(read_only);
  else out.because(mounts.field.evidence());
  return out;
}

constexpr std::array<std::string_view, 6> kEngineSockets{
    "/run/docker.sock",    "/run/containerd/containerd.sock",        "/run/podman/podman.sock",
    "/run/crio/crio.sock", "/run/docker/containerd/containerd.sock", "/run/k3s/containerd/containerd.sock"};

std::vector<std::string> engine_sockets(const Subject& subject) {
  std::vector<std::string> sockets(kEngineSockets.begin(), kEngineSockets.end());
  for (const std::string& host : subject.host.options().values("hosts"))
    if (host.starts_with("unix://")) sockets.push_back(resolved(subject.host, std::string_view(host).substr(7)));
  const base::Json* engine = base::find(subject.host.document(), "engine");
  if (engine)
    if (const std::string_view socket = base::get_string(*engine, "socket"); !socket.empty())
      sockets.push_back(resolved(subject.host, socket));
  return sockets;
}

bool reaches_socket(std::string_view source, const std::vector<std::string>& sockets) {
  const std::string_view name = base::basename(source);
  for (const std::string_view known : {"docker.sock", "containerd.sock", "podman.sock", "crio.sock"})
    if (name == known) return true;
  return source == "/" ||
         std::any_of(sockets.begin(), sockets.end(), [source](const std::string& socket) { return at_or_below(socket, source); });
}

Verdict no_engine_socket(const Subject& subject, const Parameters&) {
  const Mounts mounts = binds_of(subject);
  if (mounts.faulty) return faulty_mounts(mounts);
  const auto sockets = engine_sockets(subject);
  Verdict out{Status::pass, {}};
  for (const auto& [index, mount] : mounts.binds)
    if (reaches_socket(resolved(subject.host, mount.source), sockets))
      out.because(of_mount(mounts, index, mount, "gives the container the engine's socket"));
  if (out.evidence.empty()) return judged(true, mounts.field.evidence());
  out.status = Status::fail;
  return out;
}

Verdict no_shared_propagation(const Subject& subject, const Parameters&) {
  Field mounts = subject.in_container("Mounts");
  std::size_t index = 0;
  for (const base::Json& entry : mounts.list()) {
    const std::string_view propagation = base::get_string(entry, "Propagation");
    if (propagation == "shared" || propagation == "rshared")
      return judged(false, mounts.evidence_of(fmt::format("[{}].Propagation", index), base::Json(propagation),
                                              "mounts made inside show up on the host"));
    if (!entry.is_object()) return verdict(Status::error, mounts.evidence("a mount is no object"));
    ++index;
  }
  if (mounts.faulty()) return mounts.fault();
  return judged(true, mounts.evidence());
}

Verdict no_devices(const Subject& subject, const Parameters& parameters) {
  for (const std::string& path : parameters.texts("paths")) {
    Field field = subject.in_container(path);
    const bool any = !field.list().empty();
    if (field.faulty() && !field.missing()) return field.fault();
    if (field.missing() && path == parameters.texts("paths").front()) return field.fault();
    if (any) return verdict(Status::manual, field.evidence("whether the container needs the device is for a person to say"));
  }
  return judged(true, subject.in_container(parameters.texts("paths").front()).evidence());
}

}  // namespace

const std::vector<Check>& mount_checks() {
  static const std::vector<Check> checks{
      {"no_sensitive_mounts", Scope::container, kReadsContainer, no_sensitive_mounts, {{"folders", Type::texts, true}}},
      {"no_engine_socket", Scope::container, kReadsContainer, no_engine_socket, {}},
      {"no_shared_propagation", Scope::container, kReadsContainer, no_shared_propagation, {}},
      {"no_devices", Scope::container, kReadsContainer, no_devices, {{"paths", Type::texts, true}}},
  };
  return checks;
}

}  // namespace benchmark
