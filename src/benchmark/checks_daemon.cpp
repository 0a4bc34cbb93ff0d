// SPDX-License-Identifier: Apache-2.0
// How the daemon is configured (section 2).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "benchmark/check.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

const DaemonOptions& options_of(const Subject& subject) { return subject.host.options(); }

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// What follows "name=seccomp" in an entry of INFO.SecurityOptions; nothing where there is no such entry.
std::optional<std::string_view> security_option(const Subject& subject, std::string_view name) {
  for (const std::string_view option : subject.info("SecurityOptions").texts()) {
    const auto [head, rest] = base::cut(option, ",");
    if (head.starts_with("name=") && head.substr(5) == name) return rest;
  }
  return std::nullopt;
}

Verdict daemon_not_root(const Subject& subject, const Parameters&) {
  if (subject.host.rootless()) return judged(true, subject.info("SecurityOptions").evidence("the daemon runs rootless"));
  Field uid(*subject.host.host("daemon").value, "daemon process", "uid");
  const auto number = uid.number();
  if (uid.faulty() || uid.null()) return uid.fault();
  return judged(number != 0, uid.evidence());
}

// Options that must have one of some values; `unset` says whether leaving them alone is right too.
Verdict option_one_of(const Subject& subject, const Parameters& parameters) {
  const std::string_view option = parameters.text("option");
  const auto value = options_of(subject).value(option);
  const bool right = value ? contains(parameters.texts("values"), *value) : parameters.text("unset") == "right";
  return judged(right, options_of(subject).evidence(option));
}

Verdict option_set(const Subject& subject, const Parameters& parameters) {
  const std::string_view option = parameters.text("option");
  const bool set = !options_of(subject).values(option).empty();
  return verdict(
      set ? Status::pass : Status::manual,
      options_of(subject).evidence(option, set ? std::string() : "not set: whether the defaults fit is for a person to say"));
}

Verdict log_level_info(const Subject& subject, const Parameters&) {
  Field debug = subject.info("Debug");
  const bool is_debug = debug.boolean();
  if (debug.faulty()) return debug.fault();
  if (is_debug) return judged(false, debug.evidence("the daemon runs in debug mode"));
  const std::string level = options_of(subject).value("log-level").value_or("info");
  return judged(level == "info", options_of(subject).evidence("log-level"));
}

bool is_loopback_range(std::string_view range) { return range.starts_with("127.") || range == "::1/128"; }

Verdict no_insecure_registries(const Subject& subject, const Parameters&) {
  Field ranges = subject.info("RegistryConfig.InsecureRegistryCIDRs");
  Field registries = subject.info("RegistryConfig.IndexConfigs");
  Verdict out{Status::pass, {}};
  for (const std::string_view range : ranges.texts())
    if (!is_loopback_range(range)) out.because(ranges.evidence_of("", base::Json(range), "a range without TLS"));
  for (const auto& [name, registry] : registries.object()) {
    const base::Json* secure = base::find(registry, "Secure");
    if (!secure || !secure->is_bool()) return verdict(Status::error, registries.evidence("Secure is missing"));
    if (!secure->get_bool())
      out.because(registries.evidence_of(fmt::format("['{}'].Secure", base::printable(name)), false, "a registry without TLS"));
  }
  if (ranges.faulty()) return ranges.fault();
  if (registries.faulty()) return registries.fault();
  if (out.evidence.empty()) return judged(true, ranges.evidence());
  out.status = Status::fail;
  return out;
}

Verdict info_text_not(const Subject& subject, const Parameters& parameters) {
  Field field = subject.info(parameters.text("path"));
  const std::string_view text = field.text();
  if (field.faulty() || text.empty())
    return field.missing() ? field.fault() : verdict(Status::error, field.evidence("is no text"));
  return judged(!contains(parameters.texts("forbidden"), text), field.evidence());
}

Verdict user_namespaces(const Subject& subject, const Parameters&) {
  Field field = subject.info("SecurityOptions");
  field.texts();
  if (field.faulty()) return field.fault();
  return judged(subject.host.userns_remap() || subject.host.rootless(), field.evidence());
}

Verdict base_device_size(const Subject& subject, const Parameters&) {
  Field driver = subject.info("Driver");
  const std::string_view name = driver.text();
  if (driver.faulty()) return driver.fault();
  if (name != "devicemapper") return verdict(Status::not_applicable, driver.evidence("only devicemapper has a base device"));
  const auto all = options_of(subject).values("storage-opts");
  const bool set =
      std::any_of(all.begin(), all.end(), [](const std::string& option) { return option.starts_with("dm.basesize"); });
  return judged(!set, options_of(subject).evidence("storage-opts"));
}

Verdict authorization_plugin(const Subject& subject, const Parameters&) {
  Field field = subject.info("Plugins.Authorization");
  const bool any = !field.list().empty();
  if (field.faulty()) return field.fault();
  return judged(any, field.evidence());
}

Verdict central_logging(const Subject& subject, const Parameters& parameters) {
  Field field = subject.info("LoggingDriver");
  const std::string_view driver = field.text();
  if (field.faulty()) return field.fault();
  if (driver == "journald")
    return verdict(Status::manual, field.evidence("whether the journal is forwarded is not for Docker to say"));
  return judged(!contains(parameters.texts("local"), driver) && !driver.empty(), field.evidence());
}

bool swarm_is_active(const Subject& subject) {
  const std::string_view state = subject.info("Swarm.LocalNodeState").text();
  return !state.empty() && state != "inactive";
}

Verdict live_restore(const Subject& subject, const Parameters&) {
  if (swarm_is_active(subject))
    return verdict(Status::not_applicable, subject.info("Swarm.LocalNodeState").evidence("Swarm does without live restore"));
  Field field = subject.info("LiveRestoreEnabled");
  const bool on = field.boolean();
  if (field.faulty()) return field.fault();
  return judged(on, field.evidence());
}

Verdict daemon_seccomp(const Subject& subject, const Parameters&) {
  Field field = subject.info("SecurityOptions");
  const auto all = field.texts();
  if (field.faulty()) return field.fault();
  const auto profile = security_option(subject, "seccomp");
  if (!profile) return judged(false, field.evidence("no seccomp"));
  const std::string_view name = base::cut(*profile, "=").second;
  if (name == "unconfined") return judged(false, field.evidence("containers run without a seccomp profile"));
  if (name == "default" || name == "builtin" || name.empty()) return judged(true, field.evidence());
  return verdict(Status::manual, field.evidence(fmt::format("a profile of your own ({}): review it", base::printable(name))));
}

Verdict no_experimental(const Subject& subject, const Parameters&) {
  Field field = subject.info("ExperimentalBuild");
  const bool on = field.boolean();
  if (field.faulty()) return field.fault();
  return judged(!on, field.evidence());
}

bool is_default_bridge(const base::Json& network) {
  const base::Json* options = base::find(network, "Options");
  if (options && base::get_string(*options, "com.docker.network.bridge.default_bridge") == "true") return true;
  return base::get_string(network, "Name") == "bridge" && base::get_string(network, "Driver") == "bridge";
}

Verdict bridge_without_icc(const Subject& subject, const Parameters&) {
  const auto* networks = subject.host.engine("networks").value->if_array();
  if (!networks) return verdict(Status::error, "the list of networks is none");
  const auto bridge = std::find_if(networks->begin(), networks->end(), is_default_bridge);
  if (bridge == networks->end()) return verdict(Status::not_applicable, "no default bridge network");
  Field options(*bridge, "GET /networks/bridge", "Options");
  const auto& map = options.object();
  if (options.faulty()) return options.fault();
  const base::Json* icc = map.if_contains("com.docker.network.bridge.enable_icc");
  return judged(icc && base::as_string(*icc) == "false",
                options.evidence_of("['com.docker.network.bridge.enable_icc']", icc ? *icc : base::Json()));
}

}  // namespace

const std::vector<Check>& daemon_checks() {
  static const std::vector<Check> checks{
      {"daemon_not_root", Scope::host, kReadsDaemon | kReadsInfo, daemon_not_root, {}},
      {"option_one_of", Scope::host, kReadsOptions, option_one_of,
       {{"option", Type::text, true}, {"values", Type::texts, true}, {"unset", Type::text, false}}},
      {"option_set", Scope::host, kReadsOptions, option_set, {{"option", Type::text, true}}},
      {"log_level_info", Scope::host, kReadsOptions | kReadsInfo, log_level_info, {}},
      {"no_insecure_registries", Scope::host, kReadsInfo, no_insecure_registries, {}},
      {"info_text_not", Scope::host, kReadsInfo, info_text_not, {{"path", Type::text, true}, {"forbidden", Type::texts, true}}},
      {"user_namespaces", Scope::host, kReadsInfo, user_namespaces, {}},
      {"base_device_size", Scope::host, kReadsInfo | kReadsOptions, base_device_size, {}},
      {"authorization_plugin", Scope::host, kReadsInfo, authorization_plugin, {}},
      {"central_logging", Scope::host, kReadsInfo, central_logging, {{"local", Type::texts, true}}},
      {"live_restore", Scope::host, kReadsInfo, live_restore, {}},
      {"daemon_seccomp", Scope::host, kReadsInfo, daemon_seccomp, {}},
      {"no_experimental", Scope::host, kReadsInfo, no_experimental, {}},
      {"bridge_without_icc", Scope::host, kReadsNetworks, bridge_without_icc, {}},
  };
  return checks;
}

}  // namespace benchmark
