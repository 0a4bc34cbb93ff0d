// SPDX-License-Identifier: Apache-2.0
// Swarm (5.1 and section 7). A node that is in no Swarm has nothing to judge; a worker knows of itself alone.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "benchmark/check.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

// Why there is nothing to judge; nothing where the node is a manager.
std::optional<Verdict> no_manager(const Subject& subject) {
  Field state = subject.info("Swarm.LocalNodeState"), control = subject.info("Swarm.ControlAvailable");
  const std::string_view text = state.text();
  if (state.faulty()) return state.fault();
  if (text.empty() || text == "inactive") return verdict(Status::not_applicable, state.evidence("the host is in no Swarm"));
  const bool manages = control.boolean();
  if (control.faulty()) return control.fault();
  if (!manages) return verdict(Status::not_applicable, control.evidence("the node is a worker: its managers are judged"));
  return std::nullopt;
}

// An answer that managers alone give.
struct ManagerAnswer {
  const base::Json* value = nullptr;
  Verdict otherwise;
};

ManagerAnswer manager_answer(const Subject& subject, std::string_view name) {
  if (auto why = no_manager(subject)) return {nullptr, std::move(*why)};
  const Reading reading = subject.host.engine(name);
  if (reading.value) return {reading.value, {}};
  return {nullptr, verdict(Status::error, fmt::format("GET /{}: {}", name, reading.absent() ? "was not asked" : reading.error))};
}

Verdict swarm_inactive(const Subject& subject, const Parameters&) {
  Field state = subject.info("Swarm.LocalNodeState");
  const std::string_view text = state.text();
  if (state.faulty()) return state.fault();
  return judged(text == "inactive" || text.empty(), state.evidence());
}

Verdict few_managers(const Subject& subject, const Parameters& parameters) {
  const ManagerAnswer nodes = manager_answer(subject, "nodes");
  if (!nodes.value) return nodes.otherwise;
  const auto* list = nodes.value->if_array();
  if (!list || list->empty()) return verdict(Status::error, "GET /nodes: is no list of nodes");
  std::int64_t managers = 0;
  for (const base::Json& node : *list) {
    const base::Json* spec = base::find(node, "Spec");
    if (!spec || base::get_string(*spec, "Role").empty()) return verdict(Status::error, "GET /nodes: a node has no role");
    managers += base::get_string(*spec, "Role") == "manager" ? 1 : 0;
  }
  const bool right = managers % 2 == 1 && managers <= parameters.number("most");
  return judged(
      right,
      {"GET /nodes", "$[*].Spec.Role", managers,
       right ? "managers" : fmt::format("managers: an odd number up to {} is what keeps a majority", parameters.number("most"))});
}

constexpr std::int64_t kSwarmPorts[] = {2377, 7946};

Verdict swarm_on_one_interface(const Subject& subject, const Parameters&) {
  Field state = subject.info("Swarm.LocalNodeState");
  if (const std::string_view text = state.text(); text.empty() || text == "inactive")
    return state.faulty() ? state.fault() : verdict(Status::not_applicable, state.evidence("the host is in no Swarm"));
  const Reading daemon = subject.host.host("daemon");
  const base::Json* listeners = daemon.value ? base::find(*daemon.value, "listeners") : nullptr;
  if (!listeners || !listeners->is_array())
    return verdict(Status::manual,
                   subject.info("Swarm.NodeAddr")
                       .evidence("the daemon's listening sockets are not known; this is the address it tells others"));
  Verdict out{Status::pass, {}};
  for (const base::Json& listener : listeners->get_array()) {
    const auto port = base::get_int(listener, "port");
    if (std::find(std::begin(kSwarmPorts), std::end(kSwarmPorts), port.value_or(0)) == std::end(kSwarmPorts)) continue;
    const std::string_view address = base::get_string(listener, "address");
    if (address == "0.0.0.0" || address == "::")
      out.because({"listening sockets of the daemon", {}, shortened(listener), "Swarm listens on every interface"});
  }
  if (out.evidence.empty()) return judged(true, {"listening sockets of the daemon", {}, shortened(*listeners), ""});
  out.status = Status::fail;
  return out;
}

Verdict overlay_encrypted(const Subject& subject, const Parameters&) {
  Field driver = subject.in_network("Driver"), options = subject.in_network("Options"), ingress = subject.in_network("Ingress");
  const std::string_view name = driver.text();
  if (driver.faulty()) return driver.fault();
  if (name != "overlay") return verdict(Status::not_applicable, driver.evidence("no overlay network"));
  const auto& map = options.object();
  if (options.faulty()) return options.fault();
  const base::Json* encrypted = map.if_contains("encrypted");
  if (!encrypted && !ingress.missing() && ingress.boolean())
    return verdict(Status::not_applicable, ingress.evidence("the ingress network, which Swarm makes itself"));
  return judged(encrypted && base::as_string(*encrypted) != "false", options.evidence());
}

Verdict swarm_secrets(const Subject& subject, const Parameters&) {
  const ManagerAnswer secrets = manager_answer(subject, "secrets");
  if (!secrets.value) return secrets.otherwise;
  const auto* list = secrets.value->if_array();
  if (!list) return verdict(Status::error, "GET /secrets: is no list");
  return verdict(
      list->empty() ? Status::manual : Status::pass,
      {"GET /secrets", {}, list->size(), list->empty() ? "secrets: do services get theirs some other way?" : "secrets"});
}

Verdict autolock(const Subject& subject, const Parameters&) {
  const ManagerAnswer swarm = manager_answer(subject, "swarm");
  if (!swarm.value) return swarm.otherwise;
  Field field(*swarm.value, "GET /swarm", "Spec.EncryptionConfig.AutoLockManagers");
  const bool on = field.boolean();
  if (field.faulty()) return field.fault();
  return judged(on, field.evidence());
}

Verdict node_certificates_short(const Subject& subject, const Parameters& parameters) {
  const ManagerAnswer swarm = manager_answer(subject, "swarm");
  if (!swarm.value) return swarm.otherwise;
  Field field(*swarm.value, "GET /swarm", "Spec.CAConfig.NodeCertExpiry");
  const auto nanoseconds = field.number();
  if (field.faulty() || nanoseconds <= 0) return verdict(Status::error, field.evidence("is no duration"));
  const auto hours = nanoseconds / 3'600'000'000'000;
  return judged(nanoseconds <= parameters.number("hours") * 3'600'000'000'000, field.evidence(fmt::format("{} hours", hours)));
}

Verdict manager_manual(const Subject& subject, const Parameters& parameters) {
  const ManagerAnswer swarm = manager_answer(subject, "swarm");
  if (!swarm.value) return swarm.otherwise;
  Field updated(*swarm.value, "GET /swarm", "UpdatedAt");
  return verdict(Status::manual, updated.evidence(std::string(parameters.text("reason"))));
}

Verdict planes_apart(const Subject& subject, const Parameters&) {
  Field state = subject.info("Swarm.LocalNodeState"), address = subject.info("Swarm.NodeAddr");
  const std::string_view text = state.text();
  if (state.faulty()) return state.fault();
  if (text.empty() || text == "inactive") return verdict(Status::not_applicable, state.evidence("the host is in no Swarm"));
  return verdict(Status::manual, address.evidence("compare it with the data path address given to swarm init or join"));
}

}  // namespace

const std::vector<Check>& swarm_checks() {
  static const std::vector<Check> checks{
      {"swarm_inactive", Scope::host, kReadsInfo, swarm_inactive, {}},
      {"few_managers", Scope::host, kReadsInfo | kReadsNodes, few_managers, {{"most", Type::number, true}}},
      {"swarm_on_one_interface", Scope::host, kReadsInfo | kReadsDaemon, swarm_on_one_interface, {}},
      {"overlay_encrypted", Scope::network, kReadsNetworks, overlay_encrypted, {}},
      {"swarm_secrets", Scope::host, kReadsInfo | kReadsSecrets, swarm_secrets, {}},
      {"autolock", Scope::host, kReadsInfo | kReadsSwarm, autolock, {}},
      {"node_certificates_short",
       Scope::host,
       kReadsInfo | kReadsSwarm,
       node_certificates_short,
       {{"hours", Type::number, true}}},
      {"swarm_manager_manual", Scope::host, kReadsInfo | kReadsSwarm, manager_manual, {{"reason", Type::text, true}}},
      {"planes_apart", Scope::host, kReadsInfo, planes_apart, {}},
  };
  return checks;
}

}  // namespace benchmark
