// SPDX-License-Identifier: Apache-2.0
// Ports that containers publish on the host, and the default bridge (section 5).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "benchmark/check.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

struct Binding {
  std::string container_port;  // "8443/tcp"
  std::size_t index;           // among the bindings of that port
  std::string host_ip;         // as given
  int host_port = 0;           // the first of a range; 0: the engine picks one above the privileged
};

struct Bindings {
  Field field;
  std::vector<Binding> all;
  bool faulty = false;

  Evidence evidence(const Binding& binding, std::string_view member, std::string message) const {
    return field.evidence_of(fmt::format("['{}'][{}].{}", base::printable(binding.container_port), binding.index, member),
                             member == "HostIp" ? base::Json(binding.host_ip) : base::Json(std::to_string(binding.host_port)),
                             std::move(message));
  }
  Verdict fault() const {
    return field.faulty() ? field.fault() : verdict(Status::error, field.evidence("a binding lacks HostIp or HostPort"));
  }
};

// Of a running container what the engine opened, IPv6 addresses too; of any other what it will open.
Bindings bindings_of(const Subject& subject) {
  Bindings out{subject.in_container(subject.container->running ? "NetworkSettings.Ports" : "HostConfig.PortBindings"), {}, false};
  for (const auto& [port, list] : out.field.object()) {
    const auto* bindings = list.if_array();
    out.faulty = out.faulty || (!bindings && !list.is_null());
    if (!bindings) continue;
    for (std::size_t index = 0; index < bindings->size(); ++index) {
      const base::Json& entry = (*bindings)[index];
      const base::Json* ip = base::find(entry, "HostIp");
      const base::Json* host_port = base::find(entry, "HostPort");
      Binding binding{std::string(port), index, std::string(ip ? base::as_string(*ip) : std::string_view()), 0};
      const std::string_view text = host_port ? base::as_string(*host_port) : std::string_view();
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), binding.host_port);
      out.faulty = out.faulty || !ip || !ip->is_string() || !host_port || !host_port->is_string() ||
                   (!text.empty() && error != std::errc());
      out.all.push_back(std::move(binding));
    }
  }
  out.faulty = out.faulty || out.field.faulty();
  return out;
}

Verdict no_privileged_ports(const Subject& subject, const Parameters& parameters) {
  const Bindings bindings = bindings_of(subject);
  if (bindings.faulty) return bindings.fault();
  Verdict out{Status::pass, {}};
  for (const Binding& binding : bindings.all)
    if (binding.host_port > 0 && binding.host_port < parameters.number("first_free"))
      out.because(bindings.evidence(binding, "HostPort", "a privileged port of the host"));
  if (out.evidence.empty()) return judged(true, bindings.field.evidence());
  out.status = Status::fail;
  return out;
}

bool is_any_address(const Subject& subject, std::string_view ip) {
  const std::string otherwise = subject.host.options().value("ip").value_or("0.0.0.0");
  if (ip.empty()) ip = otherwise;
  return ip == "0.0.0.0" || ip == "::" || ip == "[::]";
}

Verdict ports_on_one_interface(const Subject& subject, const Parameters&) {
  const Bindings bindings = bindings_of(subject);
  if (bindings.faulty) return bindings.fault();
  Verdict out{Status::pass, {}};
  for (const Binding& binding : bindings.all)
    if (is_any_address(subject, binding.host_ip)) out.because(bindings.evidence(binding, "HostIp", "listens on every interface"));
  if (out.evidence.empty()) return judged(true, bindings.field.evidence());
  out.status = Status::fail;
  return out;
}

const ImageFacts* image_of(const Subject& subject) {
  const std::string_view id = subject.in_container("Image").text();
  const auto& images = subject.host.images();
  const auto at = std::find_if(images.begin(), images.end(), [id](const ImageFacts& image) { return image.id == id; });
  return at == images.end() ? nullptr : &*at;
}

// A container's own configuration mixes the image's EXPOSE with what was published by hand: the image tells them apart.
Verdict ports_expected(const Subject& subject, const Parameters&) {
  const Bindings bindings = bindings_of(subject);
  if (bindings.faulty) return bindings.fault();
  if (bindings.all.empty()) return judged(true, bindings.field.evidence("publishes no port"));
  const ImageFacts* image = image_of(subject);
  const base::Json* config = image && image->inspect.value ? base::find(*image->inspect.value, "Config") : nullptr;
  Verdict out{Status::pass, {}};
  for (const Binding& binding : bindings.all) {
    const bool exposed = config && base::get_object(*config, "ExposedPorts").contains(binding.container_port);
    if (!exposed) out.because(bindings.evidence(binding, "HostPort", "the image does not expose it: is it needed?"));
  }
  if (out.evidence.empty()) return judged(true, bindings.field.evidence("the image exposes every one"));
  out.status = Status::manual;
  return out;
}

Verdict not_on_default_bridge(const Subject& subject, const Parameters&) {
  if (subject.host.engine_kind() == EngineKind::podman)
    return verdict(Status::not_applicable, "podman's bridge keeps no containers of others");
  Field mode = subject.in_container("HostConfig.NetworkMode"), networks = subject.in_container("NetworkSettings.Networks");
  const std::string_view text = mode.text();
  const bool joined = networks.object().contains("bridge");
  if (mode.faulty()) return mode.fault();
  if (networks.faulty()) return networks.fault();
  const bool by_mode = text.empty() || text == "default" || text == "bridge";
  return judged(!by_mode && !joined,
                joined ? networks.evidence_of("", base::JsonArray{"bridge"}, "on the default bridge") : mode.evidence());
}

}  // namespace

const std::vector<Check>& port_checks() {
  static const std::vector<Check> checks{
      {"no_privileged_ports", Scope::container, kReadsContainer, no_privileged_ports, {{"first_free", Type::number, true}}},
      {"ports_on_one_interface", Scope::container, kReadsContainer, ports_on_one_interface, {}},
      {"ports_expected", Scope::container, kReadsContainer, ports_expected, {}},
      {"not_on_default_bridge", Scope::container, kReadsContainer, not_on_default_bridge, {}},
  };
  return checks;
}

}  // namespace benchmark
